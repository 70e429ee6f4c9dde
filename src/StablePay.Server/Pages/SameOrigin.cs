namespace StablePay.Server.Pages;

/// <summary>Refuses form posts that another site caused (UI-01).</summary>
internal static class SameOrigin
{
    /// <summary>
    /// Whether a post comes from our own page. The pages send no referrer, and under that policy browsers write
    /// <c>Origin: null</c> on their own forms: there the fetch metadata decides. Browsers too old for both have nothing
    /// to abuse here, since a checkout page has no login: whoever knows its address may press its buttons anyway.
    /// </summary>
    public static bool Allows(HttpRequest request)
    {
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        if (site.Length > 0)
            return site == "same-origin";
        var origin = request.Headers.Origin.ToString();
        return origin.Length == 0
            || origin == "null"
            || (
                WebAddress.Read(origin) is { } uri
                && string.Equals(uri.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase)
            );
    }
}
