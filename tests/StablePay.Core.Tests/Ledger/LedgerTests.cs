using StablePay.Core.Tests.Checkout;

namespace StablePay.Core.Tests.Ledger;

public sealed class LedgerTests
{
    private static Transfer Final(TransferClass @class) =>
        new()
        {
            Id = Transfer.IdOf(Sessions.Usdt.Network, "0xab", 0),
            Network = Sessions.Usdt.Network,
            TransactionHash = "0xab",
            Position = 0,
            Amount = Sessions.Cents(2599),
            From = "0x1",
            To = "0x2",
            Session = new SessionId("sess_1"),
            Store = new StoreId("st_1"),
            Block = new BlockRef(1, "0x1"),
            BlockTime = Sessions.Created,
            State = TransferState.Final,
            Class = @class,
            SeenAt = Sessions.Created,
            Version = 2,
        };

    [Theory]
    [InlineData(TransferClass.Counted, "store:st_1:balance")]
    [InlineData(TransferClass.Late, "store:st_1:balance")]
    [InlineData(TransferClass.Unattributed, "store:st_1:suspense")]
    [InlineData(TransferClass.Dust, "store:st_1:suspense")]
    public void A_final_transfer_moves_its_amount_from_deposits_to_the_store(TransferClass @class, string account)
    {
        var entry = Chart.TransferFinal(Final(@class), Sessions.Created);
        entry
            .Postings.Select(p => (p.Account.Name, p.Side))
            .ShouldBe([("network:eip155:1:deposits", Side.Debit), (account, Side.Credit)]);
        entry.Postings.ShouldAllBe(p => p.Amount == Sessions.Cents(2599));
    }

    [Fact]
    public void T7_an_internal_transfer_is_never_income() =>
        Should
            .Throw<InvariantBrokenException>(() => Chart.TransferFinal(Final(TransferClass.Internal), Sessions.Created))
            .Message.ShouldContain("an internal transfer is never income (T7)");

    [Fact]
    public void L2_an_entry_that_does_not_balance_cannot_be_made() =>
        Should.Throw<InvariantBrokenException>(() =>
            new LedgerEntry(
                new EntryId("le_1"),
                "test",
                new StoreId("st_1"),
                Sessions.Created,
                [
                    new Posting(new LedgerAccount("a"), Side.Debit, Sessions.Cents(1)),
                    new Posting(new LedgerAccount("b"), Side.Credit, Sessions.Cents(2)),
                ]
            )
        );

    [Fact]
    public void The_same_fact_makes_the_same_cause_so_that_it_is_posted_once() =>
        Chart
            .TransferFinal(Final(TransferClass.Counted), Sessions.Created)
            .Cause.ShouldBe(Chart.TransferFinal(Final(TransferClass.Counted), Sessions.Ends).Cause);

    [Fact]
    public void Cause_names_the_fact_and_the_id_is_made_from_it()
    {
        var transfer = Final(TransferClass.Counted);
        var entry = Chart.TransferFinal(transfer, Sessions.Created);
        entry.Cause.ShouldBe($"transfer_final:{transfer.Id}");
        entry.Id.ShouldBe(Chart.TransferFinal(transfer, Sessions.Created).Id);
        entry.Id.Value.ShouldStartWith("le_");
    }

    [Fact]
    public void PAY_02_what_tolerance_costs_is_written_on_both_sides()
    {
        var entry = Chart.Tolerated(new SessionId("sess_1"), new StoreId("st_1"), Sessions.Cents(3), Sessions.Created);
        entry.Cause.ShouldBe("tolerated:sess_1");
        entry
            .Postings.Select(p => (p.Account.Name, p.Side))
            .ShouldBe([("store:st_1:tolerance", Side.Debit), ("store:st_1:shortage", Side.Credit)]);
        entry.Postings.ShouldAllBe(p => p.Amount == Sessions.Cents(3));
    }

    [Fact]
    public void L2_entry_has_two_postings_at_least_and_balances_in_each_token()
    {
        LedgerEntry Of(params Posting[] postings) =>
            new(new EntryId("le_1"), "test", new StoreId("st_1"), Sessions.Created, postings);
        Posting On(Side side, Token token, ulong atoms) =>
            new(new LedgerAccount("a"), side, new TokenAmount(token, atoms));
        var other = Sessions.Usdt with { Asset = Asset.Usdc, Contract = "0xusdc" };
        Should
            .Throw<InvariantBrokenException>(() => Of(On(Side.Debit, Sessions.Usdt, 0)))
            .Message.ShouldContain("an entry has at least two postings (L2)");
        Should
            .Throw<InvariantBrokenException>(() => Of(On(Side.Debit, Sessions.Usdt, 1), On(Side.Credit, other, 1)))
            .Message.ShouldContain($"entry test does not balance in {Sessions.Usdt}");
        Of(On(Side.Debit, Sessions.Usdt, 3), On(Side.Credit, Sessions.Usdt, 1), On(Side.Credit, Sessions.Usdt, 2))
            .Postings.Count.ShouldBe(3);
    }

    [Fact]
    public void Running_totals_are_kept_of_stores_alone()
    {
        LedgerAccount.StoreBalance(new StoreId("st_1")).HasRunningTotal.ShouldBeTrue();
        LedgerAccount.Deposits(Sessions.Usdt.Network).HasRunningTotal.ShouldBeFalse();
    }
}
