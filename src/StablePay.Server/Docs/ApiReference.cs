using Scalar.AspNetCore;
using StablePay.Server.Api;

namespace StablePay.Server.Docs;

/// <summary>
/// The API's document for people, at <c>/docs/api</c>. The reader's script comes with the program; everything of it
/// that
/// would ask another origin is off, and the page's policy forbids it besides.
/// </summary>
internal static class ApiReference
{
    public static void Map(IEndpointRouteBuilder routes, ApiParts parts) =>
        routes.MapScalarApiReference(
            "/docs/api",
            (options, http) =>
            {
                // An id has more than 128 bits of chance, and no character that HTML would write otherwise than a
                // header.
                var nonce = parts.Engine.Ids.Next("", parts.Clock.Now);
                http.Response.Headers.ContentSecurityPolicy = PolicyOf(nonce);
                options
                    .WithTitle("StablePay API")
                    .WithNonce(nonce)
                    .WithOpenApiRoutePattern(ApiDocument.Path)
                    .DisableDefaultFonts()
                    .DisableAgent()
                    .DisableMcp()
                    .DisableTelemetry()
                    // A request needs a signature that the page cannot make: the Secret Key belongs in no browser.
                    .HideTestRequestButton()
                    .HideClientButton();
                options.ProxyUrl = null;
            }
        );

    // The reader writes its styles into the page as it runs, hence inline styles; scripts only by nonce.
    private static string PolicyOf(string nonce) =>
        $"default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        + "font-src 'self' data:; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";
}
