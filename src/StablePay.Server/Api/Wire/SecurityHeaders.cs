using Microsoft.Extensions.Primitives;

namespace StablePay.Server.Api.Wire;

/// <summary>
/// The headers of threats E1 on every answer. The policy forbids everything; a page that shows something replaces it by
/// its own.
/// </summary>
internal static class SecurityHeaders
{
    private static readonly (string Name, StringValues Value)[] Fixed =
    [
        ("Strict-Transport-Security", "max-age=63072000; includeSubDomains"),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        ("Referrer-Policy", "no-referrer"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Permissions-Policy", "geolocation=(), camera=(), microphone=(), payment=(), usb=()"),
        ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
        ("Cache-Control", "no-store"),
    ];

    public static void AddTo(IHeaderDictionary headers)
    {
        foreach (var (name, value) in Fixed)
            headers[name] = value;
    }
}
