using System.Text.Json.Nodes;
using StablePay.Chains.Solana;
using StablePay.Core.Networks;
using StablePay.Testing.Nodes;

namespace StablePay.Chains.Tests.Solana;

/// <summary>Nodes of Solana that lie, lag, lose blocks and break.</summary>
public sealed class SolanaNodeTests : IAsyncDisposable
{
    private readonly SolanaStub _solana = new();

    public ValueTask DisposeAsync() => _solana.DisposeAsync();

    public static TheoryData<int, string, NodeFault> Errors =>
        new()
        {
            { -32001, "Block 5 cleaned up, does not exist on node. First available block: 9", NodeFault.Pruned },
            { -32004, "Block not available for slot 5", NodeFault.Lagging },
            { -32005, "Node is behind by 42 slots", NodeFault.Lagging },
            { -32005, "Node is unhealthy", NodeFault.Lagging },
            { -32005, "too many requests, slow down", NodeFault.RateLimited },
            { -32007, "Slot 5 was skipped, or missing due to ledger jump to recent snapshot", NodeFault.Skipped },
            { -32009, "Slot 5 was skipped, or missing in long-term storage", NodeFault.Skipped },
            { -32011, "Transaction history is not available from this node", NodeFault.Pruned },
            { -32014, "Block status not yet available for slot 5", NodeFault.Lagging },
            { -32016, "Minimum context slot has not been reached", NodeFault.Lagging },
            { -32019, "Failed to query long-term storage; please try again", NodeFault.Unavailable },
            { -32602, "Invalid params: unknown variant", NodeFault.Refused },
        };

    [Theory]
    [MemberData(nameof(Errors))]
    public async Task Error_of_a_node_about_a_blocks_transactions_is_a_fault_of_its_kind(
        int code,
        string message,
        NodeFault fault
    )
    {
        var block = await _solana.MineAsync(SolanaStub.Pay(5));
        _solana.Refuse("getBlock", code, message);
        var thrown = await Should.ThrowAsync<NodeException>(() =>
            _solana.Chain.TransfersAsync(block, _solana.Filter, default)
        );
        thrown.Fault.ShouldBe(fault);
    }

    [Fact]
    public async Task SOL_10_version_that_is_refused_is_a_fault_and_never_a_skipped_block()
    {
        _solana.Node1.Chain.Mine();
        _solana.Refuse("getBlock", -32015, "Transaction version (1) is not supported by the requesting client.");
        var height = _solana.Node1.SlotOf(1);
        (await Should.ThrowAsync<NodeException>(() => _solana.Chain.HeaderAtAsync(height, default))).Fault.ShouldBe(
            NodeFault.Refused
        );
        var head = await _solana.Chain.HeadAsync(default);
        await Should.ThrowAsync<NodeException>(() => _solana.Chain.HeaderAfterAsync(height - 1, head, default));
    }

    [Fact]
    public async Task SOL_10_blocks_are_asked_for_with_transactions_of_version_1()
    {
        var paid = SolanaStubNode.Transfer(
            "v1",
            SolanaStub.Payer,
            new StubPayment(SolanaStub.Usdt.Contract, SolanaStub.Us, 5)
        );
        paid.Told!["version"] = 1;
        (await _solana.ReadAsync(paid)).Transfers.ShouldHaveSingleItem();
        paid.Told["version"] = 2;
        (await _solana.FaultAsync(paid)).Fault.ShouldBe(NodeFault.Refused);
    }

    [Fact]
    public async Task SOL_11_skipped_slots_are_passed_over()
    {
        for (var i = 0; i < 12; i++)
            _solana.Node1.Chain.Mine();
        var head = await _solana.Chain.HeadAsync(default);
        var seen = new List<long>();
        for (var at = _solana.Node1.SlotOf(0); at < head; at = seen[^1])
        {
            var next = (await _solana.Chain.HeaderAfterAsync(at, head, default)).ShouldNotBeNull();
            next.Parent.Height.ShouldBe(at);
            seen.Add(next.Ref.Height);
        }
        seen.ShouldBe(Enumerable.Range(1, 12).Select(h => _solana.Node1.SlotOf(h)));
        seen.ShouldNotBe(Enumerable.Range(0, 12).Select(i => seen[0] + i), "some slots are skipped");
    }

    [Theory]
    [InlineData(-32007, "Slot 1 was skipped, or missing due to ledger jump to recent snapshot")]
    [InlineData(-32009, "Slot 1 was skipped, or missing in long-term storage")]
    public async Task SOL_11_block_that_a_node_lost_is_no_skipped_slot(int code, string message)
    {
        for (var i = 0; i < 4; i++)
            _solana.Node1.Chain.Mine();
        var lost = _solana.Node1.SlotOf(2);
        Hide(lost, StubAnswer.Error, code, message);
        var head = await _solana.Chain.HeadAsync(default);
        // The next block that the node has names the lost one as its parent.
        (
            await Should.ThrowAsync<NodeException>(() => _solana.Chain.HeaderAfterAsync(lost - 1, head, default))
        ).Fault.ShouldBe(NodeFault.Lagging);
        (await Should.ThrowAsync<NodeException>(() => _solana.Chain.HeaderAtAsync(lost, default))).Fault.ShouldBe(
            NodeFault.Lagging
        );
        // A slot that was skipped is proven so by the same block's parent.
        (await _solana.Chain.HeaderAtAsync(_solana.Node1.SlotOf(3) - 1, default)).ShouldBeNull();
    }

    [Fact]
    public async Task SOL_11_null_in_place_of_a_block_is_no_skipped_slot()
    {
        for (var i = 0; i < 4; i++)
            _solana.Node1.Chain.Mine();
        var lost = _solana.Node1.SlotOf(2);
        Hide(lost, (call, _, _) => StubAnswer.Result(call, null), 0, "");
        await Should.ThrowAsync<NodeException>(() => _solana.Chain.HeaderAtAsync(lost, default));
    }

    [Fact]
    public async Task SOL_11_second_node_has_what_the_first_one_lost()
    {
        await using var solana = new SolanaStub(nodes: 2);
        for (var i = 0; i < 4; i++)
            solana.Node1.Chain.Mine();
        var slot = solana.Node1.SlotOf(2);
        solana.Refuse("getBlock", -32009, $"Slot {slot} was skipped, or missing in long-term storage");
        (await solana.Chain.HeaderAtAsync(slot, default)).ShouldNotBeNull().Ref.Height.ShouldBe(slot);
    }

    [Fact]
    public async Task SOL_11_slots_that_were_listed_before_a_fork_are_listed_again()
    {
        for (var i = 0; i < 4; i++)
            _solana.Node1.Chain.Mine();
        var start = _solana.Node1.SlotOf(1);
        var head = await _solana.Chain.HeadAsync(default);
        await _solana.Chain.HeaderAfterAsync(start, head, default);
        // The fork's blocks are in other slots: the second one is in what was skipped.
        _solana.Node1.Chain.Cut(2);
        var slots = _solana.Node1.SlotOf;
        _solana.Node1.SlotOf = height => slots(height) + (height >= 3 ? 4 : 0);
        _solana.Node1.Chain.Mine();
        head = await _solana.Chain.HeadAsync(default);
        await Should.ThrowAsync<NodeException>(() => _solana.Chain.HeaderAfterAsync(slots(2), head, default));
        var next = (await _solana.Chain.HeaderAfterAsync(slots(2), head, default)).ShouldNotBeNull();
        (next.Parent.Height, next.Ref.Height).ShouldBe((slots(2), slots(3) + 4));
    }

    [Theory]
    [InlineData("[5]")]
    [InlineData("[250000002,250000001]")]
    [InlineData("[250000001,250000001]")]
    [InlineData("[\"250000001\"]")]
    [InlineData("null")]
    [InlineData("{}")]
    public async Task EVM_14_list_of_slots_out_of_turn_is_a_fault(string list)
    {
        for (var i = 0; i < 4; i++)
            _solana.Node1.Chain.Mine();
        var head = await _solana.Chain.HeadAsync(default);
        _solana.Node1.Instead = call =>
            call.Method == "getBlocks" ? StubAnswer.Result(call, JsonNode.Parse(list)) : null;
        var thrown = await Should.ThrowAsync<NodeException>(() =>
            _solana.Chain.HeaderAfterAsync(SolanaStubNode.FirstSlot, head, default)
        );
        thrown.Fault.ShouldBe(NodeFault.Malformed);
    }

    [Fact]
    public async Task SOL_08_block_replaced_while_it_is_read_is_a_fault()
    {
        var header = await _solana.MineAsync(SolanaStub.Pay(5));
        _solana.Node1.Chain.Cut(1);
        _solana.Node1.Chain.Mine(SolanaStub.Pay(5));
        var fault = await Should.ThrowAsync<NodeException>(() =>
            _solana.Chain.TransfersAsync(header, _solana.Filter, default)
        );
        fault.Fault.ShouldBe(NodeFault.Lagging);
    }

    [Fact]
    public async Task SOL_08_head_is_confirmed_and_final_is_finalized()
    {
        for (var i = 0; i < 40; i++)
            _solana.Node1.Chain.Mine();
        _solana.Node1.FinalizedDistance = 31;
        var final = (await _solana.Chain.FinalizedAsync(default)).ShouldNotBeNull();
        final.ShouldBe(new BlockRef(_solana.Node1.SlotOf(9), _solana.Node1.HashOf(_solana.Node1.Chain.Blocks[9])));
        (await _solana.Chain.HeadAsync(default)).ShouldBe(_solana.Node1.SlotOf(40));
    }

    [Theory]
    [InlineData("preTokenBalances")]
    [InlineData("postTokenBalances")]
    [InlineData("meta")]
    public async Task EVM_14_transaction_without_its_balances_is_a_fault_and_never_no_payment(string member)
    {
        _solana.Change(t =>
        {
            if (member == "meta")
                t["meta"] = null;
            else
                t["meta"]![member] = null;
        });
        (await _solana.FaultAsync(SolanaStub.Pay(5))).Fault.ShouldBe(NodeFault.Malformed);
        _solana.Change(t => (member == "meta" ? t : t["meta"]!.AsObject()).Remove(member));
        (await _solana.FaultAsync(SolanaStub.Pay(5))).Fault.ShouldBe(NodeFault.Malformed);
    }

    [Theory]
    [InlineData("owner")]
    [InlineData("programId")]
    [InlineData("mint")]
    [InlineData("accountIndex")]
    [InlineData("uiTokenAmount")]
    public async Task EVM_14_balance_of_ours_without_a_member_is_a_fault(string member)
    {
        _solana.Change(t => t["meta"]!["postTokenBalances"]![1]!.AsObject().Remove(member));
        (await _solana.FaultAsync(SolanaStub.Pay(5))).Fault.ShouldBe(NodeFault.Malformed);
    }

    [Fact]
    public async Task EVM_14_account_that_is_not_among_the_keys_is_a_fault()
    {
        _solana.Change(t => t["meta"]!["postTokenBalances"]![1]!["accountIndex"] = 77);
        (await _solana.FaultAsync(SolanaStub.Pay(5))).Fault.ShouldBe(NodeFault.Malformed);
        _solana.Change(t => t["meta"]!["postTokenBalances"]![1]!["accountIndex"] = 1);
        (await _solana.FaultAsync(SolanaStub.Pay(5))).Fault.ShouldBe(NodeFault.Malformed);
    }

    [Fact]
    public async Task EVM_14_member_that_comes_twice_is_refused()
    {
        _solana.Node1.Instead = call =>
            call.Method == "getBlock"
                ? new StubAnswer(
                    StubAnswer
                        .Result(call, _solana.Node1.TruthOf(call))
                        .Body.Replace("\"err\":null", "\"err\":{},\"err\":null")
                )
                : null;
        (await _solana.FaultAsync(SolanaStub.Pay(5))).Fault.ShouldBe(NodeFault.Malformed);
    }

    [Theory]
    [InlineData("blockhash")]
    [InlineData("previousBlockhash")]
    [InlineData("parentSlot")]
    public async Task EVM_14_block_without_a_member_is_a_fault(string member)
    {
        _solana.Node1.Instead = call =>
        {
            if (call.Method != "getBlock")
                return null;
            var told = _solana.Node1.TruthOf(call)!.AsObject();
            told.Remove(member);
            return StubAnswer.Result(call, told);
        };
        (await _solana.FaultAsync()).Fault.ShouldBe(NodeFault.Malformed);
    }

    [Fact]
    public async Task P7_block_whose_time_is_not_told_yet_is_not_read_yet()
    {
        _solana.Node1.Instead = call =>
        {
            if (call.Method != "getBlock")
                return null;
            var told = _solana.Node1.TruthOf(call)!;
            told["blockTime"] = null;
            return StubAnswer.Result(call, told);
        };
        (await _solana.FaultAsync()).Fault.ShouldBe(NodeFault.Lagging);
    }

    [Theory]
    [InlineData("4uhcVJyU9pJkvQyS88uRDiswHXSCkY3zQawwpjk2NsNY")]
    [InlineData("5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9e")]
    public async Task EVM_15_node_of_another_chain_halts_the_network(string genesis)
    {
        _solana.Node1.GenesisHash = genesis;
        (await Should.ThrowAsync<WrongNetworkException>(() => _solana.Chain.ProbeAsync(default))).Message.ShouldContain(
            "another chain"
        );
    }

    [Fact]
    public async Task EVM_15_id_of_the_network_pins_the_beginning_of_the_genesis_hash()
    {
        _solana.Node1.GenesisHash = "5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9e";
        await _solana.Open(null).ProbeAsync(default);
        _solana.Node1.GenesisHash = "4uhcVJyU9pJkvQyS88uRDiswHXSCkY3zQawwpjk2NsNY";
        await Should.ThrowAsync<WrongNetworkException>(() => _solana.Open(null).ProbeAsync(default));
    }

    [Fact]
    public async Task TOK_16_mint_with_other_decimals_of_another_program_or_none_halts_the_network()
    {
        var contract = SolanaStub.Usdt.Contract;
        foreach (
            var (mint, why) in new (StubMint?, string)[]
            {
                (SolanaStub.Mint with { Decimals = 9 }, "has 9 decimals"),
                (new StubMint(SolanaStubNode.AddressOf("a program"), 6), "not to the Token program"),
                (new StubMint($"{SolanaPrograms.Token2022}", 6), "its extensions are: none"),
                (null, "does not exist"),
            }
        )
        {
            _solana.Node1.Mints.Remove(contract);
            if (mint is not null)
                _solana.Node1.Mints[contract] = mint;
            var refused = await Should.ThrowAsync<WrongNetworkException>(() => _solana.Chain.ProbeAsync(default));
            refused.Message.ShouldContain(contract);
            refused.Message.ShouldContain(why);
        }
    }

    [Fact]
    public async Task Next_node_is_asked_when_one_fails()
    {
        await using var solana = new SolanaStub(nodes: 2);
        solana.Refuse("getBlock", -32005, "Node is behind by 42 slots");
        (await solana.ReadAsync(SolanaStub.Pay(5))).Transfers.ShouldHaveSingleItem();
    }

    [Heavy]
    [Fact]
    public async Task Block_of_others_allocates_no_more_for_many_transactions_than_for_few()
    {
        static StubTransaction Other(int i) =>
            SolanaStubNode.Transfer(
                $"other {i}",
                SolanaStubNode.AddressOf("somebody"),
                new StubPayment(SolanaStub.Usdt.Contract, SolanaStubNode.AddressOf("somebody else"), 5)
            );
        var (few, many) = (await AllocatedAsync(10), await AllocatedAsync(2_000));
        (many - few).ShouldBeLessThan(2_000);

        async Task<long> AllocatedAsync(int count)
        {
            var header = await _solana.MineAsync([.. Enumerable.Range(0, count).Select(Other)]);
            var call = new StubCall(
                "getBlock",
                [
                    header.Ref.Height,
                    JsonNode.Parse("""{"transactionDetails":"accounts","maxSupportedTransactionVersion":1}"""),
                ],
                0
            );
            var body = System.Text.Encoding.UTF8.GetBytes(_solana.Node1.TruthOf(call)!.ToJsonString());
            // The least of several: while the runtime still compiles it, a reading allocates what is not its own.
            return Enumerable.Range(0, 20).Min(_ => AllocatedBy(() => Read(body, header.Ref.Height)));
        }

        static long AllocatedBy(Action read)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            read();
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        void Read(byte[] body, long slot)
        {
            var json = new System.Text.Json.Utf8JsonReader(body);
            json.Read();
            var filter = new Nobody();
            new SolanaBlockReader(slot, new SolanaTransactionReader(filter)).Read(ref json)!.Ours.ShouldBeEmpty();
        }
    }

    private sealed class Nobody : IAddressFilter
    {
        public bool MayContain(ReadOnlySpan<byte> address) => false;
    }

    /// <summary>The node has lost this slot: it neither lists it nor tells of it.</summary>
    private void Hide(long slot, Func<StubCall, int, string, StubAnswer> answer, int code, string message) =>
        _solana.Node1.Instead = call =>
            call.Method switch
            {
                "getBlock" when call.Parameters[0]!.GetValue<long>() == slot => answer(call, code, message),
                "getBlocks" => StubAnswer.Result(
                    call,
                    new JsonArray([
                        .. _solana
                            .Node1.TruthOf(call)!
                            .AsArray()
                            .Select(s => s!.GetValue<long>())
                            .Where(s => s != slot)
                            .Select(s => JsonValue.Create(s)),
                    ])
                ),
                _ => null,
            };
}
