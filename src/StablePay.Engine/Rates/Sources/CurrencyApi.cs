using System.Text.Json;

namespace StablePay.Engine.Rates.Sources;

/// <summary>The free currency-api data set, published daily: JSON, lower-case codes, a date, no key.</summary>
public sealed class CurrencyApi : IRateSource
{
    public string Name => "currency-api";

    public Uri Address { get; } =
        new("https://cdn.jsdelivr.net/npm/@fawazahmed0/currency-api@latest/v1/currencies/usd.json");

    public RateAnswer Parse(ReadOnlyMemory<byte> answer) => PerDollarJson.Read(Name, answer, Read);

    private RateAnswer Read(JsonElement root)
    {
        if (
            !root.TryGetProperty("date", out var date)
            || !DateOnly.TryParseExact(
                date.GetString(),
                "yyyy-MM-dd",
                CultureInfo.InvariantCulture,
                DateTimeStyles.None,
                out var day
            )
        )
            return RateAnswer.Failed(Name, "it has no date");
        if (
            !root.TryGetProperty("usd", out var rates)
            || rates.ValueKind != JsonValueKind.Object
            || !PerDollarJson.IsPerDollar(rates, "usd")
        )
            return RateAnswer.Failed(Name, "the base is not the dollar");
        // The data set is dated by the day. Its start never makes a rate look newer than it is.
        var asOf = Instant.From(new DateTimeOffset(day.Year, day.Month, day.Day, 0, 0, 0, TimeSpan.Zero));
        return PerDollarJson.All(Name, rates, c => c.Code.ToLowerInvariant(), asOf);
    }
}
