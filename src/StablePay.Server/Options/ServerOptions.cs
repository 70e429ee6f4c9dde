namespace StablePay.Server.Options;

/// <summary>How the server is reached.</summary>
public sealed class ServerOptions
{
    /// <summary>The TCP port to listen on; 0 for any free one.</summary>
    [Within(0, 65_535)]
    public int Port { get; set; } = 8080;

    /// <summary>The address to listen on: an IP address, or <c>*</c> for all.</summary>
    public string Listen { get; set; } = "127.0.0.1";

    /// <summary>
    /// How clients reach this server, with https unless it is localhost: every link is made from it. Empty for
    /// <c>http://localhost</c> with the port.
    /// </summary>
    public string PublicUrl { get; set; } = "";

    /// <summary>
    /// Proxies whose <c>X-Forwarded-For</c> is believed: addresses or CIDR ranges. Nobody else's is.
    /// </summary>
    public IList<string> TrustedProxies { get; set; } = [];

    /// <summary>The directory of everything that this instance keeps beside the database.</summary>
    public string Data { get; set; } = "data";

    /// <summary>How long running requests may take to end after a signal to stop.</summary>
    [Within(1, 300)]
    public TimeSpan StopWithin { get; set; } = TimeSpan.FromSeconds(15);
}
