using StablePay.Core.Tests.Checkout;

namespace StablePay.Core.Tests.Networks;

public sealed class TransferMachineTests
{
    private static Transfer Included(string block, long cents = 100) =>
        new()
        {
            Id = Transfer.IdOf(Sessions.Usdt.Network, "0xab", 0),
            Network = Sessions.Usdt.Network,
            TransactionHash = "0xab",
            Position = 0,
            Amount = Sessions.Cents(cents),
            From = "0x1",
            To = "0x2",
            Session = new SessionId("sess_1"),
            Store = new StoreId("st_1"),
            Block = new BlockRef(1, block),
            BlockTime = Sessions.Created,
            State = TransferState.Included,
            Class = TransferClass.Counted,
            SeenAt = Sessions.Created,
            Version = 1,
        };

    [Fact]
    public void EVM_03_a_transfer_that_comes_back_is_what_its_new_receipt_says()
    {
        var orphaned = TransferMachine.Orphan(Included("0xa", 100));
        var again = TransferMachine.Reinclude(orphaned, Included("0xb", 70) with { SeenAt = Sessions.Ends });
        again.Amount.ShouldBe(Sessions.Cents(70));
        again.Block.Hash.ShouldBe("0xb");
        again.SeenAt.ShouldBe(Sessions.Created);
        again.Version.ShouldBe(3);
    }

    [Fact]
    public void EVM_02_identity_is_network_transaction_and_ordinal()
    {
        Transfer
            .IdOf(new NetworkId("eip155:1"), "0xab", 0)
            .ShouldBe(Transfer.IdOf(new NetworkId("eip155:1"), "0xab", 0));
        Transfer
            .IdOf(new NetworkId("eip155:56"), "0xab", 0)
            .ShouldNotBe(Transfer.IdOf(new NetworkId("eip155:1"), "0xab", 0));
        Transfer
            .IdOf(new NetworkId("eip155:1"), "0xab", 1)
            .ShouldNotBe(Transfer.IdOf(new NetworkId("eip155:1"), "0xab", 0));
    }

    [Fact]
    public void A_final_transfer_neither_loses_its_block_nor_becomes_final_again()
    {
        var final = TransferMachine.Finalize(Included("0xa"));
        Broken(() => TransferMachine.Orphan(final)).ShouldContain("a final transfer keeps its block");
        Broken(() => TransferMachine.Finalize(final)).ShouldContain("only a transfer in a block becomes final");
    }

    [Fact]
    public void Only_an_orphaned_transfer_comes_back_and_as_itself()
    {
        var included = Included("0xa");
        Broken(() => TransferMachine.Reinclude(included, Included("0xb")))
            .ShouldContain("only an orphaned transfer is included again");
        var another = Included("0xb") with { Id = Transfer.IdOf(Sessions.Usdt.Network, "0xcd", 0) };
        Broken(() => TransferMachine.Reinclude(TransferMachine.Orphan(included), another))
            .ShouldContain("a transfer keeps its identity");
    }

    [Fact]
    public void Only_an_included_transfer_that_counts_is_accepted()
    {
        const string rule = "only an included transfer that counts is accepted";
        var late = Included("0xa") with { Class = TransferClass.Late };
        Broken(() => TransferMachine.Accept(late)).ShouldContain(rule);
        Broken(() => TransferMachine.Accept(TransferMachine.Orphan(Included("0xa")))).ShouldContain(rule);
    }

    private static string Broken(Action move) => Should.Throw<InvariantBrokenException>(move).Message;

    private static readonly (string Name, Func<Transfer, Transfer> Move)[] Moves =
    [
        ("in a block again", t => TransferMachine.Reinclude(t, Included("0xb", 70))),
        ("accepted", TransferMachine.Accept),
        ("orphaned", TransferMachine.Orphan),
        ("finalized", TransferMachine.Finalize),
    ];

    /// <summary>Every state with every input.</summary>
    public static IEnumerable<string> Rows() =>
        from state in Enum.GetValues<TransferState>()
        from move in Moves
        let transfer = Included("0xa") with
        {
            State = state,
        }
        select $"| {state} | {move.Name} | {MachineTables.Outcome(() => move.Move(transfer).State.ToString())} |";

    [Fact]
    public void No_history_moves_a_final_transfer_and_each_step_is_one_version() =>
        Gen.Int[0, Moves.Length - 1]
            .Array[0, 30]
            .Sample(history =>
            {
                var transfer = Included("0xa");
                foreach (var step in history)
                {
                    var before = transfer;
                    try
                    {
                        transfer = Moves[step].Move(before);
                    }
                    catch (InvariantBrokenException)
                    {
                        continue;
                    }
                    before.State.ShouldNotBe(TransferState.Final);
                    transfer.Version.ShouldBe(before.Version + 1);
                    (transfer.Id, transfer.SeenAt).ShouldBe((before.Id, before.SeenAt));
                }
            });
}
