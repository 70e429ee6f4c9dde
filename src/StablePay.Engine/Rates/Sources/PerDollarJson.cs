using System.Text.Json;

namespace StablePay.Engine.Rates.Sources;

/// <summary>
/// What JSON feeds with "units of a currency for one dollar" have in common. Numbers are read from the text of the
/// answer.
/// </summary>
internal static class PerDollarJson
{
    /// <summary>Parses and reads; whatever breaks the form is one fault.</summary>
    public static RateAnswer Read(string source, ReadOnlyMemory<byte> answer, Func<JsonElement, RateAnswer> read) =>
        StrictJson.Read(answer, read, why => RateAnswer.Failed(source, why));

    /// <summary>A reading, or why the number is not one; a currency that is absent is neither.</summary>
    public static void Take(
        string source,
        Currency currency,
        JsonElement units,
        Instant asOf,
        List<RateReading> readings,
        List<RateFault> faults
    )
    {
        if (
            units.ValueKind == JsonValueKind.Number
            && RateNumber.TryRead(units.GetRawText(), out var n, out var d)
            && RateNumber.TryRate(d, n, out var rate)
        )
            readings.Add(new RateReading(source, currency, rate, asOf));
        else
            faults.Add(new RateFault(source, $"{currency}: {Short(units.GetRawText())} is not a rate"));
    }

    /// <summary>All ledger currencies from one object of codes.</summary>
    public static RateAnswer All(string source, JsonElement rates, Func<Currency, string> codeOf, Instant asOf)
    {
        var (readings, faults) = (new List<RateReading>(), new List<RateFault>());
        foreach (var currency in Currency.All)
            if (currency != Currency.Usd && rates.TryGetProperty(codeOf(currency), out var units))
                Take(source, currency, units, asOf, readings, faults);
        return new RateAnswer(readings, faults);
    }

    /// <summary>Whether a table says that a dollar is one dollar: otherwise its base is another.</summary>
    public static bool IsPerDollar(JsonElement rates, string dollar) =>
        rates.TryGetProperty(dollar, out var one)
        && one.ValueKind == JsonValueKind.Number
        && RateNumber.TryRead(one.GetRawText(), out var n, out var d)
        && n == d;

    private static string Short(string text) => text.Length > 40 ? text[..40] : text;
}
