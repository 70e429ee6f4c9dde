using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using StablePay.Chains;
using StablePay.Chains.Evm;
using StablePay.Core.Networks;
using StablePay.Testing.Nodes;

namespace StablePay.Chains.Tests.Evm;

/// <summary>Cases of threats.md A2 on a stub node: lag, omissions, caps, forgeries.</summary>
public sealed class NodeThreatTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task EVM_05_logs_of_a_node_without_the_block_are_a_fault_and_not_nothing(bool answersEmpty)
    {
        await using var stub = new EvmStub(nodes: 2);
        var (first, second) = (stub.Nodes[0], stub.Nodes[1]);
        await stub.Chain.ProbeAsync(default);
        var block = stub.Blocks.Mine(StubTransaction.Of("paid", stub.Pay(EvmStub.Us, 5)));
        second.Lag = 1;
        if (answersEmpty)
            second.Instead = call => call.Method == "eth_getLogs" ? StubAnswer.Result(call, new JsonArray()) : null;
        var header = (await stub.Chain.HeaderAtAsync(block.Height, default)).ShouldNotBeNull();
        first.Instead = _ => new StubAnswer("busy", 503, "text/html");

        var fault = await Should.ThrowAsync<NodeException>(() =>
            stub.Chain.TransfersAsync(header, stub.Filter, default)
        );
        fault.Fault.ShouldBeOneOf(NodeFault.Lagging, NodeFault.Unavailable);
        second.CountOf("eth_getLogs").ShouldBe(1);

        second.Lag = 0;
        second.Instead = null;
        (await stub.Chain.TransfersAsync(header, stub.Filter, default)).Transfers.ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData(-32602, "block range extends beyond current head block", NodeFault.Lagging)]
    [InlineData(-32000, "unknown block", NodeFault.Lagging)]
    [InlineData(-32001, "resource not found", NodeFault.Lagging)]
    [InlineData(4444, "pruned history unavailable", NodeFault.Pruned)]
    [InlineData(-32000, "missing trie node 2a1b", NodeFault.Pruned)]
    [InlineData(-32005, "daily request count exceeded", NodeFault.RateLimited)]
    [InlineData(-32005, "query returned more than 10000 results", NodeFault.Truncated)]
    [InlineData(-32603, "internal error", NodeFault.Refused)]
    public async Task EVM_06_error_of_a_node_is_a_typed_fault(int code, string message, NodeFault expected)
    {
        await using var stub = new EvmStub();
        stub.Node1.Instead = call => call.Method == "eth_getLogs" ? StubAnswer.Error(call, code, message) : null;
        var fault = await stub.FaultAsync(StubTransaction.Of("paid", stub.Pay(EvmStub.Us, 5)));
        fault.Fault.ShouldBe(expected);
        fault.Message.ShouldContain(message);
    }

    [Fact]
    public async Task EVM_07_node_that_leaves_logs_out_is_found_out_by_the_bloom()
    {
        await using var stub = new EvmStub();
        stub.Node1.Instead = call => call.Method == "eth_getLogs" ? StubAnswer.Result(call, new JsonArray()) : null;
        (await stub.FaultAsync(StubTransaction.Of("paid", stub.Pay(EvmStub.Us, 5)))).Fault.ShouldBe(NodeFault.Lagging);

        stub.Node1.Instead = null;
        var header = (await stub.Chain.HeaderAtAsync(stub.Blocks.Tip.Height, default)).ShouldNotBeNull();
        (await stub.Chain.TransfersAsync(header, stub.Filter, default)).Transfers.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task EVM_07_receipts_that_do_not_explain_the_bloom_prove_nothing()
    {
        await using var stub = new EvmStub();
        stub.Node1.Instead = call =>
            call.Method switch
            {
                "eth_getLogs" or "eth_getBlockReceipts" => StubAnswer.Result(call, new JsonArray()),
                _ => null,
            };
        (await stub.FaultAsync(StubTransaction.Of("paid", stub.Pay(EvmStub.Us, 5)))).Fault.ShouldBe(NodeFault.Lagging);
    }

    [Fact]
    public async Task EVM_07_other_node_is_asked_first_after_an_omission()
    {
        await using var stub = new EvmStub(nodes: 2);
        stub.Nodes[0].Instead = call => call.Method == "eth_getLogs" ? StubAnswer.Result(call, new JsonArray()) : null;
        await stub.FaultAsync(StubTransaction.Of("paid", stub.Pay(EvmStub.Us, 5)));
        var header = (await stub.Chain.HeaderAtAsync(stub.Blocks.Tip.Height, default)).ShouldNotBeNull();
        (await stub.Chain.TransfersAsync(header, stub.Filter, default)).Transfers.ShouldHaveSingleItem();
        stub.Nodes[1].CountOf("eth_getLogs").ShouldBe(1);
    }

    [Fact]
    public async Task EVM_07_false_alarm_of_the_bloom_is_settled_by_the_receipts()
    {
        await using var stub = new EvmStub();
        var alarm = FalseAlarm(stub);
        Bloom
            .MayContain(
                stub.Blocks.Mine(alarm).Bloom,
                BloomKey.OfContract(EvmAddress.Parse(stub.Usdt.Contract)),
                BloomKey.Of(Abi.TransferTopic)
            )
            .ShouldBeTrue();
        (await stub.ReadAsync(alarm)).ShouldBe(BlockTransfers.None);
        stub.Node1.CountOf("eth_getBlockReceipts").ShouldBe(1);
    }

    [Fact]
    public async Task EVM_07_node_that_has_no_such_question_is_asked_for_the_logs_twice()
    {
        await using var stub = new EvmStub();
        stub.Node1.Instead = call =>
            call.Method == "eth_getBlockReceipts"
                ? StubAnswer.Error(call, -32601, "the method eth_getBlockReceipts does not exist/is not available")
                : null;
        (await stub.ReadAsync(FalseAlarm(stub))).ShouldBe(BlockTransfers.None);
        stub.Node1.CountOf("eth_getLogs").ShouldBe(2);
    }

    [Fact]
    public async Task Block_whose_bloom_excludes_our_tokens_is_not_asked_for_logs()
    {
        await using var stub = new EvmStub();
        var other = StubLog.Transfer("0x9999999999999999999999999999999999999999", EvmStub.Payer, EvmStub.Us, 5);
        (await stub.ReadAsync(StubTransaction.Of("foreign", other))).ShouldBe(BlockTransfers.None);
        stub.Node1.CountOf("eth_getLogs").ShouldBe(0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Bloom_that_is_empty_or_not_relied_on_saves_no_question(bool isEmpty)
    {
        await using var stub = new EvmStub();
        var chain = stub.Open(stub.Network, bloomExcludes: isEmpty);
        var bloom = new byte[Bloom.Length];
        if (!isEmpty)
            bloom[0] = 1;
        var block = stub.Blocks.Mine(StubTransaction.Of("paid", stub.Pay(EvmStub.Us, 5)));
        stub.Blocks.Replace(block with { Bloom = bloom });
        var header = (await chain.HeaderAtAsync(block.Height, default)).ShouldNotBeNull();
        (await chain.TransfersAsync(header, stub.Filter, default)).Transfers.ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData(9_999, null)]
    [InlineData(10_000, NodeFault.Truncated)]
    [InlineData(10_001, null)]
    public async Task EVM_13_list_that_ends_exactly_at_a_cap_is_taken_for_cut_off(int count, NodeFault? expected)
    {
        await using var stub = new EvmStub();
        var block = stub.Blocks.Mine(StubTransaction.Of("paid", stub.Pay(EvmStub.Payer, 5)));
        stub.Node1.Instead = call => call.Method == "eth_getLogs" ? new StubAnswer(ManyLogs(call, block, count)) : null;
        var header = (await stub.Chain.HeaderAtAsync(block.Height, default)).ShouldNotBeNull();
        if (expected is null)
            (await stub.Chain.TransfersAsync(header, stub.Filter, default)).ShouldBe(BlockTransfers.None);
        else
            (
                await Should.ThrowAsync<NodeException>(() => stub.Chain.TransfersAsync(header, stub.Filter, default))
            ).Fault.ShouldBe(expected.Value);
    }

    [Theory]
    [InlineData(413, NodeFault.Truncated)]
    [InlineData(429, NodeFault.RateLimited)]
    [InlineData(502, NodeFault.Unavailable)]
    [InlineData(503, NodeFault.Unavailable)]
    [InlineData(404, NodeFault.Unavailable)]
    [InlineData(301, NodeFault.Unavailable)]
    public async Task EVM_13_status_of_a_provider_is_a_typed_fault(int status, NodeFault expected)
    {
        await using var stub = new EvmStub();
        stub.Node1.Instead = call =>
            call.Method == "eth_getLogs" ? new StubAnswer("<html>no</html>", status, "text/html") : null;
        (await stub.FaultAsync(StubTransaction.Of("paid", stub.Pay(EvmStub.Us, 5)))).Fault.ShouldBe(expected);
    }

    [Theory]
    [InlineData("transactionHash", "\"0x1111111111111111111111111111111111111111111111111111111111111111\"")]
    [InlineData("blockHash", "\"0x1111111111111111111111111111111111111111111111111111111111111111\"")]
    [InlineData("status", "\"0x0\"")]
    [InlineData("status", "\"0x2\"")]
    [InlineData("status", "null")]
    [InlineData("logs", "[]")]
    public async Task EVM_18_receipt_that_does_not_match_its_log_is_not_believed(string member, string value)
    {
        await using var stub = new EvmStub();
        Bend(stub, receipt => receipt[member] = JsonNode.Parse(value));
        (await stub.FaultAsync(StubTransaction.Of("paid", stub.Pay(EvmStub.Us, 5)))).Fault.ShouldBeOneOf(
            NodeFault.Malformed,
            NodeFault.Lagging
        );
    }

    [Theory]
    [InlineData("address", "\"0x9999999999999999999999999999999999999999\"")]
    [InlineData("data", "\"0x00000000000000000000000000000000000000000000000000000000000000ff\"")]
    [InlineData("logIndex", "\"0x9\"")]
    public async Task EVM_18_log_that_its_receipt_tells_otherwise_is_not_believed(string member, string value)
    {
        await using var stub = new EvmStub();
        Bend(stub, receipt => receipt["logs"]![0]![member] = JsonNode.Parse(value));
        (await stub.FaultAsync(StubTransaction.Of("paid", stub.Pay(EvmStub.Us, 5)))).Fault.ShouldBe(
            NodeFault.Malformed
        );
    }

    [Fact]
    public async Task EVM_18_receipt_with_its_logs_in_another_order_is_not_believed()
    {
        await using var stub = new EvmStub();
        Bend(
            stub,
            receipt =>
            {
                var logs = receipt["logs"]!.AsArray();
                var first = logs[0]!;
                logs.RemoveAt(0);
                logs.Add(first);
            }
        );
        (
            await stub.FaultAsync(StubTransaction.Of("paid", stub.Pay(EvmStub.Us, 5), stub.Pay(EvmStub.Us, 6)))
        ).Fault.ShouldBe(NodeFault.Malformed);
    }

    [Theory]
    [InlineData("removed", "true")]
    [InlineData("blockHash", "\"0x1111111111111111111111111111111111111111111111111111111111111111\"")]
    public async Task EVM_20_log_of_another_branch_is_not_believed(string member, string value)
    {
        await using var stub = new EvmStub();
        stub.Node1.Instead = call =>
        {
            if (call.Method != "eth_getLogs")
                return null;
            var logs = stub.Node1.TruthOf(call)!;
            logs[0]![member] = JsonNode.Parse(value);
            return StubAnswer.Result(call, logs);
        };
        (await stub.FaultAsync(StubTransaction.Of("paid", stub.Pay(EvmStub.Us, 5)))).Fault.ShouldBe(
            NodeFault.Malformed
        );
    }

    [Fact]
    public async Task EVM_20_log_that_comes_twice_is_not_credited_twice()
    {
        await using var stub = new EvmStub();
        stub.Node1.Instead = call =>
        {
            if (call.Method != "eth_getLogs")
                return null;
            var logs = stub.Node1.TruthOf(call)!.AsArray();
            logs.Add(logs[0]!.DeepClone());
            return StubAnswer.Result(call, logs);
        };
        (await stub.FaultAsync(StubTransaction.Of("paid", stub.Pay(EvmStub.Us, 5)))).Fault.ShouldBe(
            NodeFault.Malformed
        );
    }

    [Fact]
    public async Task Transfers_to_others_are_passed_over_without_questions_about_them()
    {
        await using var stub = new EvmStub();
        var logs = Enumerable.Range(0, 500).Select(i => stub.Pay(EvmStub.AddressOf(100 + i), (ulong)i)).ToArray();
        (await stub.ReadAsync(StubTransaction.Of("busy", logs))).ShouldBe(BlockTransfers.None);
        stub.Filter.Asked.ShouldBe(500);
        stub.Node1.CountOf("eth_getTransactionReceipt").ShouldBe(0);
    }

    private static void Bend(EvmStub stub, Action<JsonObject> bend) =>
        stub.Node1.Instead = call =>
        {
            if (call.Method != "eth_getTransactionReceipt")
                return null;
            var receipt = stub.Node1.TruthOf(call)!.AsObject();
            bend(receipt);
            return StubAnswer.Result(call, receipt);
        };

    private static string ManyLogs(StubCall call, StubBlock block, int count)
    {
        var log = block.ToLogs().First().ToJsonString();
        var body = new StringBuilder();
        body.Append(CultureInfo.InvariantCulture, $$"""{"jsonrpc":"2.0","id":{{call.Id.ToJsonString()}},"result":[""");
        for (var i = 0; i < count; i++)
            body.Append(i == 0 ? "" : ",").Append(log);
        return body.Append("]}").ToString();
    }

    /// <summary>Foreign logs that together set the bits of our token and of its event.</summary>
    private static StubTransaction FalseAlarm(EvmStub stub)
    {
        const string foreign = "0x9999999999999999999999999999999999999999";
        var token = BloomKey.OfContract(EvmAddress.Parse(stub.Usdt.Contract));
        var topics = new List<string> { Hex.ToData(Abi.TransferTopic) };
        var random = new Random(7);
        var bloom = new byte[Bloom.Length];
        while (!Bloom.MayContain(bloom, token))
        {
            var topic = new byte[32];
            random.NextBytes(topic);
            topics.Add(Hex.ToData(topic));
            Bloom.Add(bloom, BloomKey.Of(topic));
        }
        return StubTransaction.Of("alarm", [.. topics.Chunk(4).Select(four => new StubLog(foreign, four, "0x"))]);
    }
}
