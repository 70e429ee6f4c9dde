namespace StablePay.Server.Options;

/// <summary>Exchange rates for live sessions. Test sessions use the bundled table when there are none.</summary>
public sealed class RateOptions
{
    /// <summary>Whether public rate sources are asked. Without them live sessions are in US dollars only.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>How often the sources are asked.</summary>
    [Within(60, 86_400)]
    public TimeSpan RefreshEvery { get; set; } = TimeSpan.FromMinutes(10);

    public PegOptions Peg { get; } = new();
}

/// <summary>When USDT or USDC is worth less than a dollar. Prices are read every five minutes.</summary>
public sealed class PegOptions
{
    /// <summary>
    /// US dollars for one coin, from 0.5 to 1: a coin that two sources at least say is worth less is below its peg.
    /// </summary>
    public string Floor { get; set; } = "0.98";

    /// <summary>
    /// <c>warn</c>: the log, health and the metrics say so. <c>pause</c>: no new live payment may choose the coin
    /// either, until it is back. <c>requote</c>: new live payments take it at its market price of their moment; below
    /// 0.05 they do not take it. Open payments always keep their price.
    /// </summary>
    [OneOf("warn", "pause", "requote")]
    public string Below { get; set; } = "warn";
}
