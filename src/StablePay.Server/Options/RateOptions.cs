namespace StablePay.Server.Options;

/// <summary>Exchange rates for live sessions. Test sessions use the bundled table when there are none.</summary>
public sealed class RateOptions
{
    /// <summary>Whether public rate sources are asked. Without them live sessions are in US dollars only.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>How often the sources are asked.</summary>
    [Within(60, 86_400)]
    public TimeSpan RefreshEvery { get; set; } = TimeSpan.FromMinutes(10);
}
