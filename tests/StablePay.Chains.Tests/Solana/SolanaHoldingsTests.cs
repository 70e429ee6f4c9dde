using System.Buffers.Binary;
using System.Text.Json.Nodes;
using StablePay.Chains;
using StablePay.Chains.Solana;
using StablePay.Core.Networks;
using StablePay.Testing.Nodes;

namespace StablePay.Chains.Tests.Solana;

/// <summary>Balances of a finalized slot: the bytes of token accounts.</summary>
public sealed class SolanaHoldingsTests : IAsyncDisposable
{
    private readonly SolanaStub _stub = new();
    private JsonNode? _account = AccountOf(25_990_000);
    private const long Slot = 400;

    public SolanaHoldingsTests() => _stub.Node1.Instead = Answer;

    private static TokenAt Us => new(SolanaStub.Usdt, SolanaStub.Us);

    private static SolanaAddress Owner => SolanaAddress.Parse(SolanaStub.Us);

    public ValueTask DisposeAsync() => _stub.DisposeAsync();

    [Fact]
    public async Task Balance_is_of_the_slot_that_the_node_tells()
    {
        var told = await ReadAsync(390);
        (told.From, told.To).ShouldBe((400, 400));
        told.Held[Us].ShouldBe(new Holding(25_990_000, false));
    }

    [Fact]
    public async Task Stub_of_a_node_holds_in_its_finalized_slot_what_came_until_then()
    {
        var node = _stub.Node1;
        node.Instead = null;
        node.Chain.Mine(SolanaStub.Pay(100, "finalized"));
        node.Chain.Mine();
        var newest = node.Chain.Mine(SolanaStub.Pay(7, "not finalized"));
        var told = await ReadAsync(0);
        (told.From, told.To).ShouldBe((node.SlotOf(newest.Height - 2), node.SlotOf(newest.Height - 2)));
        told.Held[Us].ShouldBe(new Holding(100, false));
        (await FaultAsync(node.SlotOf(newest.Height))).ShouldBe(NodeFault.Lagging);
        node.SaysFrozen = true;
        (await ReadAsync(0)).Held[Us].ShouldBe(new Holding(100, true));
    }

    [Fact]
    public async Task TOK_13_frozen_account_is_told()
    {
        _account = AccountOf(25_990_000, state: 2);
        (await ReadAsync(390)).Held[Us].ShouldBe(new Holding(25_990_000, true));
    }

    [Fact]
    public async Task Account_that_is_not_there_or_has_no_tokens_or_another_owner_holds_nothing()
    {
        _account = null;
        (await ReadAsync(390)).Held[Us].ShouldBe(default);
        _account = AccountOf(25_990_000, program: SolanaPrograms.System);
        (await ReadAsync(390)).Held[Us].ShouldBe(default);
        _account = AccountOf(25_990_000, owner: SolanaAddress.Parse(SolanaStub.Payer));
        (await ReadAsync(390)).Held[Us].ShouldBe(default);
    }

    [Fact]
    public async Task TOK_13_node_that_has_not_come_so_far_says_nothing_of_balances()
    {
        (await FaultAsync(401)).ShouldBe(NodeFault.Lagging);
        _stub.Refuse("getMultipleAccounts", -32016, "Minimum context slot has not been reached");
        (await FaultAsync(390)).ShouldBe(NodeFault.Lagging);
    }

    [Fact]
    public async Task EVM_14_account_that_is_none_or_of_another_mint_is_a_fault()
    {
        _account = AccountOf(1, state: 0);
        (await FaultAsync(390)).ShouldBe(NodeFault.Malformed);
        _account = AccountOf(1, mint: SolanaAddress.Parse(Networks.Solana.Tokens[1].Contract));
        (await FaultAsync(390)).ShouldBe(NodeFault.Malformed);
        _account = AccountOf(1);
        _account["data"]![0] = Convert.ToBase64String(new byte[82]);
        (await FaultAsync(390)).ShouldBe(NodeFault.Malformed);
        _account = new JsonArray();
        (await FaultAsync(390)).ShouldBe(NodeFault.Malformed);
    }

    private Task<Holdings> ReadAsync(long final) =>
        ((IBalances)_stub.Chain).HoldingsAsync([Us], new BlockRef(final, ""), default);

    private async Task<NodeFault> FaultAsync(long final) =>
        (await Should.ThrowAsync<NodeException>(() => ReadAsync(final))).Fault;

    private StubAnswer? Answer(StubCall call)
    {
        if (call.Method != "getMultipleAccounts")
            return null;
        call.Parameters[1]!["commitment"]!.GetValue<string>().ShouldBe("finalized");
        var value = new JsonArray(_account?.DeepClone());
        return StubAnswer.Result(
            call,
            new JsonObject
            {
                ["context"] = new JsonObject { ["slot"] = Slot },
                ["value"] = value,
            }
        );
    }

    private static JsonObject AccountOf(
        ulong atoms,
        byte state = 1,
        SolanaAddress? owner = null,
        SolanaAddress? mint = null,
        SolanaAddress? program = null
    )
    {
        var bytes = new byte[165];
        (mint ?? SolanaAddress.Parse(SolanaStub.Usdt.Contract)).ToArray().CopyTo(bytes, 0);
        (owner ?? Owner).ToArray().CopyTo(bytes, 32);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(64), atoms);
        bytes[108] = state;
        return new JsonObject
        {
            ["data"] = new JsonArray(Convert.ToBase64String(bytes), "base64"),
            ["owner"] = (program ?? SolanaPrograms.Token).ToString(),
            ["lamports"] = 2_039_280,
        };
    }
}
