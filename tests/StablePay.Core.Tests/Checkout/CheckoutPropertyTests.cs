using StablePay.Testing;
using static StablePay.Core.Tests.Checkout.Sessions;

namespace StablePay.Core.Tests.Checkout;

/// <summary>What holds for every history, however it goes.</summary>
public sealed class CheckoutPropertyTests
{
    /// <summary>Transfers come into blocks, are undone, become final, in any order that a chain can produce.</summary>
    private static readonly Gen<(int Kind, int Cents)[]> Histories = Gen.Select(Gen.Int[0, 5], Gen.Int[1, 3_000]).Array[
        0,
        30
    ];

    [Fact]
    public void Received_is_the_sum_of_what_is_in_blocks_and_paid_means_covered_by_final_money() =>
        Histories.Sample(history =>
        {
            var session = Chosen();
            var included = new List<int>();
            var final = new List<int>();
            var completed = 0;
            foreach (var (kind, cents) in history)
            {
                var input = Next(kind, cents, included, final);
                if (input is null)
                    continue;
                var before = session;
                var decision = session.Decided(input);
                if (decision.Next is not { } next)
                    continue;
                session = next;
                completed += decision.Names().Count(n => n == "payment.completed");
                (session.Version - before.Version).ShouldBeInRange(0, 1);
                if (before.State.IsTerminal)
                    session.State.ShouldBe(before.State);
            }
            session.Included.ShouldBe(Coverage.FromCents(included.Sum() + final.Sum()));
            session.Final.ShouldBe(Coverage.FromCents(final.Sum()));
            (session.State == SessionState.Paid).ShouldBe(completed == 1);
            completed.ShouldBeLessThanOrEqualTo(1);
            if (session.State == SessionState.Paid)
                session.Final.ShouldBeGreaterThanOrEqualTo(session.Required);
        });

    private static CheckoutInput? Next(int kind, int cents, List<int> included, List<int> final)
    {
        switch (kind)
        {
            case 0 or 1:
                included.Add(cents);
                return In(cents);
            case 2 when included.Count > 0:
                var undone = included[0];
                included.RemoveAt(0);
                return Out(undone);
            case 3 when included.Count > 0:
                var credited = included[^1];
                included.RemoveAt(included.Count - 1);
                final.Add(credited);
                return Final(credited);
            case 4:
                return new CheckoutInput.TimeOver();
            case 5:
                return new CheckoutInput.CanceledByMerchant();
            default:
                return null;
        }
    }

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
        foreach (var (state, session) in states)
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
        var table = $"""
            # What each input makes of a session in each state

            Made by a test from the machine itself; a change of behaviour is a change of this file. A session of 25.99 USD
            with USDT chosen. "Nothing" means that the object itself comes back; a state without an event changes amounts
            or nothing but the version.

            | state | input | becomes, with events |
            |---|---|---|
            {string.Join('\n', rows)}

            """.ReplaceLineEndings("\n");
        Snapshot.Matches("docs/states.md", table);
    }

    private static IEnumerable<(string Name, CheckoutInput Input)> Inputs(CheckoutSession session)
    {
        yield return ("chosen: another coin", new CheckoutInput.Chosen(UsdtChoice with { Token = Usdc }));
        yield return ("included: the rest", In(2599));
        yield return ("included: a part", In(100));
        if (session.Included > session.Final)
            yield return ("orphaned: all", Out(session.Included.ToCents(Rounding.Down)));
        if (session.Included > session.Final)
            yield return ("finalized: all", Final(session.Included.ToCents(Rounding.Down)));
        yield return ("included: late", new CheckoutInput.Included(Cents(100), TransferClass.Late));
        yield return ("finalized: late", new CheckoutInput.Finalized(Cents(100), TransferClass.Late));
        yield return (
            "included: wrong token",
            new CheckoutInput.Included(new TokenAmount(Usdc, 25_990_000), TransferClass.WrongToken)
        );
        yield return ("time over", new CheckoutInput.TimeOver());
        yield return ("canceled by merchant", new CheckoutInput.CanceledByMerchant());
        yield return ("canceled by payer", new CheckoutInput.CanceledByPayer());
    }
}
