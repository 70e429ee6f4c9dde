namespace StablePay.Server.Api.Wire;

/// <summary>Writes answers and the headers that every answer carries.</summary>
internal static class AnswerWriter
{
    private static readonly string[] SmallNumbers =
    [
        .. Enumerable.Range(0, 1024).Select(n => n.ToString(CultureInfo.InvariantCulture)),
    ];

    public static Rejection TooMany { get; } =
        new(ErrorCode.RateLimitExceeded, "Too many requests in this second; try again in the next.");

    public static void WriteRate(HttpContext http, RateState rate)
    {
        var headers = http.Response.Headers;
        headers["X-RateLimit-Limit"] = TextOf(rate.Limit);
        headers["X-RateLimit-Remaining"] = TextOf(rate.Remaining);
        headers["X-RateLimit-Reset"] = rate.ResetsAt.ToString(CultureInfo.InvariantCulture);
        if (!rate.IsAllowed)
            headers.RetryAfter = "1";
    }

    public static async Task WriteAsync(HttpContext http, Answer answer)
    {
        var response = http.Response;
        response.StatusCode = answer.Status;
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = answer.Body.Length;
        await response.BodyWriter.WriteAsync(answer.Body, http.RequestAborted);
    }

    private static string TextOf(int number) =>
        number < SmallNumbers.Length ? SmallNumbers[number] : number.ToString(CultureInfo.InvariantCulture);
}
