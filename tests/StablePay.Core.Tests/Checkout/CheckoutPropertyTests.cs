using System.Numerics;
using StablePay.Core.Tests.Money;
using static StablePay.Core.Tests.Checkout.Sessions;

namespace StablePay.Core.Tests.Checkout;

/// <summary>What holds for every history, however it goes.</summary>
public sealed class CheckoutPropertyTests
{
    /// <summary>
    /// Transfers come into blocks, are accepted, are undone, become final, in any order that a chain can produce.
    /// </summary>
    private static readonly Gen<(int Kind, int Cents)[]> Histories = Gen.Select(Gen.Int[0, 6], Gen.Int[1, 3_000]).Array[
        0,
        30
    ];

    [Fact]
    public void Received_is_the_sum_of_what_is_in_blocks_and_paid_means_covered_by_what_is_final_or_accepted() =>
        Histories.Sample(history =>
        {
            var session = Chosen();
            var chain = new Chain();
            var (completed, undone) = (0, 0);
            foreach (var (kind, cents) in history)
            {
                if (chain.Next(kind, cents) is not { } input)
                    continue;
                var before = session;
                var decision = session.Decided(input);
                if (decision.Next is not { } next)
                    continue;
                session = next;
                completed += decision.Names().Count(n => n == "payment.completed");
                (session.Version - before.Version).ShouldBeInRange(0, 1);
                if (before.State == SessionState.Paid && session.State != SessionState.Paid)
                {
                    // Only the loss of an accepted transfer opens a paid session again, and it is told.
                    undone++;
                    input.ShouldBeOfType<CheckoutInput.Orphaned>().WasAccepted.ShouldBeTrue();
                    before.Final.ShouldBeLessThan(before.Required);
                    decision.Names().ShouldContain("payment.reversed");
                }
                else if (before.State.IsTerminal)
                {
                    session.State.ShouldBe(before.State);
                }
            }
            session.Included.ShouldBe(
                Coverage.FromCents(chain.Included.Sum() + chain.Accepted.Sum() + chain.Final.Sum())
            );
            session.Accepted.ShouldBe(Coverage.FromCents(chain.Accepted.Sum() + chain.Final.Sum()));
            session.Final.ShouldBe(Coverage.FromCents(chain.Final.Sum()));
            (completed - undone).ShouldBe(session.State == SessionState.Paid ? 1 : 0);
            (session.PaidAt is not null).ShouldBe(session.State == SessionState.Paid);
            if (session.State == SessionState.Paid)
                session.Accepted.ShouldBeGreaterThanOrEqualTo(session.Required);
        });

    /// <summary>Amounts in cents of transfers by where they stand.</summary>
    private sealed class Chain
    {
        public List<int> Included { get; } = [];
        public List<int> Accepted { get; } = [];
        public List<int> Final { get; } = [];

        public CheckoutInput? Next(int kind, int cents)
        {
            switch (kind)
            {
                case 0 or 1:
                    Included.Add(cents);
                    return In(cents);
                case 2 when Take(Included, first: true) is { } lost:
                    return Out(lost);
                case 2 when Take(Accepted, first: true) is { } lost:
                    return TakenOut(lost);
                case 3 when Take(Included, first: false) is { } credited:
                    Final.Add(credited);
                    return Sessions.Final(credited);
                case 3 when Take(Accepted, first: false) is { } credited:
                    Final.Add(credited);
                    return TakenFinal(credited);
                case 4:
                    return new CheckoutInput.TimeOver();
                case 5:
                    return new CheckoutInput.CanceledByMerchant();
                case 6 when Take(Included, first: false) is { } taken:
                    Accepted.Add(taken);
                    return Taken(taken);
                default:
                    return null;
            }
        }

        private static int? Take(List<int> from, bool first)
        {
            if (from.Count == 0)
                return null;
            var place = first ? 0 : from.Count - 1;
            var taken = from[place];
            from.RemoveAt(place);
            return taken;
        }
    }

    [Fact]
    public void PAY_02_tolerance_takes_its_part_of_the_due_amount_exactly_and_never_all() =>
        Gen.Select(Draws.Minors, Gen.Int[0, 1_000])
            .Sample(
                (cents, points) =>
                {
                    var session = New(cents, points);
                    var due = (BigInteger)session.Quote.Due.Value;
                    ((BigInteger)session.Required.Value * 10_000).ShouldBe(due * (10_000 - points));
                    session.Required.ShouldBeGreaterThan(Coverage.Zero);
                }
            );

    [Fact]
    public void Every_state_answers_every_input()
    {
        var states = new Dictionary<SessionState, CheckoutSession>
        {
            [SessionState.Awaiting] = Chosen(),
            [SessionState.Underpaid] = Chosen().After(In(1_000)),
            [SessionState.Confirming] = Chosen().After(In(2599)),
            [SessionState.Frozen] = Chosen().After(In(2599)) with { State = SessionState.Frozen },
            [SessionState.Paid] = Chosen().After(In(2599), Final(2599)),
            [SessionState.Expired] = Chosen().After(new CheckoutInput.TimeOver()),
            [SessionState.Canceled] = Chosen().After(new CheckoutInput.CanceledByPayer()),
            [SessionState.Failed] = Chosen().After(In(2599), Out(2599), new CheckoutInput.TimeOver()),
        };
        states.Keys.ShouldBe(Enum.GetValues<SessionState>(), ignoreOrder: true);
        var rows = new List<string>();
        var named = states
            .Select(s => (Name: s.Key.ToString(), Session: s.Value))
            .Append(("Paid, not final", Chosen().After(In(2599), Taken(2599))));
        foreach (var (state, session) in named)
        {
            foreach (var (name, input) in Inputs(session))
            {
                var decision = session.Decided(input);
                var outcome =
                    decision.Rejection is { } refused ? $"refused: {refused.Code}"
                    : ReferenceEquals(decision.Next, session) ? "nothing"
                    : $"{decision.Next!.State} {string.Join(' ', decision.Names())}".TrimEnd();
                rows.Add($"| {state} | {name} | {outcome} |");
            }
        }
        Snapshot.Matches("docs/states.md", MachineTables.Document(rows));
    }

    private static IEnumerable<(string Name, CheckoutInput Input)> Inputs(CheckoutSession session)
    {
        yield return ("chosen: another coin", new CheckoutInput.Chosen(UsdtChoice with { Token = Usdc }));
        yield return ("included: the rest", In(2599));
        yield return ("included: a part", In(100));
        if (session.Included > session.Accepted)
            yield return ("accepted: all", Taken(session.Included.ToCents(Rounding.Down)));
        if (session.Accepted > session.Final)
            yield return ("orphaned: all that was accepted", TakenOut(session.Accepted.ToCents(Rounding.Down)));
        if (session.Accepted > session.Final)
            yield return ("finalized: all that was accepted", TakenFinal(session.Accepted.ToCents(Rounding.Down)));
        if (session.Included > session.Accepted)
            yield return ("orphaned: all", Out(session.Included.ToCents(Rounding.Down)));
        if (session.Included > session.Accepted)
            yield return ("finalized: all", Final(session.Included.ToCents(Rounding.Down)));
        yield return ("included: late", new CheckoutInput.Included(Cents(100), TransferClass.Late));
        yield return ("finalized: late", new CheckoutInput.Finalized(Cents(100), TransferClass.Late));
        yield return (
            "included: unattributed",
            new CheckoutInput.Included(new TokenAmount(Usdc, 25_990_000), TransferClass.Unattributed)
        );
        yield return ("time over", new CheckoutInput.TimeOver());
        yield return ("canceled by merchant", new CheckoutInput.CanceledByMerchant());
        yield return ("canceled by payer", new CheckoutInput.CanceledByPayer());
    }
}
