using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace StablePay.Server.Docs;

/// <summary>
/// Every refusal of the API with its meaning, at <c>/docs/errors</c>: where each error's <c>doc_url</c> points.
/// </summary>
internal static class ErrorPage
{
    private const string Style =
        "body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem}"
        + "dt{font-family:ui-monospace,monospace;font-weight:600;margin-top:1rem}dt small{font-weight:400;opacity:.7}"
        + "dd{margin:0}:target{outline:2px solid;outline-offset:4px}@media(prefers-color-scheme:dark){html{color-scheme:dark}}";

    private static readonly string Page = Compose();

    private static readonly string Policy =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; "
        + "base-uri 'none'; frame-ancestors 'none'";

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet(
            "/docs/errors",
            (RequestDelegate)(
                http =>
                {
                    http.Response.Headers.ContentSecurityPolicy = Policy;
                    http.Response.ContentType = "text/html; charset=utf-8";
                    return http.Response.WriteAsync(Page, http.RequestAborted);
                }
            )
        );

    private static string Compose()
    {
        var page = new StringBuilder()
            .Append(
                "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content=\"width=device-width\">"
            )
            .Append("<title>StablePay errors</title><style>")
            .Append(Style)
            .Append("</style><h1>Errors</h1><dl>");
        foreach (var error in ErrorCode.All)
            page.Append(
                CultureInfo.InvariantCulture,
                $"<dt id=\"{error.Code}\">{error.Code} <small>{error.Status} {error.Type}</small><dd>{WebUtility.HtmlEncode(error.Meaning)}"
            );
        return page.Append("</dl></html>").ToString();
    }
}
