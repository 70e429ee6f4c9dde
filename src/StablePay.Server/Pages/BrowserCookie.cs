namespace StablePay.Server.Pages;

/// <summary>
/// What a page remembers in the browser: a language, a coin. Never anything secret, never anything that grants.
/// Over TLS the name carries <c>__Host-</c>, so that no neighbouring host can plant it.
/// </summary>
internal static class BrowserCookie
{
    private const int MaxLength = 64;

    public static string? Read(HttpRequest request, string name)
    {
        var value = request.Cookies[Name(request, name)];
        return value is { Length: <= MaxLength } ? value : null;
    }

    public static void Keep(HttpContext context, string name, string value) =>
        context.Response.Cookies.Append(
            Name(context.Request, name),
            value,
            new CookieOptions
            {
                HttpOnly = true,
                IsEssential = true,
                MaxAge = TimeSpan.FromDays(365),
                Path = "/",
                SameSite = SameSiteMode.Lax,
                Secure = context.Request.IsHttps,
            }
        );

    private static string Name(HttpRequest request, string name) => request.IsHttps ? $"__Host-{name}" : name;
}
