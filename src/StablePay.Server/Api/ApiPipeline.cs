using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace StablePay.Server.Api;

/// <summary>
/// What every call goes through, in the contract's order: body, key, address, store, timestamp, nonce, signature, rate,
/// then permission, idempotency, the endpoint itself, and the one commit that makes nonce and answer durable.
/// </summary>
internal sealed class ApiPipeline(ApiParts parts, ILogger<ApiPipeline> log)
{
    private const int MostIdempotencyKey = 128;

    public async Task RunAsync(HttpContext http, ApiRoute route)
    {
        using var body = new RequestBody();
        Answer answer;
        try
        {
            answer = await AnswerAsync(http, route, body);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to be answered.
            return;
        }
        catch (BadHttpRequestException e)
        {
            AnswerWriter.WriteRate(http, parts.Limits.Take(http.Connection.RemoteIpAddress));
            answer = Error(http, new Rejection(ErrorCode.JsonInvalid, "The request could not be read: " + e.Message));
        }
#pragma warning disable CA1031 // The last stop of every failure: it is logged, and the caller gets the envelope.
        catch (Exception e)
#pragma warning restore CA1031
        {
            answer = Error(http, RejectionOf(http, route, e));
        }
        await AnswerWriter.WriteAsync(http, answer);
    }

    private async Task<Answer> AnswerAsync(HttpContext http, ApiRoute route, RequestBody body)
    {
        var isRead = await body.TryReadAsync(http.Request, http.RequestAborted);
        var (known, refused) = isRead
            ? await AuthenticateAsync(http, body)
            : (null, new Rejection(ErrorCode.BodyTooLarge, "The body is larger than 256 KiB."));
        // The rest of the body is not read, so the connection ends; a client must not send its next request on it.
        if (!isRead)
            http.Response.Headers.Connection = "close";
        var rate = refused is null ? parts.Limits.Take(known!.Key) : parts.Limits.Take(http.Connection.RemoteIpAddress);
        AnswerWriter.WriteRate(http, rate);
        if (!rate.IsAllowed)
            return Error(http, AnswerWriter.TooMany);
        return refused is null ? await RunAsync(http, route, known!, body) : Error(http, refused);
    }

    private async Task<(KnownKey? Known, Rejection? Refused)> AuthenticateAsync(HttpContext http, RequestBody body)
    {
        var headers = http.Request.Headers;
        var finding = FindKey(Single(headers.Authorization), out var missing);
        if (missing is not null)
            return (null, missing);
        var known = await finding;
        var request = new SignedRequest(
            Single(headers["X-StablePay-Timestamp"]),
            Single(headers["X-StablePay-Nonce"]),
            Single(headers["X-StablePay-Signature"]),
            http.Connection.RemoteIpAddress,
            body.Bytes.Span
        );
        return (known, Authentication.Check(known, request, parts.Clock.Now));
    }

    private ValueTask<KnownKey?> FindKey(string? authorization, out Rejection? missing)
    {
        missing = Authentication.ReadKey(authorization, out var key);
        return missing is null ? parts.Engine.Keys.FindAsync(key) : default;
    }

    /// <summary>Runs an authenticated call. What it changes is durable when this returns.</summary>
    private async Task<Answer> RunAsync(HttpContext http, ApiRoute route, KnownKey known, RequestBody body)
    {
        // What writes is not cut short by a client that goes away: its effect and its answer belong together.
        var ct = route.Writes ? CancellationToken.None : http.RequestAborted;
        var early = CheckCall(http, route, known, body);
        var idempotency =
            early is null && route.Method == HttpMethods.Post
                ? IdempotencyOf(http, body.Bytes.Span)
                : (Result<(string, string)?>)((string, string)?)null;
        early ??= idempotency.Rejection;
        var nonce = http.Request.Headers["X-StablePay-Nonce"].ToString();
        switch (await parts.Engine.Claims.BeginAsync(known, nonce, early is null ? idempotency.Value : null, ct))
        {
            case RequestStart.Refused refused:
                return Error(http, refused.Rejection);
            case RequestStart.Replay replay:
                http.Response.Headers["Idempotency-Replayed"] = "true";
                return new Answer(replay.Status, replay.Body);
            case RequestStart.Run run:
                var caller = new Caller(known.Key, known.Store, known.Merchant, run.Scope);
                var call = new ApiCall(http, caller, body.Bytes, parts);
                return await FinishAsync(http, run.Scope, early, () => CallAsync(route, call, ct), ct);
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private async Task<Result<Answer>> CallAsync(ApiRoute route, ApiCall call, CancellationToken ct)
    {
        if (route.NonceFirst && await parts.Engine.Claims.SpendNonceAsync(call.Caller.Scope, ct) is { } reused)
            return reused;
        return await route.Handler(call, ct);
    }

    private async Task<Answer> FinishAsync(
        HttpContext http,
        RequestScope scope,
        Rejection? early,
        Func<Task<Result<Answer>>> run,
        CancellationToken ct
    )
    {
        var result = early is null ? await run() : early;
        var answer = result.IsOk ? result.Value : Error(http, result.Rejection);
        if (result.Rejection?.Code == ErrorCode.NonceReused)
            return answer;
        // A failure of ours is no answer to keep: the same key may be tried again.
        var finished =
            answer.Status >= StatusCodes.Status500InternalServerError
                ? await parts.Engine.Claims.AbandonAsync(scope, ct)
                : await parts.Engine.Claims.FinishAsync(scope, answer.Status, answer.Body, ct);
        return finished is null ? answer : Error(http, finished);
    }

    /// <summary>What a call must have whatever it does.</summary>
    private static Rejection? CheckCall(HttpContext http, ApiRoute route, KnownKey known, RequestBody body)
    {
        if (!known.Key.Permissions.HasFlag(route.Needs))
            return new Rejection(ErrorCode.PermissionMissing, "This key may not make this call.");
        if (body.Bytes.IsEmpty)
            return null;
        if (route.Method != HttpMethods.Post)
            return new Rejection(ErrorCode.JsonInvalid, "This call takes no body.");
        return IsJson(http.Request)
            ? null
            : new Rejection(ErrorCode.ContentTypeInvalid, "Send the body as Content-Type: application/json, in UTF-8.");
    }

    private static bool IsJson(HttpRequest request)
    {
        if (request.Headers.ContentEncoding.Count > 0)
            return false;
        // The usual spelling needs no parser.
        if (request.ContentType == "application/json")
            return true;
        return MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            && type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            && (
                !type.Charset.HasValue
                || HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase)
            );
    }

    private static Result<(string Key, string Hash)?> IdempotencyOf(HttpContext http, ReadOnlySpan<byte> body)
    {
        var (plain, prefixed) = (http.Request.Headers["Idempotency-Key"], http.Request.Headers["X-Idempotency-Key"]);
        if (plain.Count + prefixed.Count == 0)
            return ((string, string)?)null;
        if (plain.Count > 0 && prefixed.Count > 0 && plain != prefixed)
            return new Rejection(
                ErrorCode.ParametersExclusive,
                "Idempotency-Key and X-Idempotency-Key differ.",
                "Idempotency-Key"
            );
        var key = Single(plain.Count > 0 ? plain : prefixed);
        if (key is not { Length: > 0 and <= MostIdempotencyKey } || key.AsSpan().ContainsAnyExceptInRange(' ', '~'))
            return new Rejection(
                ErrorCode.ParameterInvalid,
                "Idempotency-Key has 1 to 128 printable ASCII characters.",
                "Idempotency-Key"
            );
        return (key, RequestClaims.HashOf(http.Request.Method, http.Request.Path.Value!.TrimEnd('/'), body));
    }

    private static string? Single(StringValues values) => values.Count > 1 ? SignedRequest.Doubled : values.ToString();

    private Rejection RejectionOf(HttpContext http, ApiRoute route, Exception failure)
    {
        var known = Faults.RejectionOf(failure);
        if (known is null)
            log.LogError(failure, "{Request} {Method} {Path} failed", http.TraceIdentifier, route.Method, route.Path);
        else
            log.LogWarning(
                "{Request} {Method} {Path}: {Failure}",
                http.TraceIdentifier,
                route.Method,
                route.Path,
                failure.Message
            );
        return known ?? new Rejection(ErrorCode.InternalError, "Something failed on our side.");
    }

    private Answer Error(HttpContext http, Rejection rejection) =>
        ErrorView.Of(rejection, http.TraceIdentifier, parts.PublicUrl);
}
