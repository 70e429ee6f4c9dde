namespace StablePay.Server.Options;

/// <summary>Figures of the program's own state, for Prometheus.</summary>
public sealed class MetricsOptions
{
    /// <summary>
    /// A TCP port of their own for <c>GET /metrics</c>, on the loopback address; 0 for none. They tell how much is paid
    /// here, so they are never on the public port.
    /// </summary>
    [Within(0, 65_535)]
    public int Port { get; set; }
}

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
