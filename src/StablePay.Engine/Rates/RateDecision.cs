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
public sealed record RateVerdict(GoodRate? Good, HeldRate? Held, string Why);

/// <summary>
/// Decides on one currency's readings. Pure. Three or more sources: their median, after those far from it are cut. Two:
/// only if they agree. One is never enough (FX-01).
/// </summary>
public static class RateDecision
{
    /// <summary>How old a source's own date may be: a day's fix and a little.</summary>
    public static readonly TimeSpan Weekday = TimeSpan.FromHours(26);

    /// <summary>The same from Saturday to Monday, when Friday's fix is the newest there is (FX-02).</summary>
    public static readonly TimeSpan Weekend = TimeSpan.FromHours(74);

    /// <summary>A jump is believed at this many refreshes in a row.</summary>
    public const int Confirmations = 3;

    // In thousandths of the value compared with.
    private const int PairAgrees = 10;
    private const int FarFromMedian = 20;
    private const int Jump = 100;

    /// <summary>No currency here moves threefold; a number that does is inverted or of another unit (FX-03).</summary>
    private const int Implausible = 3;

    public static bool IsFresh(Instant asOf, Instant now)
    {
        var limit = now.ToDateTimeOffset().DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday or DayOfWeek.Monday
            ? Weekend
            : Weekday;
        return now - asOf <= limit;
    }

    /// <param name="anchor">The last good rate, or the bundled one: only to recognise nonsense.</param>
    public static RateVerdict Decide(
        IReadOnlyList<RateReading> readings, GoodRate? last, HeldRate? held, Rate? anchor, Instant now)
    {
        var usable = readings
            .Where(r => IsFresh(r.AsOf, now) && r.AsOf <= now + TimeSpan.FromHours(1))
            .Where(r => anchor is not { } a || IsPlausible(r.Rate, a))
            .OrderBy(r => r.Rate.Unscaled)
            .ToList();
        if (Choose(usable) is not { } chosen)
            return new RateVerdict(null, held, Words(usable));
        if (last is null || Differ(chosen.Rate, last.Rate) <= Jump)
            return new RateVerdict(chosen, null, chosen.Source);
        var seen = held is not null && Differ(chosen.Rate, held.Rate) <= PairAgrees ? held.Seen + 1 : 1;
        return seen >= Confirmations
            ? new RateVerdict(chosen, null, $"{chosen.Source}; a jump confirmed {seen} times")
            : new RateVerdict(null, new HeldRate(chosen.Rate, seen), $"a jump to {chosen.Rate} is held, seen {seen} times");
    }

    private static GoodRate? Choose(List<RateReading> usable)
    {
        if (usable.Count >= 3)
        {
            var median = MedianOf(usable);
            var near = usable.Where(r => Differ(r.Rate, median) <= FarFromMedian).ToList();
            return near.Count >= 2 ? Good(near, MedianOf(near), "median") : null;
        }
        return usable.Count == 2 && Differ(usable[0].Rate, usable[1].Rate) <= PairAgrees
            ? Good(usable, MedianOf(usable), "mean")
            : null;
    }

    private static GoodRate Good(List<RateReading> used, Rate rate, string how) => new(
        rate,
        string.Create(CultureInfo.InvariantCulture, $"{how} of {used.Count} sources: {Names(used)}"),
        used.Max(r => r.AsOf));

    /// <summary>The middle one, or the mean of the two in the middle; the list is sorted.</summary>
    private static Rate MedianOf(List<RateReading> sorted)
    {
        var (low, high) = (sorted[(sorted.Count - 1) / 2].Rate, sorted[sorted.Count / 2].Rate);
        return low == high ? low : Rate.From(low.Unscaled + high.Unscaled, 2 * Rate.One.Unscaled);
    }

    private static string Names(List<RateReading> used) =>
        string.Join(", ", used.Select(r => r.Source).Order(StringComparer.Ordinal));

    private static bool IsPlausible(Rate rate, Rate anchor) =>
        rate.Unscaled <= anchor.Unscaled * Implausible && anchor.Unscaled <= rate.Unscaled * Implausible;

    /// <summary>The distance in thousandths of the smaller, rounded up.</summary>
    private static BigInteger Differ(Rate a, Rate b)
    {
        var smaller = BigInteger.Min(a.Unscaled, b.Unscaled);
        return ((BigInteger.Abs(a.Unscaled - b.Unscaled) * 1000) + smaller - 1) / smaller;
    }

    private static string Words(List<RateReading> usable) => usable.Count switch
    {
        0 => "no source has a fresh, plausible rate",
        1 => $"only {usable[0].Source} has a fresh, plausible rate, and one is not enough",
        _ => $"the sources disagree: {string.Join(", ", usable.Select(r => $"{r.Source} {r.Rate}"))}",
    };
}
