namespace StablePay.Engine.Rates.Pegs;

/// <summary>A coin's market price.</summary>
/// <param name="Source">For people: <c>3 sources: bitstamp, coingecko, coinpaprika</c>.</param>
/// <param name="AsOf">When two sources at least spoke last.</param>
public sealed record Peg(Rate Price, string Source, Instant AsOf);

/// <summary>
/// Decides on one coin's readings. Pure. Two sources at least must be there, and the price is the middle one, of an
/// even number the higher: so it is below a floor only if two sources that know nothing of each other say so. One that
/// errs, or is forged, can neither stop a coin nor keep it going.
/// </summary>
public static class PegDecision
{
    /// <summary>Market prices move; what is older says nothing of now.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromMinutes(30);

    /// <summary>Clocks differ a little.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(5);

    /// <summary>No coin of a dollar is worth two: that is another unit, or another coin.</summary>
    private static readonly Rate Implausible = Rate.From(2, 1);

    public static bool IsFresh(Instant asOf, Instant now) => now - asOf is var age && age <= Fresh && age >= -Ahead;

    /// <summary>The price, or null where fewer than two sources are fresh. Why a reading had no say is added.</summary>
    public static Peg? Decide(IEnumerable<PegReading> readings, Instant now, List<RateFault> refused)
    {
        var usable = new List<PegReading>();
        foreach (var reading in readings)
        {
            var why =
                !IsFresh(reading.AsOf, now) ? $"dated {reading.AsOf}, which is not now"
                : reading.Price.Unscaled >= Implausible.Unscaled ? $"{reading.Price} is implausible"
                : usable.Any(r => r.Source == reading.Source) ? "the source speaks twice"
                : null;
            if (why is null)
                usable.Add(reading);
            else
                refused.Add(new RateFault(reading.Source, $"{reading.Asset}: {why}"));
        }
        if (usable.Count < 2)
            return null;
        var price = usable.OrderBy(r => r.Price.Unscaled).ElementAt(usable.Count / 2).Price;
        var names = string.Join(", ", usable.Select(r => r.Source).Order(StringComparer.Ordinal));
        var asOf = usable.Select(r => r.AsOf).OrderDescending().ElementAt(1);
        return new Peg(price, string.Create(CultureInfo.InvariantCulture, $"{usable.Count} sources: {names}"), asOf);
    }
}
