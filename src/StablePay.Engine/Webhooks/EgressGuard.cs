using System.Net;
using System.Net.Sockets;

namespace StablePay.Engine.Webhooks;

/// <summary>Where webhooks may go.</summary>
/// <param name="Ports">The ports that a URL may name.</param>
/// <param name="AllowLoopbackForTestMode">
/// Whether test-mode deliveries may reach loopback, on any port and also in plain HTTP, so that a developer can receive
/// them. Never on where live money is taken.
/// </param>
public sealed record EgressPolicy(IReadOnlySet<int> Ports, bool AllowLoopbackForTestMode)
{
    /// <summary>HTTPS on 443 and 8443 to public addresses.</summary>
    public static readonly EgressPolicy Production = new(new HashSet<int> { 443, 8443 }, false);
}

/// <summary>
/// Keeps deliveries away from everything that is not the public internet (WH-01 to WH-05). URLs are checked when they
/// are saved; addresses again for every connection, on the one that is dialled.
/// </summary>
public sealed class EgressGuard(EgressPolicy policy)
{
    private const int MostUrlLength = 2048;
    private const string Param = "url";

    /// <summary>The IANA special-purpose ranges that no webhook may reach.</summary>
    private static readonly IPNetwork[] DeniedRanges =
    [
        .. new[]
        {
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4",
            "2001::/23",
            "2001:db8::/32",
            "2002::/16",
            "3fff::/20",
        }.Select(text => IPNetwork.Parse(text)),
    ];

    /// <summary>
    /// IPv6 is an allow-list: outside of global unicast are loopback, private and link-local addresses, NAT64 and the
    /// IPv4-compatible form, and whatever is defined next.
    /// </summary>
    private static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");

    /// <summary>Whether a connection to this address may be opened.</summary>
    /// <param name="isPlain">Whether it would be without TLS.</param>
    public bool MayDial(IPAddress address, bool live, bool isPlain)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        if (IPAddress.IsLoopback(address))
            return IsLoopbackAllowed(live);
        return !isPlain && IsPublic(address);
    }

    /// <summary>Whether a URL may be saved as an endpoint's; the refusal names the rule.</summary>
    public Result<Uri> CheckUrl(string text, bool live)
    {
        if (text.Length is 0 or > MostUrlLength)
            return Refuse($"The URL must have 1 to {MostUrlLength} characters.");
        foreach (var c in text)
        {
            if (c is <= ' ' or > '~' or '\\' or '"' or '<' or '>' or '^' or '`' or '{' or '|' or '}')
                return Refuse("The URL must be plain ASCII without spaces, backslashes or control characters.");
        }
        if (text.Contains('#', StringComparison.Ordinal))
            return Refuse("The URL must not have a fragment.");
        if (HasLonePercent(text))
            return Refuse("A percent sign in the URL must begin an escape of two hex digits, as in %20.");
        if (WebAddress.Read(text) is not { } url)
            return Refuse("The URL is not an absolute URL.");
        if (url.Scheme != Uri.UriSchemeHttps && url.Scheme != Uri.UriSchemeHttp)
            return Refuse("The URL must begin with https://.");
        return (CheckAuthority(text, url) ?? CheckHost(url, live)) is { } refusal ? refusal : url;
    }

    /// <summary>Parsers repair it in different ways, and then do not mean the same path.</summary>
    private static bool HasLonePercent(string text)
    {
        for (var at = text.IndexOf('%'); at >= 0; at = text.IndexOf('%', at + 1))
        {
            if (at + 2 >= text.Length || !char.IsAsciiHexDigit(text[at + 1]) || !char.IsAsciiHexDigit(text[at + 2]))
                return true;
        }
        return false;
    }

    private bool IsLoopbackAllowed(bool live) => !live && policy.AllowLoopbackForTestMode;

    private static bool IsPublic(IPAddress address) =>
        (address.AddressFamily == AddressFamily.InterNetwork || GlobalUnicast.Contains(address))
        && !DeniedRanges.Any(range => range.Contains(address));

    /// <summary>
    /// What is written must be what is meant: the host as <see cref="Uri"/> understands it, letter by letter, so that
    /// <c>0x7f.1</c>, <c>2130706433</c> or an uncompressed IPv6 form cannot stand for something else (WH-04, WH-05).
    /// </summary>
    private static Rejection? CheckAuthority(string text, Uri url)
    {
        var start = url.Scheme.Length + "://".Length;
        if (!text.StartsWith(url.Scheme + "://", StringComparison.OrdinalIgnoreCase))
            return Refuse("The URL must begin with https://.");
        var end = text.AsSpan(start).IndexOfAny('/', '?');
        var written = end < 0 ? text[start..] : text.Substring(start, end);
        if (written.Contains('@', StringComparison.Ordinal))
            return Refuse("The URL must not have a user name or a password.");
        var withPort = string.Create(CultureInfo.InvariantCulture, $"{url.Host}:{url.Port}");
        var isCanonical =
            written.Equals(withPort, StringComparison.OrdinalIgnoreCase)
            || (url.IsDefaultPort && written.Equals(url.Host, StringComparison.OrdinalIgnoreCase));
        return isCanonical ? null : Refuse("The URL's host and port must be in their usual form.");
    }

    private Rejection? CheckHost(Uri url, bool live)
    {
        var isPlain = url.Scheme == Uri.UriSchemeHttp;
        if (IPAddress.TryParse(url.IdnHost, out var address) && url.HostNameType != UriHostNameType.Dns)
        {
            if (IPAddress.IsLoopback(address) && IsLoopbackAllowed(live))
                return null;
            if (!MayDial(address, live, isPlain: false))
                return Refuse("The URL must not lead to a private or special address.");
        }
        else if (url.HostNameType != UriHostNameType.Dns)
        {
            return Refuse("The URL's host is not a name.");
        }
        else if (url.Host == "localhost")
        {
            return IsLoopbackAllowed(live) ? null : Refuse("The URL must not lead to this machine.");
        }
        else if (!IsPublicName(url.Host))
        {
            return Refuse("The URL's host is not a public name.");
        }
        if (isPlain)
            return Refuse("The URL must begin with https://.");
        return policy.Ports.Contains(url.Port)
            ? null
            : Refuse($"The URL's port must be one of {string.Join(", ", policy.Ports.Order())}.");
    }

    /// <summary>Two labels or more of letters, digits, hyphens; the last one no number, no trailing dot.</summary>
    private static bool IsPublicName(string host)
    {
        var labels = host.Split('.');
        return host.Length <= 253
            && labels.Length > 1
            && labels.All(IsLabel)
            && !char.IsAsciiDigit(labels[^1][0])
            && labels[^1] is not ("localhost" or "local" or "internal" or "arpa" or "onion");
    }

    private static bool IsLabel(string label) =>
        label.Length is > 0 and <= 63
        && label[0] != '-'
        && label[^1] != '-'
        && label.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    private static Rejection Refuse(string message) => new(ErrorCode.ParameterInvalid, message, Param);
}
