using System.Security.Cryptography;
using System.Text;

namespace StablePay.Server.Pages;

/// <summary>The headers of every page that people see (threats E1).</summary>
internal static class PageHeaders
{
    private static readonly string Policy = string.Join(
        "; ",
        "default-src 'none'",
        $"script-src 'self' '{Hash(Layout.FirstScript)}'",
        $"style-src 'self' '{Hash(Stylesheet.Inline)}'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "font-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'"
    );

    public static void Write(HttpContext context)
    {
        var headers = context.Response.Headers;
        // A plain-http host without TLS must not send its own forms and scripts to https; loopback is exempt in
        // browsers.
        var canUpgrade = context.Request.IsHttps || context.Request.Host.Host is "localhost" or "127.0.0.1" or "[::1]";
        headers.ContentSecurityPolicy = canUpgrade ? $"{Policy}; upgrade-insecure-requests" : Policy;
        headers.StrictTransportSecurity = "max-age=63072000; includeSubDomains";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "geolocation=(), camera=(), microphone=(), payment=(), usb=()";
        headers.XFrameOptions = "DENY";
        headers["X-Robots-Tag"] = "noindex";
        headers.CacheControl = "no-store";
        WriteForAny(context);
    }

    /// <summary>What also fits scripts and event streams.</summary>
    public static void WriteForAny(HttpContext context)
    {
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers["Cross-Origin-Resource-Policy"] = "same-origin";
    }

    public static string Hash(string text) =>
        "sha256-" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
