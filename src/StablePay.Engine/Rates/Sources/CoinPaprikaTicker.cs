using System.Text.Json;
using StablePay.Engine.Rates.Pegs;

namespace StablePay.Engine.Rates.Sources;

/// <summary>CoinPaprika's price of a coin, averaged over exchanges: JSON, a time, no key.</summary>
public sealed class CoinPaprikaTicker(Asset asset) : IPegSource
{
    public string Name => "coinpaprika";

    public Uri Address { get; } =
        new($"https://api.coinpaprika.com/v1/tickers/{(asset == Asset.Usdt ? "usdt-tether" : "usdc-usd-coin")}");

    public PegAnswer Parse(ReadOnlyMemory<byte> answer) => PegJson.Read(Name, answer, Read);

    private PegAnswer Read(JsonElement root)
    {
        if (!root.TryGetProperty("symbol", out var symbol) || symbol.GetString() != asset.Code)
            return PegAnswer.Failed(Name, $"{asset}: another coin stands in its place");
        if (
            !root.TryGetProperty("last_updated", out var time)
            || !DateTimeOffset.TryParseExact(
                time.GetString(),
                "yyyy-MM-dd'T'HH:mm:ss'Z'",
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal,
                out var asOf
            )
        )
            return PegAnswer.Failed(Name, $"{asset}: it has no date");
        return
            root.TryGetProperty("quotes", out var quotes)
            && quotes.TryGetProperty("USD", out var dollars)
            && dollars.TryGetProperty("price", out var price)
            && PegJson.TryPrice(price, out var rate)
            ? new PegAnswer([new PegReading(Name, asset, rate, Instant.From(asOf))], [])
            : PegAnswer.Failed(Name, $"{asset}: it has no price");
    }
}
