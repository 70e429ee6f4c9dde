using System.Text.Json;

namespace StablePay.Engine.Rates.Sources;

/// <summary>FloatRates' daily feed of the dollar: JSON, one object a currency with its own date, no key.</summary>
public sealed class FloatRates : IRateSource
{
    public string Name => "floatrates";

    public Uri Address { get; } = new("https://www.floatrates.com/daily/usd.json");

    public RateAnswer Parse(ReadOnlyMemory<byte> answer) => PerDollarJson.Read(Name, answer, Read);

    private RateAnswer Read(JsonElement root)
    {
        // The feed does not name its base; it lists every currency but that one.
        if (root.TryGetProperty("usd", out _))
            return RateAnswer.Failed(Name, "the base is not the dollar");
        var (readings, faults) = (new List<RateReading>(), new List<RateFault>());
        foreach (var currency in Currency.All)
        {
            if (currency == Currency.Usd || !root.TryGetProperty(currency.Code.ToLowerInvariant(), out var entry))
                continue;
            if (entry.ValueKind != JsonValueKind.Object)
                faults.Add(new RateFault(Name, $"{currency}: its entry is not an object"));
            else if (!entry.TryGetProperty("code", out var code) || code.GetString() != currency.Code)
                faults.Add(new RateFault(Name, $"{currency}: another currency stands in its place"));
            else if (!entry.TryGetProperty("date", out var date) || !TryDate(date.GetString(), out var asOf))
                faults.Add(new RateFault(Name, $"{currency}: it has no date"));
            else if (!entry.TryGetProperty("rate", out var units))
                faults.Add(new RateFault(Name, $"{currency}: it has no rate"));
            else
                PerDollarJson.Take(Name, currency, units, asOf, readings, faults);
        }
        return new RateAnswer(readings, faults);
    }

    /// <summary>As in <c>Mon, 23 Nov 2026 11:55:08 GMT</c>.</summary>
    private static bool TryDate(string? text, out Instant asOf)
    {
        var ok = DateTimeOffset.TryParseExact(
            text,
            "r",
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var time
        );
        asOf = Instant.From(time);
        return ok;
    }
}
