using System.Net;
using StablePay.Engine.Webhooks;

namespace StablePay.Fuzz.Targets;

/// <summary>
/// Addresses for webhooks. One that is taken leads to a public name or to an address that may be dialled, reads the
/// same for every parser, and is taken again when it is written down by ours.
/// </summary>
internal sealed class UrlTarget : IFuzzTarget
{
    private static readonly EgressPolicy Looping = EgressPolicy.Production with { AllowLoopbackForTestMode = true };

    private static readonly string[] Hidden = ["localhost", "local", "internal", "arpa", "onion"];

    public string Name => "url";

    public void Run(byte[] input)
    {
        var text = Encoding.UTF8.GetString(input);
        foreach (var policy in new[] { EgressPolicy.Production, Looping })
        {
            var guard = new EgressGuard(policy);
            var (live, test) = (guard.CheckUrl(text, live: true), guard.CheckUrl(text, live: false));
            Must.Hold(!live.IsOk || test.IsOk, "what live mode takes test mode takes");
            Check(guard, policy, text, live, live: true);
            Check(guard, policy, text, test, live: false);
        }
    }

    private static void Check(EgressGuard guard, EgressPolicy policy, string text, Result<Uri> checkedUrl, bool live)
    {
        if (!checkedUrl.IsOk)
        {
            Must.Equal(checkedUrl.Rejection.Code, ErrorCode.ParameterInvalid, "the code of a refusal");
            Must.Equal(checkedUrl.Rejection.Param, "url", "the field of a refusal");
            return;
        }
        var url = checkedUrl.Value;
        var again = guard.CheckUrl(url.AbsoluteUri, live);
        Must.Hold(again.IsOk && again.Value == url, $"{url.AbsoluteUri} is taken again");
        Must.Hold(text.All(c => c is > ' ' and <= '~'), "a URL is plain ASCII");
        Must.Hold(url.UserInfo.Length == 0 && url.Fragment.Length == 0, "a URL has neither user nor fragment");
        // What stands between the slashes is the host itself: no parser can find another one there.
        var authority = text.Split("://", 2)[1].Split('/', '?')[0];
        var host = url.IsDefaultPort ? authority.Split(url.Host.StartsWith('[') ? "]:" : ":")[0] : authority;
        Must.Hold(host.StartsWith(url.Host.TrimEnd(']'), StringComparison.OrdinalIgnoreCase), $"{host} is {url.Host}");
        var mayLoop = !live && policy.AllowLoopbackForTestMode;
        if (mayLoop && IsLoopback(url))
            return;
        Must.Equal(url.Scheme, Uri.UriSchemeHttps, "the scheme");
        Must.Hold(policy.Ports.Contains(url.Port), $"the port {url.Port}");
        if (url.HostNameType == UriHostNameType.Dns)
        {
            PublicName(url.IdnHost);
            return;
        }
        var address = IPAddress.Parse(url.IdnHost);
        Must.Hold(DialTarget.IsPublic(address), $"{address} is public");
        Must.Hold(guard.MayDial(address, live, isPlain: false), $"{address} may be dialled");
    }

    /// <summary>Where the connection would go, which is this machine for an IPv4 address in IPv6 form as well.</summary>
    private static bool IsLoopback(Uri url) =>
        url.IsLoopback
        || (
            IPAddress.TryParse(url.IdnHost, out var address)
            && address.IsIPv4MappedToIPv6
            && IPAddress.IsLoopback(address.MapToIPv4())
        );

    private static void PublicName(string host)
    {
        var labels = host.Split('.');
        Must.Hold(labels.Length > 1 && labels.All(l => l.Length is > 0 and <= 63), $"{host} is a name");
        Must.Hold(!Hidden.Contains(labels[^1].ToLowerInvariant()), $"{host} is a public name");
        Must.Hold(!IPAddress.TryParse(host, out _) && !char.IsAsciiDigit(labels[^1][0]), $"{host} is no number");
    }
}
