namespace StablePay.Server.Options;

/// <summary>The settings as they are written, by section. What is checked and used is a <see cref="Settings"/>.</summary>
public sealed class StablePayOptions
{
    public ServerOptions Server { get; } = new();

    public DatabaseOptions Database { get; } = new();

    /// <summary>Live networks by a name of the operator's own.</summary>
    public IDictionary<string, NetworkOptions> Networks { get; } =
        new SortedDictionary<string, NetworkOptions>(StringComparer.OrdinalIgnoreCase);

    public KeyOptions Keys { get; } = new();

    public WebhookOptions Webhooks { get; } = new();

    public RateOptions Rates { get; } = new();

    public ReconciliationOptions Reconciliation { get; } = new();

    public SandboxOptions Sandbox { get; } = new();

    public RateLimitOptions RateLimits { get; } = new();

    public MetricsOptions Metrics { get; } = new();
}
