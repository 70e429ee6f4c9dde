using System.Text.Json;

namespace StablePay.Engine.Rates.Sources;

/// <summary>The open feed of ExchangeRate-API: JSON, all ledger currencies, once a day, no key.</summary>
public sealed class OpenExchangeRateApi : IRateSource
{
    public string Name => "open.er-api";

    public Uri Address { get; } = new("https://open.er-api.com/v6/latest/USD");

    public RateAnswer Parse(ReadOnlyMemory<byte> answer) => PerDollarJson.Read(Name, answer, Read);

    private RateAnswer Read(JsonElement root)
    {
        if (!root.TryGetProperty("result", out var result) || result.GetString() != "success")
            return RateAnswer.Failed(Name, "it says that it has no result");
        if (!root.TryGetProperty("base_code", out var based) || based.GetString() != "USD")
            return RateAnswer.Failed(Name, "the base is not the dollar");
        if (
            !root.TryGetProperty("time_last_update_unix", out var time)
            || !time.TryGetInt64(out var seconds)
            || seconds is < 0 or > 253_402_300_799
        )
            return RateAnswer.Failed(Name, "it has no date");
        if (!root.TryGetProperty("rates", out var rates))
            return RateAnswer.Failed(Name, "it has no rates");
        return PerDollarJson.IsPerDollar(rates, "USD")
            ? PerDollarJson.All(Name, rates, c => c.Code, Instant.FromUnixSeconds(seconds))
            : RateAnswer.Failed(Name, "the base is not the dollar");
    }
}
