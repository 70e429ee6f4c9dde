namespace StablePay.Server.Options;

/// <summary>The comparison of our books with what the chains say that our addresses hold.</summary>
public sealed class ReconciliationOptions
{
    /// <summary>
    /// From one comparison of every address to the next. A shorter time finds burnt or frozen money sooner and asks the
    /// nodes more: on TRON one or two questions for each address.
    /// </summary>
    [Within(3_600, 604_800)]
    public TimeSpan Every { get; set; } = TimeSpan.FromHours(24);
}
