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
