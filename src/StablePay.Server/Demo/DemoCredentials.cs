namespace StablePay.Server.Demo;

/// <summary>
/// What the demo shop was given, as any shop is: where the API is, its key pair, and its endpoint's secret.
/// </summary>
public sealed record DemoCredentials(string BaseUrl, string ApiKey, string SecretKey, string WebhookSecret)
{
    /// <summary>Keys never get into a log by being printed.</summary>
    public override string ToString() => $"{nameof(DemoCredentials)} of {BaseUrl}";
}
