namespace StablePay.Server.Api;

/// <summary>
/// Stands before everything: gives each request its id and each answer its headers, and turns what the router refuses
/// below the API's prefix into the envelope.
/// </summary>
internal sealed class ApiFront(RequestDelegate next, ApiParts parts, ILogger<ApiFront> log)
{
    public async Task InvokeAsync(HttpContext http)
    {
        // Ours, never the caller's: a header from outside must not be able to name another request in our log.
        http.TraceIdentifier = parts.Engine.Ids.Next("req_", parts.Clock.Now);
        http.Response.Headers["X-Request-Id"] = http.TraceIdentifier;
        // Behind a proxy that ends TLS a request looks plain. What browsers speak is what the settings say (API-12).
        if (parts.PublicUrl.StartsWith("https://", StringComparison.Ordinal))
            http.Request.Scheme = Uri.UriSchemeHttps;
        SecurityHeaders.AddTo(http.Response.Headers);
        if (!http.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase))
        {
            await next(http);
            return;
        }
        await next(http);
        var isAnswered = http.Response.HasStarted || http.Response.ContentLength is not null;
        if (isAnswered || http.RequestAborted.IsCancellationRequested)
            return;
        var refused = http.Response.StatusCode switch
        {
            StatusCodes.Status404NotFound => new Rejection(ErrorCode.ResourceNotFound, "There is no such path."),
            StatusCodes.Status405MethodNotAllowed => new Rejection(
                ErrorCode.MethodNotAllowed,
                "This path does not take this method."
            ),
            _ => null,
        };
        if (refused is null)
        {
            log.LogError("{Request} ended without an answer: {Status}", http.TraceIdentifier, http.Response.StatusCode);
            return;
        }
        var rate = parts.Limits.Take(http.Connection.RemoteIpAddress);
        AnswerWriter.WriteRate(http, rate);
        await AnswerWriter.WriteAsync(
            http,
            ErrorView.Of(rate.IsAllowed ? refused : AnswerWriter.TooMany, http.TraceIdentifier, parts.PublicUrl)
        );
    }
}
