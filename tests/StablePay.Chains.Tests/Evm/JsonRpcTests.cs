using System.Diagnostics;
using System.Net;
using System.Text.Json;
using StablePay.Chains;
using StablePay.Chains.Rpc;
using StablePay.Core.Networks;
using StablePay.Testing.Nodes;

namespace StablePay.Chains.Tests.Evm;

/// <summary>EVM-14 and EVM-15: answers that break the protocol, and nodes of another network.</summary>
public sealed class JsonRpcTests
{
    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("<html><body>Bad gateway</body></html>")]
    [InlineData("""{"jsonrpc":"2.0","id":ID}""")]
    [InlineData("""{"jsonrpc":"2.0","result":"0x5"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":null,"result":"0x5"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":"ID","result":"0x5"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":123456,"result":"0x5"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":ID,"result":null}""")]
    [InlineData("""{"jsonrpc":"2.0","id":ID,"result":5}""")]
    [InlineData("""{"jsonrpc":"2.0","id":ID,"result":"5"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":ID,"result":"0x"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":ID,"result":"0x05"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":ID,"result":"0xg"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":ID,"result":"0xffffffffffffffff"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":ID,"result":"0x5","result":"0x6"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":ID,"id":ID,"result":"0x5"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":ID,"result":"0x5"}{}""")]
    [InlineData("""{"jsonrpc":"2.0","id":ID,"result":"0x5" """)]
    [InlineData("""[{"jsonrpc":"2.0","id":ID,"result":"0x5"}]""")]
    [InlineData("""{"jsonrpc":"2.0","id":ID,"error":"no"}""")]
    public async Task EVM_14_malformed_answer_is_a_fault_and_the_next_question_is_answered(string body)
    {
        await using var stub = new EvmStub();
        await stub.Chain.ProbeAsync(default);
        stub.Node1.Instead = call => new StubAnswer(
            body.Replace("ID", call.Id.ToJsonString(), StringComparison.Ordinal)
        );
        (await Should.ThrowAsync<NodeException>(() => stub.Chain.HeadAsync(default))).Fault.ShouldBe(
            NodeFault.Malformed
        );
        stub.Node1.Instead = null;
        (await stub.Chain.HeadAsync(default)).ShouldBe(0);
    }

    [Theory]
    [InlineData("hash")]
    [InlineData("parentHash")]
    [InlineData("number")]
    [InlineData("timestamp")]
    [InlineData("logsBloom")]
    public async Task EVM_14_header_without_a_member_or_with_one_twice_is_a_fault(string member)
    {
        await using var stub = new EvmStub();
        await stub.Chain.ProbeAsync(default);
        var whole = stub.Blocks.Tip.ToHeader();
        foreach (var body in new[] { Without(stub.Blocks.Tip, member), Twice(stub.Blocks.Tip, member) })
        {
            stub.Node1.Instead = call => new StubAnswer(
                $$"""{"jsonrpc":"2.0","id":{{call.Id.ToJsonString()}},"result":{{body}}}"""
            );
            (await Should.ThrowAsync<NodeException>(() => stub.Chain.HeaderAtAsync(0, default))).Fault.ShouldBe(
                NodeFault.Malformed
            );
        }
        stub.Node1.Instead = call => new StubAnswer(
            $$"""{"id":{{call.Id.ToJsonString()}},"error":null,"result":{{whole.ToJsonString()}}}"""
        );
        (await stub.Chain.HeaderAtAsync(0, default)).ShouldNotBeNull();
    }

    [Theory]
    [InlineData("address")]
    [InlineData("topics")]
    [InlineData("data")]
    [InlineData("logIndex")]
    [InlineData("transactionHash")]
    [InlineData("blockHash")]
    public async Task EVM_14_log_with_a_member_twice_or_without_one_is_a_fault(string member)
    {
        await using var stub = new EvmStub();
        await stub.Chain.ProbeAsync(default);
        var paid = StubTransaction.Of("paid", stub.Pay(EvmStub.Us, 5));
        foreach (var twice in new[] { true, false })
        {
            stub.Node1.Instead = call =>
            {
                if (call.Method != "eth_getLogs")
                    return null;
                var log = stub.Blocks.Tip.ToLogs().Single();
                var value = log[member]!.ToJsonString();
                log.Remove(member);
                var text = log.ToJsonString();
                if (twice)
                    text = $"{text[..^1]},\"{member}\":{value},\"{member}\":{value}}}";
                return new StubAnswer($$"""{"jsonrpc":"2.0","id":{{call.Id.ToJsonString()}},"result":[{{text}}]}""");
            };
            if (member == "topics" && !twice)
                (await stub.ReadAsync(paid)).ShouldBe(BlockTransfers.None); // Without topics it is no transfer.
            else
                (await stub.FaultAsync(paid)).Fault.ShouldBe(NodeFault.Malformed);
        }
    }

    [Fact]
    public async Task EVM_14_header_of_another_height_is_a_fault()
    {
        await using var stub = new EvmStub();
        stub.Blocks.Mine();
        await stub.Chain.ProbeAsync(default);
        stub.Node1.Instead = call => StubAnswer.Result(call, stub.Blocks.Blocks[0].ToHeader());
        (await Should.ThrowAsync<NodeException>(() => stub.Chain.HeaderAtAsync(1, default))).Fault.ShouldBe(
            NodeFault.Malformed
        );
    }

    [Fact]
    public async Task EVM_14_case_of_hex_digits_means_nothing()
    {
        await using var stub = new EvmStub();
        var expected = await stub.Chain.HeaderAtAsync(0, default);
        stub.Node1.Instead = call =>
        {
            var header = stub.Blocks.Tip.ToHeader();
            foreach (var member in new[] { "hash", "parentHash", "logsBloom" })
                header[member] = "0x" + header[member]!.GetValue<string>()[2..].ToUpperInvariant();
            return StubAnswer.Result(call, header);
        };
        (await stub.Chain.HeaderAtAsync(0, default)).ShouldBe(expected);
    }

    [Fact]
    public async Task EVM_14_body_beyond_the_bound_is_refused()
    {
        await using var stub = new EvmStub();
        await stub.Chain.ProbeAsync(default);
        stub.Node1.Instead = _ => new StubAnswer(new string(' ', 50 * 1024 * 1024));
        (await Should.ThrowAsync<NodeException>(() => stub.Chain.HeadAsync(default))).Fault.ShouldBe(
            NodeFault.Truncated
        );
    }

    [Fact]
    public async Task EVM_14_body_without_an_end_is_read_to_the_bound_and_no_further()
    {
        const int most = 1024 * 1024;
        using var body = new EndlessSpaces();
        using var http = new HttpClient(new AnswersWith(body));
        var rpc = new JsonRpc(http, [new Uri("http://node.test/")], new RpcLimits(TimeSpan.FromMinutes(1), most));
        (await Should.ThrowAsync<NodeException>(() => rpc.CallAsync("m", "[]", NoResult, default))).Fault.ShouldBe(
            NodeFault.Truncated
        );
        // The bound, and at most one more filling of a buffer that doubles up to it.
        body.Taken.ShouldBeInRange(most + 1, 2 * most);
    }

    private static int NoResult(ref Utf8JsonReader json) => 0;

    private sealed class AnswersWith(Stream body) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken ct) =>
            Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(body) });
    }

    private sealed class EndlessSpaces : Stream
    {
        public long Taken { get; private set; }
        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            buffer.AsSpan(offset, count).Fill((byte)' ');
            Taken += count;
            return count;
        }

        public override void Flush() { }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }

    [Fact]
    public async Task EVM_14_node_that_never_answers_is_given_up_on()
    {
        await using var stub = new EvmStub(limits: RpcLimits.Default with { Timeout = TimeSpan.FromSeconds(2) });
        await stub.Chain.ProbeAsync(default);
        stub.Node1.Instead = _ => new StubAnswer("", Hang: true);
        var watch = Stopwatch.StartNew();
        (await Should.ThrowAsync<NodeException>(() => stub.Chain.HeadAsync(default))).Fault.ShouldBe(
            NodeFault.Unavailable
        );
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Caller_that_gives_up_is_told_so_and_not_of_a_fault()
    {
        await using var stub = new EvmStub();
        await stub.Chain.ProbeAsync(default);
        using var giveUp = new CancellationTokenSource();
        stub.Node1.Instead = _ =>
        {
            giveUp.Cancel();
            return new StubAnswer("", Hang: true);
        };
        await Should.ThrowAsync<OperationCanceledException>(() => stub.Chain.HeadAsync(giveUp.Token));
    }

    [Fact]
    public async Task EVM_14_next_node_answers_where_one_is_broken_and_is_stayed_with()
    {
        await using var stub = new EvmStub(nodes: 2);
        await stub.Chain.ProbeAsync(default);
        stub.Nodes[0].Instead = _ => new StubAnswer("<html>", 502, "text/html");
        (await stub.Chain.HeadAsync(default)).ShouldBe(0);
        var asked = stub.Nodes[0].Asked.Count;
        (await stub.Chain.HeadAsync(default)).ShouldBe(0);
        stub.Nodes[0].Asked.Count.ShouldBe(asked);
    }

    [Fact]
    public async Task Zipped_answers_are_read()
    {
        await using var stub = new EvmStub();
        stub.Node1.Gzip = true;
        (await stub.ReadAsync(StubTransaction.Of("paid", stub.Pay(EvmStub.Us, 5)))).Transfers.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task EVM_15_node_of_another_chain_is_refused()
    {
        await using var stub = new EvmStub();
        stub.Node1.ChainId = 56;
        var wrong = await Should.ThrowAsync<WrongNetworkException>(() => stub.Chain.ProbeAsync(default));
        wrong.Message.ShouldContain("eip155:56");
        await Should.ThrowAsync<WrongNetworkException>(() => stub.Chain.HeadAsync(default));
    }

    [Fact]
    public async Task EVM_15_node_with_another_first_block_is_refused()
    {
        await using var stub = new EvmStub();
        var chain = stub.Open(stub.Network, genesis: StubTransaction.HashOf("another world"));
        (await Should.ThrowAsync<WrongNetworkException>(() => chain.ProbeAsync(default))).Message.ShouldContain(
            "first block"
        );
    }

    [Fact]
    public async Task EVM_15_second_node_of_another_chain_is_never_failed_over_to()
    {
        await using var stub = new EvmStub(nodes: 2);
        stub.Nodes[1].ChainId = 56;
        (await stub.Chain.HeadAsync(default)).ShouldBe(0);
        stub.Nodes[0].Instead = _ => new StubAnswer("", 503);
        await Should.ThrowAsync<WrongNetworkException>(() => stub.Chain.HeadAsync(default));
        stub.Nodes[1].CountOf("eth_blockNumber").ShouldBe(0);
    }

    [Fact]
    public async Task EVM_15_node_that_was_away_is_looked_at_again()
    {
        await using var stub = new EvmStub();
        await stub.Chain.ProbeAsync(default);
        stub.Node1.Instead = _ => new StubAnswer("", 503);
        await Should.ThrowAsync<NodeException>(() => stub.Chain.HeadAsync(default));
        stub.Node1.Instead = null;
        stub.Node1.ChainId = 56;
        await Should.ThrowAsync<WrongNetworkException>(() => stub.Chain.HeadAsync(default));
    }

    [Fact]
    public async Task Node_that_is_down_does_not_keep_the_other_from_passing_the_probe()
    {
        await using var stub = new EvmStub(nodes: 2);
        stub.Nodes[0].Instead = _ => new StubAnswer("", 503);
        await stub.Chain.ProbeAsync(default);
        stub.Nodes[1].Instead = _ => new StubAnswer("", 503);
        (await Should.ThrowAsync<NodeException>(() => stub.Chain.ProbeAsync(default))).Fault.ShouldBe(
            NodeFault.Unavailable
        );
    }

    [Fact]
    public async Task Final_block_is_the_one_that_the_tag_names()
    {
        await using var stub = new EvmStub();
        for (var i = 0; i < 9; i++)
            stub.Blocks.Mine();
        stub.Node1.FinalizedDistance = 4;
        (await stub.Chain.FinalizedAsync(default)).ShouldBe(new BlockRef(5, stub.Blocks.Blocks[5].Hash));
    }

    private static string Without(StubBlock block, string member)
    {
        var header = block.ToHeader();
        header.Remove(member);
        return header.ToJsonString();
    }

    private static string Twice(StubBlock block, string member)
    {
        var header = block.ToHeader();
        return $"{header.ToJsonString()[..^1]},\"{member}\":{header[member]!.ToJsonString()}}}";
    }
}
