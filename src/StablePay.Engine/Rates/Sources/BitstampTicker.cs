using System.Text.Json;
using StablePay.Engine.Rates.Pegs;

namespace StablePay.Engine.Rates.Sources;

/// <summary>
/// An exchange that trades the coin against dollars themselves: JSON of texts, no key. The middle of the best bid and
/// ask counts; the last trade may be an old one.
/// </summary>
public sealed class BitstampTicker(Asset asset) : IPegSource
{
    public string Name => "bitstamp";

    public Uri Address { get; } = new($"https://www.bitstamp.net/api/v2/ticker/{asset.Code.ToLowerInvariant()}usd/");

    public PegAnswer Parse(ReadOnlyMemory<byte> answer) => PegJson.Read(Name, answer, Read);

    private PegAnswer Read(JsonElement root)
    {
        if (!root.TryGetProperty("timestamp", out var time) || !PegJson.TrySeconds(time, out var asOf))
            return PegAnswer.Failed(Name, $"{asset}: it has no date");
        if (
            !root.TryGetProperty("bid", out var bid)
            || !root.TryGetProperty("ask", out var ask)
            || !PegJson.TryPrice(bid, out var low)
            || !PegJson.TryPrice(ask, out var high)
            || low.Unscaled > high.Unscaled
        )
            return PegAnswer.Failed(Name, $"{asset}: it has no price");
        var middle = Rate.From(low.Unscaled + high.Unscaled, 2 * Rate.One.Unscaled);
        return new PegAnswer([new PegReading(Name, asset, middle, asOf)], []);
    }
}
