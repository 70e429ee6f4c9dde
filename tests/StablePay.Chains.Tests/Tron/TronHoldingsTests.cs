using System.Text.Json.Nodes;
using StablePay.Chains;
using StablePay.Chains.Evm;
using StablePay.Core.Networks;
using StablePay.Testing.Nodes;

namespace StablePay.Chains.Tests.Tron;

/// <summary>Balances of a solidified block that the node does not name.</summary>
public sealed class TronHoldingsTests : IAsyncDisposable
{
    private const string Calls = "/walletsolidity/triggerconstantcontract";

    private readonly TronStub _stub = new();
    private readonly Dictionary<string, JsonObject> _answers = [];
    private Action? _meanwhile;

    public TronHoldingsTests()
    {
        for (var i = 0; i < 5; i++)
            _stub.Node1.Chain.Mine();
        _stub.Node1.Instead = Answer;
        _answers["balanceOf(address)"] = Word(25_990_000);
    }

    private static TokenAt Us => new(TronStub.Usdt, TronStub.Us);

    public ValueTask DisposeAsync() => _stub.DisposeAsync();

    [Fact]
    public async Task Answer_may_be_of_any_block_that_became_solid_meanwhile()
    {
        _meanwhile = () => _stub.Node1.Chain.Mine();
        var told = await ReadAsync(3);
        // One block for each of the four questions: the balance, and three for a function that this contract does not have.
        (told.From, told.To).ShouldBe((3, 7));
        told.Held[Us].ShouldBe(new Holding(25_990_000, false));
    }

    [Fact]
    public async Task Stub_of_a_node_holds_in_its_solidified_block_what_came_until_then()
    {
        var node = _stub.Node1;
        node.Instead = null;
        node.Chain.Mine(StubTransaction.Of("solid", TronStub.Pay(100)));
        node.Chain.Mine();
        node.Chain.Mine(StubTransaction.Of("not solid", TronStub.Pay(7)));
        (await ReadAsync(3)).Held[Us].ShouldBe(new Holding(100, false));
        node.Chain.Mine();
        node.Chain.Mine();
        (await ReadAsync(3)).Held[Us].ShouldBe(new Holding(107, false));
        node.SaysFrozen = true;
        (await ReadAsync(3)).Held[Us].ShouldBe(new Holding(107, true));
    }

    [Fact]
    public async Task TOK_13_frozen_address_is_told()
    {
        _answers["isBlackListed(address)"] = Word(1);
        (await ReadAsync(3)).Held[Us].ShouldBe(new Holding(25_990_000, true));
        _answers.Remove("isBlackListed(address)");
        _answers["getBlackListStatus(address)"] = Word(1);
        (await ReadAsync(3)).Held[Us].IsFrozen.ShouldBeTrue();
    }

    [Fact]
    public async Task TOK_13_node_whose_solidified_block_is_older_says_nothing_of_balances()
    {
        (await FaultAsync(4)).ShouldBe(NodeFault.Lagging);
        _stub.Node1.Asked.ShouldNotContain(Calls);
    }

    [Theory]
    [InlineData("""{"result":{"result":true},"constant_result":[""],"transaction":{"ret":[{}]}}""")]
    [InlineData("""{"result":{"result":true},"constant_result":["00"],"transaction":{"ret":[{}]}}""")]
    [InlineData("""{"result":{"code":"CONTRACT_VALIDATE_ERROR"}}""")]
    public async Task Failed_call_is_no_balance_of_zero(string told)
    {
        _answers["balanceOf(address)"] = JsonNode.Parse(told)!.AsObject();
        (await FaultAsync(3)).ShouldBe(NodeFault.Malformed);
    }

    [Fact]
    public async Task Call_that_reverted_is_no_answer_whatever_it_left()
    {
        var left = Word(0);
        left["transaction"] = new JsonObject { ["ret"] = new JsonArray(new JsonObject { ["ret"] = "FAILED" }) };
        _answers["balanceOf(address)"] = left;
        (await FaultAsync(3)).ShouldBe(NodeFault.Malformed);
    }

    private Task<Holdings> ReadAsync(long final) =>
        ((IBalances)_stub.Chain).HoldingsAsync([Us], new BlockRef(final, ""), default);

    private async Task<NodeFault> FaultAsync(long final) =>
        (await Should.ThrowAsync<NodeException>(() => ReadAsync(final))).Fault;

    private StubAnswer? Answer(string path, JsonNode question, Func<JsonNode> truth)
    {
        if (path != Calls)
            return null;
        _meanwhile?.Invoke();
        var function = question["function_selector"]!.GetValue<string>();
        question["parameter"]!.GetValue<string>().ShouldBe(StubLog.TopicOf(TronStubNode.Evm(TronStub.Us))[2..]);
        return new StubAnswer(
            _answers.GetValueOrDefault(function)?.ToJsonString()
                ?? """
                {"result":{"result":true,"message":"524556455254"},"constant_result":[""],"transaction":{"ret":[{"ret":"FAILED"}]}}
                """
        );
    }

    private static JsonObject Word(ulong value)
    {
        var word = new byte[32];
        new UInt256(0, value).WriteBigEndian(word);
        return new JsonObject
        {
            ["result"] = new JsonObject { ["result"] = true },
            ["energy_used"] = 561,
            ["constant_result"] = new JsonArray(Hex.ToHex(word)),
            ["transaction"] = new JsonObject { ["ret"] = new JsonArray(new JsonObject()) },
        };
    }
}
