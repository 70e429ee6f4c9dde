using System.Numerics;

namespace StablePay.Engine.Rates;

/// <summary>A rate that may be used, with the newest time its sources speak of.</summary>
public sealed record GoodRate(Rate Rate, string Source, Instant AsOf);

/// <summary>A rate far from the last good one, and how often in a row it has been seen (FX-04).</summary>
public sealed record HeldRate(Rate Rate, int Seen);

/// <summary>What the readings of one currency come to.</summary>
/// <param name="Good">A new good rate, or null if there is none.</param>
/// <param name="Held">A jump that waits for confirmation.</param>
/// <param name="Why">In words, for the operator.</param>
/// <param name="Refused">Readings that had no say, each with the reason.</param>
public sealed record RateVerdict(GoodRate? Good, HeldRate? Held, string Why, IReadOnlyList<RateFault> Refused);

/// <summary>
/// Decides on one currency's readings. Pure. Three or more sources: their median, after those far from it are cut. Two:
/// only if they agree. One is never enough (FX-01).
/// </summary>
public static class RateDecision
{
    /// <summary>How old a source's own date may be: a day's fix and a little.</summary>
    public static readonly TimeSpan Weekday = TimeSpan.FromHours(26);

    /// <summary>The same over a weekend, when Friday's fix is the newest there is (FX-02).</summary>
    public static readonly TimeSpan Weekend = TimeSpan.FromHours(74);

    /// <summary>A jump is believed at this many refreshes in a row.</summary>
    public const int Confirmations = 3;

    // In thousandths of the value compared with.
    private const int PairAgrees = 10;
    private const int FarFromMedian = 20;
    private const int Jump = 100;

    /// <summary>No currency here moves threefold; a number that does is inverted or of another unit (FX-03).</summary>
    private const int Implausible = 3;

    /// <summary>Clocks differ a little, and a fix may be published shortly before the time it is dated with.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromHours(1);

    /// <summary>
    /// At most 26 hours old. From Saturday to Monday (UTC), when markets rest, the hours of Saturday and Sunday do not
    /// count, so that Friday's fix lasts until Monday's; a reading that was stale on Friday night stays stale.
    /// </summary>
    public static bool IsFresh(Instant asOf, Instant now)
    {
        var age = now - asOf;
        if (age < -Ahead)
            return false;
        if (age <= Weekday)
            return true;
        var time = now.ToDateTimeOffset();
        var sinceSaturday = time.DayOfWeek switch
        {
            DayOfWeek.Saturday => 0,
            DayOfWeek.Sunday => 1,
            DayOfWeek.Monday => 2,
            DayOfWeek.Tuesday or DayOfWeek.Wednesday or DayOfWeek.Thursday or DayOfWeek.Friday => -1,
            _ => -1,
        };
        if (sinceSaturday < 0 || age > Weekend)
            return false;
        var saturday = Instant.From(new DateTimeOffset(time.Date, TimeSpan.Zero).AddDays(-sinceSaturday));
        var monday = saturday + TimeSpan.FromDays(2);
        var onFriday = asOf < saturday ? saturday - asOf : TimeSpan.Zero;
        var onMonday = now > monday ? now - monday : TimeSpan.Zero;
        return onFriday + onMonday <= Weekday;
    }

    /// <param name="anchor">The last good rate, or the bundled one: only to recognise nonsense.</param>
    public static RateVerdict Decide(
        IReadOnlyList<RateReading> readings,
        GoodRate? last,
        HeldRate? held,
        Rate? anchor,
        Instant now
    )
    {
        var refused = new List<RateFault>();
        var usable = new List<RateReading>();
        foreach (var reading in readings)
        {
            if (WhyNot(reading, usable, anchor, now) is { } reason)
                refused.Add(new RateFault(reading.Source, $"{reading.Currency}: {reason}"));
            else
                usable.Add(reading);
        }
        usable.Sort((a, b) => a.Rate.Unscaled.CompareTo(b.Rate.Unscaled));
        if (Choose(usable, refused) is not { } chosen)
            return new RateVerdict(null, null, Words(usable), refused);
        if (last is null || Differ(chosen.Rate, last.Rate) <= Jump)
            return new RateVerdict(chosen, null, chosen.Source, refused);
        var seen = held is not null && Differ(chosen.Rate, held.Rate) <= PairAgrees ? held.Seen + 1 : 1;
        if (seen >= Confirmations)
            return new RateVerdict(chosen, null, $"{chosen.Source}; a jump confirmed {Number(seen)} times", refused);
        var why = $"a jump to {chosen.Rate} is held, seen {Number(seen)} of {Number(Confirmations)} times";
        return new RateVerdict(null, new HeldRate(chosen.Rate, seen), why, refused);
    }

    /// <summary>Why a reading has no say, or null. A source has one voice, however often it speaks.</summary>
    private static string? WhyNot(RateReading reading, List<RateReading> taken, Rate? anchor, Instant now)
    {
        if (reading.AsOf > now + Ahead)
            return $"dated {reading.AsOf}, which is in the future";
        if (!IsFresh(reading.AsOf, now))
            return $"dated {reading.AsOf}, which is too old";
        if (anchor is { } known && !IsPlausible(reading.Rate, known))
            return $"{reading.Rate} is implausible beside {known}: another unit, or inverted";
        return taken.Any(r => r.Source == reading.Source) ? "the source speaks twice" : null;
    }

    /// <summary>
    /// Those that stay after the cut must be most of those that spoke; where they are only two, the rule of two holds.
    /// </summary>
    private static GoodRate? Choose(List<RateReading> usable, List<RateFault> refused)
    {
        if (usable.Count < 2)
            return null;
        if (usable.Count == 2)
            return Agree(usable) ? Good(usable, "mean") : null;
        var median = MedianOf(usable);
        var near = usable.Where(r => Differ(r.Rate, median) <= FarFromMedian).ToList();
        if (near.Count * 2 <= usable.Count || (near.Count == 2 && !Agree(near)))
            return null;
        refused.AddRange(
            usable
                .Except(near)
                .Select(r => new RateFault(r.Source, $"{r.Currency}: {r.Rate} is far from the others' median {median}"))
        );
        return Good(near, near.Count == 2 ? "mean" : "median");
    }

    private static bool Agree(List<RateReading> pair) => Differ(pair[0].Rate, pair[1].Rate) <= PairAgrees;

    /// <summary>
    /// A good rate is as old as the middle of what it rests on, the older one of two, so that one new reading does not
    /// lend its date to stale ones.
    /// </summary>
    private static GoodRate Good(List<RateReading> used, string how) =>
        new(
            MedianOf(used),
            $"{how} of {Number(used.Count)} sources: {Names(used)}",
            used.Select(r => r.AsOf).Order().ElementAt((used.Count - 1) / 2)
        );

    /// <summary>The middle one, or the mean of the two in the middle; the list is sorted.</summary>
    private static Rate MedianOf(List<RateReading> sorted)
    {
        var (low, high) = (sorted[(sorted.Count - 1) / 2].Rate, sorted[sorted.Count / 2].Rate);
        return low == high ? low : Rate.From(low.Unscaled + high.Unscaled, 2 * Rate.One.Unscaled);
    }

    private static string Names(List<RateReading> used) =>
        string.Join(", ", used.Select(r => r.Source).Order(StringComparer.Ordinal));

    private static bool IsPlausible(Rate rate, Rate anchor) =>
        rate.Unscaled <= anchor.Unscaled * Implausible
        && anchor.Unscaled <= rate.Unscaled * Implausible
        && !IsInverted(rate, anchor);

    /// <summary>
    /// Far from the anchor and at its reciprocal: EUR or GBP upside down is within three times. A currency nearer to
    /// par has its reciprocal nearer too, but then the two differ by less than a jump, and the other sources tell them
    /// apart.
    /// </summary>
    private static bool IsInverted(Rate rate, Rate anchor)
    {
        var one = Rate.One.Unscaled;
        var product = rate.Unscaled * anchor.Unscaled;
        return Differ(rate, anchor) > Jump && BigInteger.Abs(product - (one * one)) * 1000 <= product * PairAgrees;
    }

    /// <summary>The distance in thousandths of the smaller, rounded up.</summary>
    private static BigInteger Differ(Rate a, Rate b)
    {
        var smaller = BigInteger.Min(a.Unscaled, b.Unscaled);
        return ((BigInteger.Abs(a.Unscaled - b.Unscaled) * 1000) + smaller - 1) / smaller;
    }

    private static string Number(int n) => n.ToString(CultureInfo.InvariantCulture);

    private static string Words(List<RateReading> usable) =>
        usable.Count switch
        {
            0 => "no source has a fresh, plausible rate",
            1 => $"only {usable[0].Source} has a fresh, plausible rate, and one is not enough",
            _ => $"the sources disagree: {string.Join(", ", usable.Select(r => $"{r.Source} {r.Rate}"))}",
        };
}
