namespace StablePay.Server.Options;

/// <summary>Where webhooks may go.</summary>
public sealed class WebhookOptions
{
    /// <summary>
    /// Whether deliveries of test mode may reach this machine's own addresses and plain http, so that a developer can
    /// receive them. Never for live mode. If absent: on while no live network is configured.
    /// </summary>
    public bool? AllowLoopbackForTestMode { get; set; }

    /// <summary>TCP ports that may be called beside 443 and 8443.</summary>
    public IList<int> ExtraPorts { get; set; } = [];
}
