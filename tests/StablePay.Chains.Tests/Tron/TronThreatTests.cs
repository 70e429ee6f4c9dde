using System.Text.Json.Nodes;
using StablePay.Chains.Evm;
using StablePay.Chains.Rpc;
using StablePay.Chains.Tron;
using StablePay.Core.Networks;
using StablePay.Testing.Nodes;

namespace StablePay.Chains.Tests.Tron;

/// <summary>Deposits on TRON that are none, and nodes that lie, lag and break.</summary>
public sealed class TronThreatTests : IAsyncDisposable
{
    private const string Blocks = "/wallet/getblockbynum";
    private const string Infos = "/wallet/gettransactioninfobyblocknum";

    private readonly TronStub _tron = new();

    public ValueTask DisposeAsync() => _tron.DisposeAsync();

    private static StubTransaction Payment(UInt256 value) => StubTransaction.Of("payment", TronStub.Pay(value));

    public static TheoryData<string> Outcomes =>
        [
            "absent",
            "DEFAULT",
            "REVERT",
            "BAD_JUMP_DESTINATION",
            "OUT_OF_MEMORY",
            "PRECOMPILED_CONTRACT",
            "STACK_TOO_SMALL",
            "STACK_TOO_LARGE",
            "ILLEGAL_OPERATION",
            "STACK_OVERFLOW",
            "OUT_OF_ENERGY",
            "OUT_OF_TIME",
            "JVM_STACK_OVER_FLOW",
            "UNKNOWN",
            "TRANSFER_FAILED",
            "INVALID_CODE",
            "success",
            "SUCESS",
            "",
        ];

    [Theory]
    [MemberData(nameof(Outcomes))]
    public async Task TRX_01_block_that_does_not_say_success_credits_nothing(string outcome)
    {
        _tron.Change(Blocks, block => WithOutcome(block, t => t["ret"]![0]!.AsObject(), "contractRet", outcome));
        (await _tron.ReadAsync(Payment(5))).Transfers.ShouldBeEmpty();
        _tron.Node1.Instead = null;
        (await _tron.ReadAsync(Payment(5))).Transfers.ShouldHaveSingleItem();
    }

    [Theory]
    [MemberData(nameof(Outcomes))]
    public async Task TRX_01_receipt_that_does_not_say_success_credits_nothing(string outcome)
    {
        _tron.Change(Infos, infos => WithOutcome(infos, t => t["receipt"]!.AsObject(), "result", outcome));
        (await _tron.ReadAsync(Payment(5))).Transfers.ShouldBeEmpty();
    }

    [Fact]
    public async Task TRX_01_block_without_any_outcome_credits_nothing()
    {
        _tron.Change(
            Blocks,
            block =>
            {
                foreach (var transaction in block["transactions"]?.AsArray() ?? [])
                    transaction!.AsObject().Remove("ret");
                return block;
            }
        );
        (await _tron.ReadAsync(Payment(5))).Transfers.ShouldBeEmpty();
    }

    [Fact]
    public async Task TRX_02_logs_of_a_failed_transaction_are_not_read()
    {
        _tron.Change(
            Infos,
            infos =>
            {
                infos[0]!["result"] = "FAILED";
                return infos;
            }
        );
        (await _tron.ReadAsync(Payment(5))).Transfers.ShouldBeEmpty();
        (await _tron.ReadAsync(Payment(5) with { Succeeded = false })).Transfers.ShouldBeEmpty();
    }

    [Fact]
    public async Task TRX_03_token_of_another_kind_or_contract_is_no_payment()
    {
        var other = new TronAddress(EvmAddress.Parse("0x" + new string('9', 40))).ToString();
        _tron.Change(
            Blocks,
            block =>
            {
                foreach (var transaction in block["transactions"]?.AsArray() ?? [])
                    transaction!["raw_data"] = JsonNode.Parse(
                        """{"contract":[{"type":"TransferAssetContract","parameter":{"value":{"asset_name":"55534454","amount":5}}}]}"""
                    );
                return block;
            }
        );
        var read = await _tron.ReadAsync(
            StubTransaction.Of("trc10"),
            StubTransaction.Of("namesake", TronStub.Pay(5, other))
        );
        read.ShouldBe(BlockTransfers.None);
    }

    [Fact]
    public async Task TRX_04_internal_transactions_and_notes_are_no_payment()
    {
        _tron.Change(
            Infos,
            infos =>
            {
                infos[0]!["internal_transactions"] = JsonNode.Parse(
                    $$"""
                    [{"hash":"00","caller_address":"41","transferTo_address":"{{TronAddress
                        .Parse(TronStub.Us)
                        .ToHex()}}","callValueInfo":[{"callValue":5}],"note":"63616c6c","rejected":true}]
                    """
                );
                return infos;
            }
        );
        (await _tron.ReadAsync(StubTransaction.Of("internal"))).ShouldBe(BlockTransfers.None);
    }

    [Theory]
    [InlineData(
        """{"Error":"class org.tron.core.exception : server busy, lack of computing resources"}""",
        NodeFault.RateLimited
    )]
    [InlineData("""{"Error":"class java.lang.NullPointerException : null"}""", NodeFault.Refused)]
    [InlineData("this API is closed because this node is a lite fullnode", NodeFault.Refused)]
    [InlineData("", NodeFault.Refused)]
    [InlineData("<html>busy</html>", NodeFault.Refused)]
    [InlineData("[{]", NodeFault.Malformed)]
    [InlineData("[", NodeFault.Malformed)]
    [InlineData("""{"id":"00"}""", NodeFault.Malformed)]
    [InlineData("{}", NodeFault.Lagging)]
    [InlineData("[]", NodeFault.Lagging)]
    public async Task TRX_06_errors_with_status_200_are_faults_and_never_no_payment(string text, NodeFault fault)
    {
        _tron.Say(Infos, text);
        (await _tron.FaultAsync(Payment(5))).Fault.ShouldBe(fault);
    }

    [Theory]
    [InlineData(403, NodeFault.Unavailable)]
    [InlineData(429, NodeFault.RateLimited)]
    [InlineData(503, NodeFault.Unavailable)]
    public async Task TRX_06_refusals_of_a_gateway_are_faults(int status, NodeFault fault)
    {
        _tron.Say(Infos, "[]", status);
        (await _tron.FaultAsync(Payment(5))).Fault.ShouldBe(fault);
    }

    [Heavy]
    [Fact]
    public async Task TRX_07_one_real_payment_among_ten_thousand_of_dust_is_found()
    {
        var dust = Enumerable.Range(0, 10_000).Select(i => StubTransaction.Of($"dust {i}", TronStub.Pay(1)));
        var read = await _tron.ReadAsync([.. dust, Payment(5_000_000)]);
        read.Transfers.Count.ShouldBe(10_001);
        read.Transfers[^1].Amount.Atoms.ShouldBe((UInt128)5_000_000);
    }

    [Theory]
    [InlineData("one is missing")]
    [InlineData("one is twice")]
    [InlineData("they are in another order")]
    [InlineData("one is of another transaction")]
    public async Task TRX_07_receipts_that_are_not_the_blocks_are_a_fault(string how)
    {
        _tron.Change(
            Infos,
            infos =>
            {
                var list = infos.AsArray();
                var (first, last) = (list[0]!.DeepClone(), list[^1]!.DeepClone());
                switch (how)
                {
                    case "one is missing":
                        list.RemoveAt(1);
                        break;
                    case "one is twice":
                        list.Add(first);
                        break;
                    case "they are in another order":
                        (list[0], list[^1]) = (last, first);
                        break;
                    default:
                        list[0]!["id"] = new string('a', 64);
                        break;
                }
                return list;
            }
        );
        var fault = await _tron.FaultAsync(StubTransaction.Of("a"), Payment(5), StubTransaction.Of("b"));
        fault.Fault.ShouldBe(NodeFault.Lagging);
    }

    [Fact]
    public async Task TRX_08_rows_that_break_the_form_are_set_aside_and_the_next_is_read()
    {
        var good = TronStub.Pay(7);
        var four = good with { Topics = [.. good.Topics, StubLog.TopicOf("0x01")] };
        var dirty = good with { Topics = [good.Topics[0], "0x01" + good.Topics[1][4..], good.Topics[2]] };
        var noData = good with { Data = "0x" };
        var huge = good with { Data = "0x" + new string('f', 64) };
        var read = await _tron.ReadAsync(StubTransaction.Of("poison", four, dirty, noData, huge, good));
        read.Quarantined.Select(q => q.Position).ShouldBe([0, 1, 2, 3]);
        read.Transfers.ShouldHaveSingleItem().Position.ShouldBe(4);
    }

    [Fact]
    public async Task EVM_02_position_counts_every_log_of_the_transaction()
    {
        var foreign = new StubLog("0x" + new string('9', 40), [StubLog.TopicOf("0x05")], "0x");
        var read = await _tron.ReadAsync(
            StubTransaction.Of("batch", foreign, TronStub.Pay(1), foreign, TronStub.Pay(2))
        );
        read.Transfers.Select(t => (t.Position, t.Amount.Atoms)).ShouldBe([(1, (UInt128)1), (3, (UInt128)2)]);
        read.Transfers[0].From.ShouldBe(TronStub.Payer);
        read.Transfers[0].To.ShouldBe(TronStub.Us);
    }

    [Fact]
    public async Task TRX_05_block_replaced_while_its_receipts_are_read_is_a_fault()
    {
        var block = _tron.Node1.Chain.Mine(Payment(5));
        var header = (await _tron.Chain.HeaderAtAsync(block.Height, default)).ShouldNotBeNull();
        _tron.Node1.Chain.Cut(1);
        _tron.Node1.Chain.Mine(Payment(5));
        var fault = await Should.ThrowAsync<NodeException>(() =>
            _tron.Chain.TransfersAsync(header, _tron.Filter, default)
        );
        fault.Fault.ShouldBe(NodeFault.Lagging);
    }

    [Fact]
    public async Task TRX_05_final_is_what_the_solidified_view_says()
    {
        for (var i = 0; i < 30; i++)
            _tron.Node1.Chain.Mine();
        _tron.Node1.SolidDistance = 19;
        var solid = (await _tron.Chain.FinalizedAsync(default)).ShouldNotBeNull();
        solid.Height.ShouldBe(11);
        solid.Hash.ShouldBe(TronStubNode.IdOf(_tron.Node1.Chain.Blocks[11]));
        _tron.Node1.Asked.ShouldContain("/walletsolidity/getblock");
    }

    [Theory]
    [InlineData("blockID")]
    [InlineData("block_header")]
    [InlineData("number")]
    public async Task EVM_14_block_that_contradicts_itself_is_a_fault(string member)
    {
        _tron.Change(
            Blocks,
            block =>
            {
                if (block["block_header"] is null || block["block_header"]!["raw_data"]!["number"] is null)
                    return block;
                if (member == "number")
                    block["block_header"]!["raw_data"]!["number"] = 77;
                else
                    block.AsObject().Remove(member);
                return block;
            }
        );
        (await _tron.FaultAsync()).Fault.ShouldBe(NodeFault.Malformed);
    }

    [Fact]
    public async Task EVM_14_member_that_comes_twice_is_refused()
    {
        _tron.Node1.Instead = (path, _, truth) =>
            path == Infos
                ? new StubAnswer(
                    truth()
                        .ToJsonString()
                        .Replace("\"result\":\"SUCCESS\"", "\"result\":\"REVERT\",\"result\":\"SUCCESS\"")
                )
                : null;
        (await _tron.FaultAsync(Payment(5))).Fault.ShouldBe(NodeFault.Malformed);
    }

    [Theory]
    [InlineData("]")]
    [InlineData(" []")]
    [InlineData("x")]
    public async Task EVM_14_something_after_the_answer_is_refused(string more)
    {
        _tron.Node1.Instead = (path, _, truth) => path == Infos ? new StubAnswer(truth().ToJsonString() + more) : null;
        (await _tron.FaultAsync(Payment(5))).Fault.ShouldBe(NodeFault.Malformed);
    }

    [Fact]
    public async Task EVM_15_node_of_another_chain_halts_the_network()
    {
        var other = _tron.Open(new string('0', 64));
        (await Should.ThrowAsync<WrongNetworkException>(() => other.ProbeAsync(default))).Message.ShouldContain(
            "another chain"
        );
    }

    [Theory]
    [InlineData(18)]
    [InlineData(null)]
    public async Task TOK_16_token_with_other_decimals_or_none_halts_the_network(int? decimals)
    {
        _tron.Node1.Decimals.Clear();
        if (decimals is { } told)
            _tron.Node1.Decimals[TronStub.Usdt.Contract] = told;
        (await Should.ThrowAsync<WrongNetworkException>(() => _tron.Chain.ProbeAsync(default))).Message.ShouldContain(
            TronStub.Usdt.Contract
        );
    }

    [Fact]
    public async Task Key_of_a_gateway_goes_with_every_question_and_into_no_message()
    {
        await using var tron = new TronStub(key: "canary-key");
        tron.Say(Infos, "nonsense");
        (await tron.FaultAsync(Payment(5))).ToString().ShouldNotContain("canary-key");
        tron.Node1.Keys.ShouldAllBe(k => k == "canary-key");
        new NodeAddress(tron.Node1.Url, KeyValuePair.Create("TRON-PRO-API-KEY", "canary-key"))
            .ToString()
            .ShouldNotContain("canary-key");
    }

    [Fact]
    public async Task Next_node_is_asked_when_one_fails()
    {
        await using var tron = new TronStub(nodes: 2);
        tron.Say(Infos, """{"Error":"server busy, lack of computing resources"}""");
        (await tron.ReadAsync(Payment(5))).Transfers.ShouldHaveSingleItem();
    }

    private static JsonNode WithOutcome(JsonNode told, Func<JsonNode, JsonObject> place, string member, string? outcome)
    {
        foreach (var row in (told as JsonArray ?? told["transactions"]?.AsArray()) ?? [])
        {
            if (outcome == "absent")
                place(row!).Remove(member);
            else
                place(row!)[member] = outcome;
        }
        return told;
    }
}
