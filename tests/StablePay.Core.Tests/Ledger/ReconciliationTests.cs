using StablePay.Core.Tests.Checkout;

namespace StablePay.Core.Tests.Ledger;

/// <summary>L6: what counts as a difference between books and chain, and how an item of it moves.</summary>
public sealed class ReconciliationTests
{
    private static readonly Difference Missing = new(DifferenceKind.Missing, 10, 7);

    [Theory]
    [InlineData(5, 9, 5)]
    [InlineData(5, 9, 7)]
    [InlineData(5, 9, 9)]
    [InlineData(5, 5, 5)]
    public void Balance_between_what_is_certain_and_what_is_possible_agrees(
        ulong certain,
        ulong possible,
        ulong held
    ) => Reconciliation.Compare(new Booked(certain, possible), new Holding(held, false)).ShouldBeEmpty();

    [Fact]
    public void Less_than_is_certain_is_missing_and_more_than_is_possible_is_a_surplus()
    {
        var booked = new Booked(5, 9);
        Reconciliation.Compare(booked, new Holding(4, false)).ShouldBe([new Difference(DifferenceKind.Missing, 5, 4)]);
        Reconciliation
            .Compare(booked, new Holding(10, false))
            .ShouldBe([new Difference(DifferenceKind.Surplus, 9, 10)]);
    }

    [Fact]
    public void TOK_13_frozen_money_is_told_beside_what_is_missing()
    {
        var booked = new Booked(5, 9);
        Reconciliation.Compare(booked, new Holding(7, true)).ShouldBe([new Difference(DifferenceKind.Frozen, 5, 7)]);
        Reconciliation
            .Compare(booked, new Holding(0, true))
            .Select(d => d.Kind)
            .ShouldBe([DifferenceKind.Missing, DifferenceKind.Frozen]);
    }

    [Theory]
    [InlineData(DifferenceKind.Missing, 8, false)]
    [InlineData(DifferenceKind.Missing, 9, true)]
    [InlineData(DifferenceKind.Surplus, 5, true)]
    [InlineData(DifferenceKind.Surplus, 6, false)]
    [InlineData(DifferenceKind.Frozen, 7, true)]
    public void Balance_between_the_two_rules_neither_out(DifferenceKind kind, ulong held, bool rulesOut)
    {
        var booked = new Booked(5, 9);
        Reconciliation.RulesOut(kind, booked, new Holding(held, false)).ShouldBe(rulesOut);
        Reconciliation
            .RulesOut(kind, booked, new Holding(held, true))
            .ShouldBe(rulesOut && kind != DifferenceKind.Frozen);
    }

    [Theory]
    [InlineData(10, 7, 3)]
    [InlineData(7, 10, 3)]
    [InlineData(7, 7, 0)]
    public void Difference_is_how_far_the_two_are_apart(ulong booked, ulong onChain, ulong atoms) =>
        new Difference(DifferenceKind.Missing, booked, onChain).Atoms.ShouldBe((UInt128)atoms);

    [Fact]
    public void What_is_certain_cannot_be_more_than_what_is_possible() =>
        Broken(() => Reconciliation.Compare(new Booked(2, 1), new Holding(1, false)), "what is certain is possible");

    [Fact]
    public void Item_goes_from_suspicion_to_open_to_closed_one_version_at_a_time()
    {
        var doubted = Suspicion().Doubt(3);
        (doubted.State, doubted.LookedInCycle, doubted.Version).ShouldBe((ItemState.Suspected, 3, 2));
        var open = doubted.Open(Missing with { OnChain = 6 }, 12, Sessions.Ends);
        (open.State, open.OpenedAt, open.Height, open.Version).ShouldBe((ItemState.Open, Sessions.Ends, 12, 3));
        open.Difference.OnChain.ShouldBe((UInt128)6);
        var seen = open.See(Missing, 13);
        (seen.State, seen.Difference, seen.Height, seen.Version).ShouldBe((ItemState.Open, Missing, 13, 4));
        var closed = seen.Close(Sessions.Ends);
        (closed.State, closed.ClosedAt, closed.Version).ShouldBe((ItemState.Closed, Sessions.Ends, 5));
    }

    [Fact]
    public void Item_moves_no_other_way()
    {
        var suspicion = Suspicion();
        var open = suspicion.Open(Missing, 11, Sessions.Ends);
        var closed = open.Close(Sessions.Ends);
        foreach (var item in (ReconciliationItem[])[open, closed])
        {
            Broken(() => item.Open(Missing, 12, Sessions.Ends), "only a suspicion is opened");
            Broken(() => item.Doubt(2), "only a suspicion is doubted");
        }
        foreach (var item in (ReconciliationItem[])[suspicion, closed])
            Broken(() => item.Close(Sessions.Ends), "only an open item is closed");
        Broken(() => closed.See(Missing, 12), "a closed item does not change");
        Broken(() => open.See(Missing with { Kind = DifferenceKind.Surplus }, 12), "an item keeps its kind");
    }

    private static ReconciliationItem Suspicion() =>
        new()
        {
            Id = new ReconciliationItemId("rec_1"),
            At = new TokenAt(Sessions.Usdt, "0x1"),
            Session = new SessionId("sess_1"),
            Store = new StoreId("st_1"),
            State = ItemState.Suspected,
            Difference = Missing,
            Height = 11,
            SuspectedAt = Sessions.Created,
        };

    private static void Broken(Action act, string why) =>
        Should.Throw<InvariantBrokenException>(act).Message.ShouldContain(why);
}
