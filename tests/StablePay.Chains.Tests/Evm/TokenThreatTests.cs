using System.Text.Json.Nodes;
using StablePay.Chains;
using StablePay.Chains.Evm;
using StablePay.Core.Money;
using StablePay.Core.Networks;
using StablePay.Testing.Nodes;

namespace StablePay.Chains.Tests.Evm;

/// <summary>Cases of threats.md A1 on a stub node: what may and what may not become a transfer.</summary>
public sealed class TokenThreatTests
{
    private const string Foreign = "0x9999999999999999999999999999999999999999";

    [Fact]
    public async Task TOK_01_fake_token_is_not_matched_even_by_a_node_that_ignores_the_filter()
    {
        await using var stub = new EvmStub();
        stub.Node1.Instead = call =>
            call.Method == "eth_getLogs" ? StubAnswer.Result(call, new JsonArray([.. stub.Blocks.Tip.ToLogs()])) : null;
        var found = await stub.ReadAsync(
            StubTransaction.Of("fake", StubLog.Transfer(Foreign, EvmStub.Payer, EvmStub.Us, 1_000_000_000)),
            StubTransaction.Of("real", stub.Pay(EvmStub.Us, 5))
        );
        found.Transfers.ShouldHaveSingleItem().TransactionHash.ShouldBe(StubTransaction.HashOf("real"));
        found.Quarantined.ShouldBeEmpty();
        stub.Node1.CountOf("eth_getTransactionReceipt").ShouldBe(1);
    }

    [Fact]
    public async Task TOK_02_contract_of_another_chain_is_not_matched()
    {
        await using var stub = new EvmStub(Networks.Bsc);
        stub.Node1.Instead = call =>
            call.Method == "eth_getLogs" ? StubAnswer.Result(call, new JsonArray([.. stub.Blocks.Tip.ToLogs()])) : null;
        var found = await stub.ReadAsync(
            StubTransaction.Of(
                "ethereum's",
                StubLog.Transfer(Tokens.Ethereum[0].Contract, EvmStub.Payer, EvmStub.Us, 1_000_000)
            ),
            StubTransaction.Of("bsc's", stub.Pay(EvmStub.Us, 5))
        );
        found.Transfers.ShouldHaveSingleItem().Token.ShouldBe(Tokens.Bsc[0]);
    }

    [Fact]
    public async Task TOK_12_a_token_that_keeps_a_fee_pays_what_is_delivered()
    {
        await using var stub = new EvmStub();
        var found = await stub.ReadAsync(
            StubTransaction.Of(
                "with a fee",
                stub.Pay(EvmStub.Us, 99_900_000),
                // The token's owner gets the rest of what the payer sent.
                stub.Pay(Foreign, 100_000)
            )
        );
        found.Transfers.ShouldHaveSingleItem().Amount.Atoms.ShouldBe((UInt128)99_900_000);
    }

    [Theory]
    [InlineData("0x3c499c542cEF5E3811e1192ce70d8cC03d5c3359")]
    [InlineData("0x2791Bca1f2de4661ED88A30C99A7a9449Aa84174")]
    public async Task TOK_20_bridged_variant_of_a_token_is_another_token(string contract)
    {
        await using var stub = new EvmStub();
        var found = await stub.ReadAsync(
            StubTransaction.Of("bridged", StubLog.Transfer(contract, EvmStub.Payer, EvmStub.Us, 5_000_000))
        );
        found.ShouldBe(BlockTransfers.None);
    }

    [Fact]
    public async Task TOK_22_tokens_that_are_made_for_us_are_a_payment()
    {
        const string nobody = "0x0000000000000000000000000000000000000000";
        await using var stub = new EvmStub();
        var found = await stub.ReadAsync(
            StubTransaction.Of("mint", StubLog.Transfer(stub.Usdt.Contract, nobody, EvmStub.Us, 5_000_000))
        );
        var transfer = found.Transfers.ShouldHaveSingleItem();
        (transfer.From, transfer.Amount.Atoms).ShouldBe((nobody, (UInt128)5_000_000));
    }

    [Fact]
    public async Task TOK_03_what_only_looks_like_a_transfer_is_quarantined_and_the_next_log_is_read()
    {
        await using var stub = new EvmStub();
        var whole = stub.Pay(EvmStub.Us, 5_000_000);
        var found = await stub.ReadAsync(
            StubTransaction.Of(
                "odd",
                whole with
                {
                    Topics = [.. whole.Topics, "0x" + new string('1', 64)],
                    Data = "0x",
                },
                whole with
                {
                    Data = whole.Data + "00",
                },
                whole with
                {
                    Data = "0x",
                },
                whole with
                {
                    Data = whole.Data + new string('0', 64),
                },
                whole with
                {
                    Topics = [whole.Topics[0], whole.Topics[1], "0x01" + whole.Topics[2][4..]],
                },
                whole with
                {
                    Topics = [whole.Topics[0], "0x01" + whole.Topics[1][4..], whole.Topics[2]],
                },
                whole
            )
        );
        found.Transfers.ShouldHaveSingleItem().Position.ShouldBe(6);
        found.Quarantined.Select(q => q.Position).ShouldBe([0, 1, 2, 3, 4, 5]);
        found.Quarantined.ShouldAllBe(q => q.TransactionHash == StubTransaction.HashOf("odd"));
    }

    [Fact]
    public async Task TOK_03_other_events_of_the_token_are_passed_over()
    {
        await using var stub = new EvmStub();
        stub.Node1.Instead = call =>
            call.Method == "eth_getLogs" ? StubAnswer.Result(call, new JsonArray([.. stub.Blocks.Tip.ToLogs()])) : null;
        var transfer = stub.Pay(EvmStub.Us, 7);
        var approval = transfer with
        {
            Topics =
            [
                Hex.ToData(Abi.Topic("Approval(address,address,uint256)")),
                transfer.Topics[1],
                transfer.Topics[2],
            ],
        };
        var found = await stub.ReadAsync(
            StubTransaction.Of("both", approval, transfer with { Topics = [transfer.Topics[0]] }, transfer)
        );
        found.Transfers.ShouldHaveSingleItem().Position.ShouldBe(2);
        found.Quarantined.ShouldBeEmpty();
    }

    [Fact]
    public void TOK_04_of_ten_thousand_contracts_only_the_pinned_ones_are_tokens()
    {
        var random = new Random(20261124);
        var bytes = new byte[20];
        for (var i = 0; i < 10_000; i++)
        {
            random.NextBytes(bytes);
            EvmTransfers.TokenOf(LogOf(new EvmAddress(bytes)), Networks.Ethereum).ShouldBeNull();
        }
        foreach (var token in Networks.Ethereum.Tokens)
            EvmTransfers.TokenOf(LogOf(EvmAddress.Parse(token.Contract)), Networks.Ethereum).ShouldBe(token);
    }

    [Fact]
    public async Task TOK_05_zero_value_is_reported_with_no_atoms()
    {
        await using var stub = new EvmStub();
        var found = await stub.ReadAsync(StubTransaction.Of("poison", stub.Pay(EvmStub.Us, 0)));
        found.Transfers.ShouldHaveSingleItem().Amount.Atoms.ShouldBe(UInt128.Zero);
    }

    [Fact]
    public async Task TOK_08_reverted_transaction_is_nothing_whatever_it_wanted()
    {
        await using var stub = new EvmStub();
        var reverted = new StubTransaction(StubTransaction.HashOf("reverted"), false, []);
        (await stub.ReadAsync(reverted)).ShouldBe(BlockTransfers.None);

        // A node that shows logs of a failed transaction contradicts itself, and is not believed.
        var block = stub.Blocks.Mine(StubTransaction.Of("lie", stub.Pay(EvmStub.Us, 5)));
        var lie = block.Transactions[0] with { Succeeded = false };
        stub.Blocks.Replace(
            new StubBlock(block.Height, block.Hash, block.ParentHash, block.Time, [lie]) { Bloom = block.Bloom }
        );
        var header = (await stub.Chain.HeaderAtAsync(block.Height, default)).ShouldNotBeNull();
        var fault = await Should.ThrowAsync<NodeException>(() =>
            stub.Chain.TransfersAsync(header, stub.Filter, default)
        );
        fault.Fault.ShouldBe(NodeFault.Malformed);
    }

    [Fact]
    public async Task TOK_09_success_around_an_inner_failure_is_nothing()
    {
        await using var stub = new EvmStub();
        var other = StubLog.Transfer(Foreign, EvmStub.Payer, EvmStub.Us, 1_000_000);
        (await stub.ReadAsync(StubTransaction.Of("outer", other))).ShouldBe(BlockTransfers.None);
        stub.Node1.Asked.ShouldNotContain("debug_traceTransaction");
        stub.Node1.Asked.ShouldNotContain("eth_getTransactionByHash");
    }

    [Fact]
    public async Task TOK_10_every_transfer_of_a_transaction_counts_by_its_ordinal_in_the_receipt()
    {
        await using var stub = new EvmStub();
        var found = await stub.ReadAsync(
            StubTransaction.Of("before", stub.Pay(EvmStub.Payer, 1), stub.Pay(EvmStub.Payer, 2)),
            StubTransaction.Of(
                "batch",
                stub.Pay(EvmStub.Payer, 9),
                stub.Pay(EvmStub.Us, 10),
                stub.Pay(EvmStub.Us, 11),
                stub.Pay(EvmStub.AlsoUs, 12, stub.Usdc)
            )
        );
        found
            .Transfers.Select(t => (t.Position, t.Amount.Atoms, t.To))
            .ShouldBe([(1, (UInt128)10, EvmStub.Us), (2, (UInt128)11, EvmStub.Us), (3, (UInt128)12, EvmStub.AlsoUs)]);
        found.Transfers[2].Token.ShouldBe(stub.Usdc);
        stub.Node1.CountOf("eth_getTransactionReceipt").ShouldBe(1);
    }

    [Fact]
    public async Task TOK_11_sender_is_the_logs_sender_and_not_who_sent_the_transaction()
    {
        await using var stub = new EvmStub();
        const string wallet = "0x2222222222222222222222222222222222222222";
        var found = await stub.ReadAsync(
            StubTransaction.Of("account abstraction", StubLog.Transfer(stub.Usdt.Contract, wallet, EvmStub.Us, 5))
        );
        found.Transfers.ShouldHaveSingleItem().From.ShouldBe(wallet);
    }

    [Theory]
    [InlineData("10000000", "0.00000000001")]
    [InlineData("10000000000000000000", "10.00")]
    public async Task TOK_15_value_counts_in_the_decimals_of_its_token(string atoms, string text)
    {
        await using var stub = new EvmStub(Networks.Bsc);
        var value = UInt128.Parse(atoms, System.Globalization.CultureInfo.InvariantCulture);
        var found = await stub.ReadAsync(StubTransaction.Of("paid", stub.Pay(EvmStub.Us, value)));
        found.Transfers.ShouldHaveSingleItem().Amount.ToPlainText().ShouldBe(text);
    }

    [Theory]
    [InlineData(18)]
    [InlineData(5)]
    [InlineData(0)]
    public async Task TOK_16_token_that_reports_other_decimals_is_refused(int decimals)
    {
        await using var stub = new EvmStub();
        stub.Node1.Decimals[stub.Usdc.Contract] = decimals;
        var wrong = await Should.ThrowAsync<WrongNetworkException>(() => stub.Chain.ProbeAsync(default));
        wrong.Message.ShouldContain("USDC");
        await Should.ThrowAsync<WrongNetworkException>(() => stub.Chain.HeadAsync(default));
    }

    [Theory]
    [InlineData("0x")]
    [InlineData("0x06")]
    [InlineData("0x0000000000000000000000000000000000000000000000000000000000000106")]
    public async Task TOK_16_answer_that_is_no_small_number_is_refused(string decimals)
    {
        await using var stub = new EvmStub();
        stub.Node1.Instead = call => call.Method == "eth_call" ? StubAnswer.Result(call, decimals) : null;
        await Should.ThrowAsync<WrongNetworkException>(() => stub.Chain.ProbeAsync(default));
    }

    [Fact]
    public async Task TOK_16_token_without_code_is_refused()
    {
        await using var stub = new EvmStub();
        stub.Node1.Decimals.Remove(stub.Usdt.Contract);
        (await Should.ThrowAsync<WrongNetworkException>(() => stub.Chain.ProbeAsync(default))).Message.ShouldContain(
            "no contract"
        );
    }

    [Fact]
    public async Task TOK_17_amount_beyond_any_supply_is_quarantined_and_the_next_log_is_read()
    {
        await using var stub = new EvmStub();
        var most = stub.Usdt.MaxTransferAtoms;
        var found = await stub.ReadAsync(
            StubTransaction.Of(
                "huge",
                stub.Pay(EvmStub.Us, UInt256.MaxValue),
                stub.Pay(EvmStub.Us, new UInt256(1, 0)),
                stub.Pay(EvmStub.Us, most + 1),
                stub.Pay(EvmStub.Us, most),
                stub.Pay(EvmStub.Us, 5)
            )
        );
        found.Quarantined.Select(q => q.Position).ShouldBe([0, 1, 2]);
        found.Transfers.Select(t => (t.Position, t.Amount.Atoms)).ShouldBe([(3, most), (4, (UInt128)5)]);
    }

    [Fact]
    public async Task TOK_18_top_bits_make_no_sign()
    {
        await using var stub = new EvmStub();
        var found = await stub.ReadAsync(
            StubTransaction.Of(
                "signs",
                stub.Pay(EvmStub.Us, 0x80),
                stub.Pay(EvmStub.Us, 0xff),
                stub.Pay(EvmStub.Us, 0x8000_0000_0000_0000),
                stub.Pay(EvmStub.Us, new UInt256((UInt128)1 << 127, 0))
            )
        );
        found.Transfers.Select(t => t.Amount.Atoms).ShouldBe([128, 255, (UInt128)1 << 63]);
        found.Quarantined.ShouldHaveSingleItem().Reason.ShouldNotContain("-");
    }

    private static EvmLog LogOf(EvmAddress contract) => new(contract, default, "0x", 0);
}
