using System.Text.Json;
using StablePay.Engine.Rates.Pegs;

namespace StablePay.Engine.Rates.Sources;

/// <summary>CoinGecko's simple prices of both coins, averaged over exchanges: JSON, a time for each, no key.</summary>
public sealed class CoinGeckoPrices : IPegSource
{
    private static readonly (Asset Asset, string Id)[] Coins = [(Asset.Usdt, "tether"), (Asset.Usdc, "usd-coin")];

    public string Name => "coingecko";

    public Uri Address { get; } =
        new(
            "https://api.coingecko.com/api/v3/simple/price"
                + "?ids=tether,usd-coin&vs_currencies=usd&include_last_updated_at=true&precision=full"
        );

    public PegAnswer Parse(ReadOnlyMemory<byte> answer) => PegJson.Read(Name, answer, Read);

    private PegAnswer Read(JsonElement root)
    {
        var (readings, faults) = (new List<PegReading>(), new List<RateFault>());
        foreach (var (asset, id) in Coins)
        {
            if (!root.TryGetProperty(id, out var coin) || coin.ValueKind != JsonValueKind.Object)
                faults.Add(new RateFault(Name, $"{asset}: it is not there"));
            else if (!coin.TryGetProperty("last_updated_at", out var time) || !PegJson.TrySeconds(time, out var asOf))
                faults.Add(new RateFault(Name, $"{asset}: it has no date"));
            else if (!coin.TryGetProperty("usd", out var price) || !PegJson.TryPrice(price, out var rate))
                faults.Add(new RateFault(Name, $"{asset}: it has no price"));
            else
                readings.Add(new PegReading(Name, asset, rate, asOf));
        }
        return new PegAnswer(readings, faults);
    }
}
