namespace StablePay.Server.Options;

/// <summary>Requests per second.</summary>
public sealed class RateLimitOptions
{
    /// <summary>Per test key.</summary>
    [Within(1, 10_000_000)]
    public int Test { get; set; } = 25;

    /// <summary>Per live key.</summary>
    [Within(1, 10_000_000)]
    public int Live { get; set; } = 100;

    /// <summary>
    /// Per address: requests that no key answers for, and, counted apart, pages of payments that do not exist.
    /// </summary>
    [Within(1, 10_000_000)]
    public int Anonymous { get; set; } = 50;
}
