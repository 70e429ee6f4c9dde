using System.Globalization;
using System.Text.Json.Nodes;
using StablePay.Chains;
using StablePay.Chains.Evm;
using StablePay.Core.Money;
using StablePay.Core.Networks;
using StablePay.Testing.Nodes;

namespace StablePay.Chains.Tests.Evm;

/// <summary>Balances of exactly one block, many in a request, from nodes that do it otherwise.</summary>
public sealed class EvmHoldingsTests : IAsyncDisposable
{
    private readonly EvmStub _stub = new();

    /// <summary>What the node's contracts answer, by their selector and the last two digits of the address.</summary>
    private readonly Dictionary<string, string?> _answers = [];

    public EvmHoldingsTests()
    {
        _stub.Blocks.Mine();
        _stub.Node1.Instead = Answer;
        Say("balanceOf(address)", EvmStub.Us, 25_990_000);
        Say("balanceOf(address)", EvmStub.AlsoUs, 0);
    }

    private BlockRef Tip => new(_stub.Blocks.Tip.Height, _stub.Blocks.Tip.Hash);

    private IReadOnlyList<TokenAt> Accounts => [new(_stub.Usdt, EvmStub.Us), new(_stub.Usdt, EvmStub.AlsoUs)];

    public ValueTask DisposeAsync() => _stub.DisposeAsync();

    [Fact]
    public async Task Balances_come_in_one_request_and_are_of_the_block_that_was_asked_for()
    {
        var asked = new List<JsonNode>();
        _stub.Node1.Together = (calls, answers) =>
        {
            asked.AddRange(calls.Select(c => c.Parameters[1]!.DeepClone()));
            // In whatever order.
            return new StubAnswer($"[{string.Join(',', answers.Reverse().Select(a => a.Body))}]");
        };
        var told = await ReadAsync();
        (told.From, told.To).ShouldBe((Tip.Height, Tip.Height));
        told.Held[Accounts[0]].ShouldBe(new Holding(25_990_000, false));
        told.Held[Accounts[1]].ShouldBe(new Holding(0, false));
        asked.ShouldAllBe(block =>
            block["blockHash"]!.GetValue<string>() == Tip.Hash && block["requireCanonical"]!.GetValue<bool>()
        );
    }

    [Fact]
    public async Task Stub_of_a_node_holds_in_a_block_what_came_until_then_less_what_went()
    {
        _stub.Node1.Instead = null;
        var came = _stub.Blocks.Mine(StubTransaction.Of("came", _stub.Pay(EvmStub.Us, 100), _stub.Pay(EvmStub.Us, 7)));
        var went = _stub.Blocks.Mine(
            StubTransaction.Of("went", StubLog.Transfer(_stub.Usdt.Contract, EvmStub.Us, EvmStub.AlsoUs, 30)),
            StubTransaction.Of("failed", _stub.Pay(EvmStub.Us, 1_000)) with
            {
                Succeeded = false,
            }
        );
        (await HeldAsync(came)).ShouldBe([107, 0]);
        (await HeldAsync(went)).ShouldBe([77, 30]);
        _stub.Blocks.Cut(1);
        var other = _stub.Blocks.Mine();
        (await HeldAsync(other)).ShouldBe([107, 0]);
        await Should.ThrowAsync<NodeException>(() => HeldAsync(went));
    }

    [Theory]
    [InlineData("isBlackListed(address)")]
    [InlineData("isBlacklisted(address)")]
    [InlineData("getBlackListStatus(address)")]
    public async Task TOK_13_frozen_address_is_told_by_the_function_that_the_contract_has(string function)
    {
        Say("balanceOf(address)", EvmStub.AlsoUs, 7);
        Say(function, EvmStub.Us, 1);
        Say(function, EvmStub.AlsoUs, 0);
        var told = await ReadAsync();
        told.Held[Accounts[0]].ShouldBe(new Holding(25_990_000, true));
        told.Held[Accounts[1]].ShouldBe(new Holding(7, false));
    }

    [Fact]
    public async Task Node_that_takes_no_requests_of_several_questions_is_asked_one_by_one()
    {
        // The id of an answer to a request that was not understood is null.
        _stub.Node1.Together = (_, _) =>
            new StubAnswer(
                """{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"batch requests are not supported"}}"""
            );
        (await ReadAsync()).Held[Accounts[0]].Atoms.ShouldBe((UInt128)25_990_000);
        _stub.Node1.Together = (_, _) => new StubAnswer("", 413);
        (await ReadAsync()).Held[Accounts[0]].Atoms.ShouldBe((UInt128)25_990_000);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("[A]")]
    [InlineData("[A,A]")]
    [InlineData("[A,B,B]")]
    [InlineData("[A,B]{}")]
    [InlineData("[A,B")]
    [InlineData("[A,null]")]
    [InlineData("A")]
    public async Task EVM_14_answers_that_are_not_one_for_each_question_are_a_fault(string body)
    {
        _stub.Node1.Together = (_, answers) =>
            new StubAnswer(
                body.Replace("A", answers[0].Body, StringComparison.Ordinal)
                    .Replace("B", answers[1].Body, StringComparison.Ordinal)
            );
        (await FaultAsync()).ShouldBe(NodeFault.Malformed);
    }

    [Fact]
    public async Task TOK_13_node_that_does_not_have_the_block_says_nothing_of_balances()
    {
        _answers.Clear();
        _stub.Node1.Instead = call =>
            call.Method == "eth_call" && IsBalance(call) ? StubAnswer.Error(call, -32000, "header not found") : null;
        (await FaultAsync()).ShouldBe(NodeFault.Lagging);
        _stub.Node1.Instead = call =>
            call.Method == "eth_call" && IsBalance(call) ? StubAnswer.Error(call, -32000, "missing trie node") : null;
        (await FaultAsync()).ShouldBe(NodeFault.Pruned);
    }

    [Fact]
    public async Task Contract_that_fails_or_answers_in_another_form_is_no_balance_of_zero()
    {
        _answers[Key("balanceOf(address)", EvmStub.Us)] = null;
        (await FaultAsync()).ShouldBe(NodeFault.Refused);
        _answers[Key("balanceOf(address)", EvmStub.Us)] = "0x";
        (await FaultAsync()).ShouldBe(NodeFault.Malformed);
    }

    [Fact]
    public async Task Node_that_fails_at_the_question_for_frozen_addresses_is_a_fault_and_not_a_contract_without_it()
    {
        _stub.Node1.Instead = call =>
            call.Method == "eth_call" && !IsBalance(call)
                ? StubAnswer.Error(call, -32005, "limit exceeded")
                : Answer(call);
        (await FaultAsync()).ShouldBe(NodeFault.Truncated);
    }

    [Fact]
    public async Task Balance_beyond_all_bounds_is_told_as_the_largest_amount()
    {
        _answers[Key("balanceOf(address)", EvmStub.Us)] = "0x" + new string('f', 64);
        (await ReadAsync()).Held[Accounts[0]].Atoms.ShouldBe(UInt128.MaxValue);
    }

    private async Task<IReadOnlyList<UInt128>> HeldAsync(StubBlock block)
    {
        var final = new BlockRef(block.Height, block.Hash);
        var told = await ((IBalances)_stub.Chain).HoldingsAsync(Accounts, final, default);
        return [.. Accounts.Select(a => told.Held[a].Atoms)];
    }

    private Task<Holdings> ReadAsync() => ((IBalances)_stub.Chain).HoldingsAsync(Accounts, Tip, default);

    private async Task<NodeFault> FaultAsync() => (await Should.ThrowAsync<NodeException>(ReadAsync)).Fault;

    private void Say(string function, string address, ulong value) =>
        _answers[Key(function, address)] = "0x" + value.ToString("x", CultureInfo.InvariantCulture).PadLeft(64, '0');

    private static string Key(string function, string address) =>
        Hex.ToHex(Abi.Selector(function)) + address[^2..].ToLowerInvariant();

    private static bool IsBalance(StubCall call) => DataOf(call).StartsWith("0x70a08231", StringComparison.Ordinal);

    private static string DataOf(StubCall call) => call.Parameters[0]!["data"]!.GetValue<string>();

    /// <summary>A function that a contract does not have ends in a revert.</summary>
    private StubAnswer? Answer(StubCall call)
    {
        if (call.Method != "eth_call" || DataOf(call).Length < 74)
            return null;
        return _answers.GetValueOrDefault(DataOf(call)[2..10] + DataOf(call)[^2..]) is { } told
            ? StubAnswer.Result(call, told)
            : StubAnswer.Error(call, 3, "execution reverted");
    }
}
