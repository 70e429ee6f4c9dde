using System.Net;
using System.Net.Sockets;

namespace StablePay.Core.Primitives;

/// <summary>Reads absolute URLs that come from outside.</summary>
public static class WebAddress
{
    /// <summary>
    /// The URL, or null where the text is none. Between brackets only an IPv6 address may stand (RFC 3986, 3.2.2):
    /// <see cref="Uri"/> also takes a prefix length there, and for some of those every look at the host throws, so that
    /// a stranger's text would end a request.
    /// </summary>
    public static Uri? Read(string? text)
    {
        if (text is null || text.IndexOf("://", StringComparison.Ordinal) is var colon && colon < 0)
            return null;
        var rest = text.AsSpan(colon + 3);
        var end = rest.IndexOfAny("/\\?#");
        var authority = end < 0 ? rest : rest[..end];
        return HasGoodBrackets(authority) && Uri.TryCreate(text, UriKind.Absolute, out var url) ? url : null;
    }

    private static bool HasGoodBrackets(ReadOnlySpan<char> authority)
    {
        var open = authority.IndexOf('[');
        if (open < 0)
            return true;
        var inner = authority[(open + 1)..];
        var close = inner.IndexOf(']');
        return close >= 0
            && !inner[..close].Contains('%')
            && IPAddress.TryParse(inner[..close], out var address)
            && address.AddressFamily == AddressFamily.InterNetworkV6;
    }
}
