using CsCheck;
using StablePay.Core.Webhooks;

namespace StablePay.Core.Tests.Webhooks;

public sealed class DeliveryMachineTests
{
    private static readonly Instant Start = Instant.FromUnixSeconds(1_777_500_000);

    private static readonly Delivery Fresh = new(
        DeliveryId.From("dl_1"),
        EventId.From("evt_1"),
        EndpointId.From("we_1"),
        DeliveryState.Pending,
        0,
        null,
        null,
        Start,
        null,
        1
    );

    private static readonly DeliveryOutcome Timeout = new(null, "timeout");

    /// <summary>The contract's times, in seconds after the event.</summary>
    private static readonly long[] Times =
    [
        0,
        5,
        30,
        120,
        600,
        1_800,
        3_600,
        7_200,
        14_400,
        .. Enumerable.Range(1, 12).Select(i => 14_400L + (i * 21_600L)),
    ];

    [Fact]
    public void WH_15_tries_follow_the_contracts_schedule_and_end_at_76_hours()
    {
        var (tries, last) = RunDead(new FixedDice(0), TimeSpan.Zero);

        tries.ShouldBe(Times.Select(seconds => Start + TimeSpan.FromSeconds(seconds)));
        last.State.ShouldBe(DeliveryState.Exhausted);
        last.LastError.ShouldBe("timeout");
        last.Attempts.ShouldBe(Times.Length);
        (tries[^1] - Start).ShouldBe(TimeSpan.FromHours(76));
    }

    [Fact]
    public void WH_15_jitter_only_ever_makes_a_try_later_and_by_a_fifth_at_most()
    {
        Gen.Int[0, 1_000_000]
            .Sample(seed =>
            {
                var took = TimeSpan.FromSeconds(30);
                var (tries, _) = RunDead(new SeededDice(seed), took);
                for (var i = 1; i < tries.Count - 1; i++)
                {
                    var gap = tries[i] - tries[i - 1] - took;
                    var plain = TimeSpan.FromSeconds(Times[i] - Times[i - 1]);
                    gap.ShouldBeInRange(plain, plain * 1.2);
                }
                // A try that is under way when the time is over is the last one.
                var end = TimeSpan.FromHours(76);
                (tries[^1] - Start).ShouldBeInRange(end - took, end);
            });
    }

    [Theory]
    [InlineData(200)]
    [InlineData(204)]
    [InlineData(299)]
    public void Delivery_is_delivered_when_the_answer_is_any_2xx(int status)
    {
        var decision = DeliveryMachine.Decide(Fresh, new(status, null), Start, new FixedDice(0));

        decision.Next.State.ShouldBe(DeliveryState.Delivered);
        decision.Next.FinishedAt.ShouldBe(Start);
        decision.Next.LastError.ShouldBeNull();
        decision.RetryAt.ShouldBeNull();
        decision.DisableEndpoint.ShouldBeFalse();
    }

    [Theory]
    [InlineData(100)]
    [InlineData(199)]
    [InlineData(300)]
    [InlineData(301)]
    [InlineData(307)]
    [InlineData(404)]
    [InlineData(500)]
    public void Delivery_is_tried_again_when_the_answer_is_anything_else(int status)
    {
        var decision = DeliveryMachine.Decide(Fresh, new(status, null), Start, new FixedDice(0));

        decision.Next.State.ShouldBe(DeliveryState.Pending);
        decision.Next.LastStatus.ShouldBe(status);
        decision.RetryAt.ShouldBe(Start + TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void WH_15_gone_ends_the_delivery_and_disables_the_endpoint()
    {
        var decision = DeliveryMachine.Decide(Fresh, new(410, null), Start, new FixedDice(0));

        decision.Next.State.ShouldBe(DeliveryState.Exhausted);
        decision.DisableEndpoint.ShouldBeTrue();
        decision.RetryAt.ShouldBeNull();
    }

    [Fact]
    public void Delivery_is_tried_once_more_after_an_outage_of_ours_of_a_week()
    {
        var decision = DeliveryMachine.Decide(Fresh, Timeout, Start + TimeSpan.FromDays(7), new FixedDice(0));

        decision.Next.State.ShouldBe(DeliveryState.Exhausted);
        decision.Next.Attempts.ShouldBe(1);
    }

    [Fact]
    public void Ended_delivery_is_never_tried()
    {
        var ended = Fresh with { State = DeliveryState.Delivered, FinishedAt = Start };

        Should.Throw<InvariantBrokenException>(() =>
            DeliveryMachine.Decide(ended, new(200, null), Start, new FixedDice(0))
        );
    }

    /// <summary>Plays a receiver that never answers until the delivery ends; each try takes this long.</summary>
    private static (List<Instant> Tries, Delivery Last) RunDead(Dice dice, TimeSpan took)
    {
        List<Instant> tries = [];
        var delivery = Fresh;
        Instant? at = Start;
        while (at is { } now)
        {
            tries.Add(now);
            var decision = DeliveryMachine.Decide(delivery, Timeout, now + took, dice);
            (delivery, at) = (decision.Next, decision.RetryAt);
        }
        return (tries, delivery);
    }

    [Fact]
    public void Failed_try_remembers_why_and_one_that_succeeds_forgets_it()
    {
        Delivery After(DeliveryOutcome outcome) =>
            DeliveryMachine.Decide(Fresh with { LastError = "before" }, outcome, Start, new FixedDice(0)).Next;
        (After(Timeout).LastStatus, After(Timeout).LastError).ShouldBe((null, "timeout"));
        (After(new(503, null)).LastStatus, After(new(503, null)).LastError).ShouldBe((503, "status"));
        (After(new(200, null)).LastStatus, After(new(200, null)).LastError).ShouldBe((200, null));
        Should
            .Throw<InvariantBrokenException>(() =>
                DeliveryMachine.Decide(Fresh with { State = DeliveryState.Delivered }, Timeout, Start, new FixedDice(0))
            )
            .Message.ShouldContain("only a pending delivery is tried");
    }

    private sealed class FixedDice(byte value) : Dice
    {
        public override void Fill(Span<byte> bytes) => bytes.Fill(value);
    }

    private static readonly (string Name, DeliveryOutcome Outcome)[] Outcomes =
    [
        ("answered 2xx", new(200, null)),
        ("answered 3xx", new(302, null)),
        ("answered 4xx", new(404, null)),
        ("answered 410", new(410, null)),
        ("answered 5xx", new(503, null)),
        ("no answer", Timeout),
    ];

    /// <summary>Every state with every outcome, in time and when the time is over.</summary>
    public static IEnumerable<string> Rows() =>
        from state in Enum.GetValues<DeliveryState>()
        from outcome in Outcomes
        from after in new[] { TimeSpan.Zero, DeliveryMachine.GiveUpAfter }
        let when = after == TimeSpan.Zero ? "" : ", 76 hours later"
        select $"| {state} | {outcome.Name}{when} | {MachineTables.Outcome(() => Become(state, outcome.Outcome, after))} |";

    private static string Become(DeliveryState state, DeliveryOutcome outcome, TimeSpan after)
    {
        var delivery = Fresh with { State = state };
        var decision = DeliveryMachine.Decide(delivery, outcome, Start + after, new FixedDice(0));
        return decision.Next.State
            + (decision.RetryAt is null ? "" : ", tried again")
            + (decision.DisableEndpoint ? ", the endpoint is disabled" : "");
    }

    [Fact]
    public void No_history_moves_an_ended_delivery_and_each_try_is_one_version_and_later() =>
        Gen.Select(Gen.Int[100, 599].Array[0, 40], Gen.Int[0, 1_000], Gen.Int[0, 7_200])
            .Sample(
                (statuses, seed, took) =>
                {
                    var (delivery, now, dice) = (Fresh, Start, new SeededDice(seed));
                    foreach (var status in statuses)
                    {
                        var outcome = new DeliveryOutcome(
                            status < 150 ? null : status,
                            status < 150 ? "timeout" : null
                        );
                        if (delivery.State != DeliveryState.Pending)
                        {
                            Should.Throw<InvariantBrokenException>(() =>
                                DeliveryMachine.Decide(delivery, outcome, now, dice)
                            );
                            return;
                        }
                        now += TimeSpan.FromSeconds(took);
                        var (next, retry, _) = DeliveryMachine.Decide(delivery, outcome, now, dice);
                        (next.Version, next.Attempts).ShouldBe((delivery.Version + 1, delivery.Attempts + 1));
                        (retry is not null).ShouldBe(next.State == DeliveryState.Pending);
                        (next.FinishedAt is not null).ShouldBe(next.State != DeliveryState.Pending);
                        if (retry is { } at)
                        {
                            at.ShouldBeGreaterThan(now);
                            at.ShouldBeLessThanOrEqualTo(Start + DeliveryMachine.GiveUpAfter);
                            now = at;
                        }
                        delivery = next;
                    }
                }
            );
}
