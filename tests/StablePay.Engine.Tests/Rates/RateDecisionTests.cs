using CsCheck;
using StablePay.Engine.Rates;

namespace StablePay.Engine.Tests.Rates;

public sealed class RateDecisionTests
{
    private static readonly Currency Eur = Currency.Find("EUR")!;

    // A Tuesday.
    private static readonly Instant Now = At("2026-11-24T10:00");
    private static readonly Rate Anchor = Of("1.08");

    [Fact]
    public void FX_01_one_wrong_feed_of_three_has_no_say()
    {
        var verdict = Decide(null, ("a", "1.0840"), ("b", "1.0844"), ("c", "1.40"));
        verdict.Good.ShouldNotBeNull().Rate.ShouldBe(Of("1.0842"));
        verdict.Refused.ShouldHaveSingleItem().Source.ShouldBe("c");
        verdict.Refused[0].Reason.ShouldContain("far from");
    }

    /// <summary>The case of the threat itself: a feed a thousand times off while the others are down.</summary>
    [Fact]
    public void FX_01_a_feed_a_thousand_times_wrong_is_never_averaged_in()
    {
        Decide(null, ("a", "1.0842"), ("b", "1084.2")).Good.ShouldBeNull();
        Decide(null, ("b", "1084.2")).Good.ShouldBeNull();
        RateDecision.Decide([Read("a", "1.0842"), Read("b", "1084.2")], null, null, null, Now).Good.ShouldBeNull();
    }

    [Fact]
    public void FX_01_two_sources_count_only_within_one_percent()
    {
        Decide(null, ("a", "1.0000"), ("b", "1.0100")).Good.ShouldNotBeNull().Rate.ShouldBe(Of("1.005"));
        var apart = Decide(null, ("a", "1.0000"), ("b", "1.0101"));
        apart.Good.ShouldBeNull();
        apart.Why.ShouldContain("disagree");
    }

    [Fact]
    public void FX_01_one_source_is_never_enough() =>
        Decide(null, ("a", "1.0842")).Why.ShouldContain("one is not enough");

    [Fact]
    public void FX_01_one_source_that_speaks_twice_is_one_source()
    {
        var verdict = Decide(null, ("a", "1.0842"), ("a", "1.0842"));
        verdict.Good.ShouldBeNull();
        verdict.Refused.ShouldHaveSingleItem().Reason.ShouldContain("twice");
    }

    [Theory]
    [InlineData("1.00", "1.00", "1.05", "1.05")] // two against two
    [InlineData("0.80", "1.00", "1.00", "1.30")] // what stays is not most of them
    [InlineData("1.00", "1.10", "1.20", "1.30")]
    public void FX_01_sources_without_a_majority_give_no_rate(string a, string b, string c, string d) =>
        Decide(null, ("a", a), ("b", b), ("c", c), ("d", d)).Good.ShouldBeNull();

    [Fact]
    public void FX_01_three_of_four_carry_the_fourth()
    {
        var good = Decide(null, ("a", "1.083"), ("b", "1.084"), ("c", "1.085"), ("d", "0.95")).Good.ShouldNotBeNull();
        good.Rate.ShouldBe(Of("1.084"));
        good.Source.ShouldBe("median of 3 sources: a, b, c");
    }

    /// <summary>Whatever one of four says, the rate stays between what the three honest ones say.</summary>
    [Fact]
    public void FX_01_one_liar_among_four_never_moves_the_rate_out_of_the_honest_range() =>
        Gen.Select(Gen.Int[10_800, 10_850].Array[3], Gen.Int[1, 40_000])
            .Sample(
                (honest, lie) =>
                {
                    var readings = honest
                        .Select((n, i) => Read($"h{i}", Rate.From(n, 10_000)))
                        .Append(Read("liar", Rate.From(lie, 10_000)));
                    var good = RateDecision.Decide([.. readings], null, null, Anchor, Now).Good;
                    return good is not null
                        && good.Rate.Unscaled >= Rate.From(honest.Min(), 10_000).Unscaled
                        && good.Rate.Unscaled <= Rate.From(honest.Max(), 10_000).Unscaled;
                }
            );

    [Theory]
    [InlineData("2026-11-24T10:00", "2026-11-23T08:00", true)] // Tuesday: 26 h
    [InlineData("2026-11-24T10:00", "2026-11-23T07:59", false)]
    [InlineData("2026-11-24T10:00", "2026-11-22T10:00", false)] // Sunday's does not reach Tuesday
    [InlineData("2026-11-27T17:00", "2026-11-26T15:00", true)] // Friday still has Thursday's fix
    [InlineData("2026-11-27T17:01", "2026-11-26T15:00", false)]
    [InlineData("2026-11-28T23:00", "2026-11-27T15:00", true)] // Saturday and Sunday have Friday's
    [InlineData("2026-11-29T23:59", "2026-11-27T15:00", true)]
    [InlineData("2026-11-30T17:00", "2026-11-27T15:00", true)] // Monday until two hours after its own fix: 74 h
    [InlineData("2026-11-30T17:01", "2026-11-27T15:00", false)]
    [InlineData("2026-11-28T01:00", "2026-11-26T15:00", false)] // stale on Friday night, stale on Saturday
    [InlineData("2026-11-28T12:00", "2026-11-25T23:00", false)]
    [InlineData("2026-11-30T10:00", "2026-11-28T12:00", true)] // Monday may use Saturday's
    [InlineData("2026-12-01T00:00", "2026-11-29T21:00", false)] // Tuesday: weekend hours count again
    [InlineData("2026-11-24T10:00", "2026-11-24T11:00", true)] // clocks differ a little
    [InlineData("2026-11-24T10:00", "2026-11-24T11:01", false)]
    public void FX_02_a_rate_ages_by_the_hours_that_markets_are_open(string now, string asOf, bool fresh) =>
        RateDecision.IsFresh(At(asOf), At(now)).ShouldBe(fresh);

    [Fact]
    public void FX_02_what_is_stale_stays_stale() =>
        Gen.Select(Gen.Int[0, 20_000], Gen.Int[0, 6_000], Gen.Int[1, 6_000])
            .Sample(
                (start, age, more) =>
                {
                    var asOf = At("2026-11-23T00:00") + TimeSpan.FromMinutes(start);
                    var (early, late) = (asOf + TimeSpan.FromMinutes(age), asOf + TimeSpan.FromMinutes(age + more));
                    return RateDecision.IsFresh(asOf, early) || !RateDecision.IsFresh(asOf, late);
                }
            );

    [Fact]
    public void FX_02_stale_and_future_readings_have_no_say_and_it_is_told_why()
    {
        var verdict = RateDecision.Decide(
            [
                Read("a", "1.0842"),
                Read("b", "1.0842") with
                {
                    AsOf = Now - TimeSpan.FromHours(27),
                },
                Read("c", "1.0842") with
                {
                    AsOf = Now + TimeSpan.FromHours(2),
                },
            ],
            null,
            null,
            Anchor,
            Now
        );
        verdict.Good.ShouldBeNull();
        verdict
            .Refused.Select(f => (f.Source, f.Reason.Split(", ")[1]))
            .ShouldBe([("b", "which is too old"), ("c", "which is in the future")]);
    }

    [Fact]
    public void FX_02_a_new_reading_does_not_lend_its_date_to_old_ones()
    {
        var old = Now - TimeSpan.FromHours(20);
        var good = RateDecision
            .Decide([Read("a", "1.08") with { AsOf = old }, Read("b", "1.08")], null, null, Anchor, Now)
            .Good.ShouldNotBeNull();
        good.AsOf.ShouldBe(old);
    }

    [Theory]
    [InlineData("0.333")]
    [InlineData("3.3")]
    [InlineData("1084.2")]
    public void FX_03_an_implausible_reading_is_refused_with_its_reason(string nonsense)
    {
        var verdict = Decide(null, ("a", "1.0842"), ("b", "1.0843"), ("c", nonsense));
        verdict.Good.ShouldNotBeNull();
        var fault = verdict.Refused.ShouldHaveSingleItem();
        fault.Source.ShouldBe("c");
        fault.Reason.ShouldContain("another unit, or inverted");
    }

    /// <summary>Even when every source inverts the pair, as after a change of the form that all follow.</summary>
    [Fact]
    public void FX_03_an_inverted_pair_is_refused_also_when_all_invert_it()
    {
        var yen = Of("0.006471");
        var readings = new[] { "a", "b", "c" }.Select(s =>
            Read(s, Rate.From(1_000_000, 6_471)) with
            {
                Currency = Currency.Find("JPY")!,
            }
        );
        RateDecision.Decide([.. readings], null, null, yen, Now).Good.ShouldBeNull();
    }

    [Theory]
    [InlineData("1.136", "0.880281690141")]
    [InlineData("1.3238", "0.755")]
    [InlineData("0.7019", "1.4245")]
    public void FX_03_an_inverted_pair_near_par_is_refused_also_when_all_invert_it(string anchor, string inverted)
    {
        var readings = new[] { "a", "b", "c" }.Select(s => Read(s, inverted));
        var verdict = RateDecision.Decide([.. readings], null, null, Of(anchor), Now);
        verdict.Good.ShouldBeNull();
        verdict.Refused.Count.ShouldBe(3);
    }

    [Fact]
    public void A_currency_at_par_may_cross_it() =>
        RateDecision.Decide([Read("a", "0.98"), Read("b", "0.98")], null, null, Of("1.02"), Now).Good.ShouldNotBeNull();

    [Fact]
    public void FX_04_a_jump_is_believed_at_the_third_refresh_in_a_row()
    {
        var last = new GoodRate(Of("1.00"), "before", Now);
        HeldRate? held = null;
        foreach (var seen in new[] { 1, 2 })
        {
            var verdict = Jump(last, held, "1.11");
            verdict.Good.ShouldBeNull();
            (held = verdict.Held).ShouldNotBeNull().Seen.ShouldBe(seen);
        }
        var third = Jump(last, held, "1.11");
        third.Good.ShouldNotBeNull().Rate.ShouldBe(Of("1.11"));
        third.Held.ShouldBeNull();
    }

    [Fact]
    public void FX_04_ten_percent_is_not_a_jump() =>
        Jump(new GoodRate(Of("1.00"), "before", Now), null, "1.10").Good.ShouldNotBeNull();

    [Fact]
    public void FX_04_a_fall_is_a_jump_too() =>
        Jump(new GoodRate(Of("1.00"), "before", Now), null, "0.90").Held.ShouldNotBeNull();

    [Fact]
    public void FX_04_a_jump_elsewhere_a_return_or_a_silence_starts_the_count_again()
    {
        var last = new GoodRate(Of("1.00"), "before", Now);
        var held = new HeldRate(Of("1.20"), 2);
        Jump(last, held, "1.40").Held.ShouldBe(new HeldRate(Of("1.40"), 1));
        Jump(last, held, "1.01").Held.ShouldBeNull();
        RateDecision.Decide([Read("a", "1.20")], last, held, last.Rate, Now).Held.ShouldBeNull();
    }

    [Fact]
    public void The_words_are_the_same_in_every_culture()
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
        try
        {
            Jump(new GoodRate(Of("1.00"), "before", Now), null, "1.2")
                .Why.ShouldBe("a jump to 1.2 is held, seen 1 of 3 times");
            Decide(null, ("a", "1"), ("b", "1.5")).Why.ShouldBe("the sources disagree: a 1, b 1.5");
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static RateVerdict Jump(GoodRate last, HeldRate? held, string to) =>
        RateDecision.Decide([Read("a", to), Read("b", to), Read("c", to)], last, held, last.Rate, Now);

    private static RateVerdict Decide(GoodRate? last, params (string Source, string Rate)[] readings) =>
        RateDecision.Decide([.. readings.Select(r => Read(r.Source, r.Rate))], last, null, Anchor, Now);

    private static RateReading Read(string source, string rate) => Read(source, Of(rate));

    private static RateReading Read(string source, Rate rate) => new(source, Eur, rate, Now);

    private static Rate Of(string text) => Rate.TryParse(text, out var rate) ? rate : throw new FormatException(text);

    private static Instant At(string utc) =>
        Instant.From(
            DateTimeOffset.ParseExact(
                utc,
                "yyyy-MM-dd'T'HH:mm",
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal
            )
        );
}
