namespace StablePay.Server.Api.Sessions;

/// <summary>
/// Where a payer may be sent back to. The text itself is checked before any parser sees it: parsers repair what
/// browsers then read differently (UI-04).
/// </summary>
internal static class ReturnUrl
{
    public static bool IsAllowed(string url)
    {
        if (url.Any(c => c <= ' ' || c == '\\' || char.IsControl(c) || char.IsWhiteSpace(c)))
            return false;
        if (WebAddress.Read(url) is not { } uri || uri.UserInfo.Length > 0 || uri.Host.Length == 0)
            return false;
        if (url.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
            return true;
        return url.StartsWith("http://", StringComparison.OrdinalIgnoreCase) && IsLocal(uri);
    }

    private static bool IsLocal(Uri uri) =>
        uri.Host is "localhost" or "127.0.0.1" or "[::1]"
        || uri.Host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);
}
