using System.Numerics;
using System.Text.Json;

namespace StablePay.Engine.Rates.Sources;

/// <summary>FloatRates' daily feed of the dollar: JSON, one object a currency with its own date, no key.</summary>
public sealed class FloatRates : IRateSource
{
    private const string DateForm = "ddd, d MMM yyyy HH:mm:ss 'GMT'";

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
            else if (entry.TryGetProperty("inverseRate", out var dollars) && !AreInverse(units, dollars))
                faults.Add(new RateFault(Name, $"{currency}: its rate and its inverse rate contradict each other"));
            else
                PerDollarJson.Take(Name, currency, units, asOf, readings, faults);
        }
        return new RateAnswer(readings, faults);
    }

    /// <summary>Whether the two multiply to one, to a part in a thousand.</summary>
    private static bool AreInverse(JsonElement units, JsonElement dollars)
    {
        if (
            !RateNumber.TryRead(units.GetRawText(), out var n, out var d)
            || !RateNumber.TryRead(dollars.GetRawText(), out var inverseN, out var inverseD)
        )
            return false;
        var (product, one) = (n * inverseN, d * inverseD);
        return BigInteger.Abs(product - one) * 1000 <= one;
    }

    /// <summary>As in <c>Fri, 6 Nov 2026 11:55:08 GMT</c>: the day has one digit where one is enough.</summary>
    private static bool TryDate(string? text, out Instant asOf)
    {
        var ok = DateTimeOffset.TryParseExact(
            text,
            DateForm,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var time
        );
        asOf = Instant.From(time);
        return ok;
    }
}
