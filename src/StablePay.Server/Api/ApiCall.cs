using StablePay.Server.Api.Json;

namespace StablePay.Server.Api;

/// <summary>One authenticated request as its endpoint sees it.</summary>
internal sealed class ApiCall(HttpContext http, Caller caller, ReadOnlyMemory<byte> body, ApiParts parts)
{
    public Caller Caller { get; } = caller;

    /// <summary>What the endpoints work with.</summary>
    public ApiParts Parts { get; } = parts;

    public QueryReader Query => new(http.Request.Query);

    /// <summary>Reads the body's JSON; a body that is not strict JSON is a refusal.</summary>
    public Result<JsonBody> ReadBody() => JsonBody.Read(body);

    /// <summary>The id in the path as it was written.</summary>
    public string IdText => (string?)http.Request.RouteValues["id"] ?? "";

    /// <summary>
    /// The id in the path. Text that cannot be an id of this kind is like an id that does not exist, so that nothing is
    /// told by the difference (API-16).
    /// </summary>
    public bool TryReadId<TId>(out TId id)
        where TId : struct, IId<TId> => Wire.IdText.TryRead(IdText, out id);

    /// <summary>
    /// A use case's result as an answer. Whatever made an object not be there, the caller is told the same (API-16).
    /// </summary>
    public static Result<Answer> Answered<T>(Result<T> result, Func<T, byte[]> json)
    {
        if (result.IsOk)
            return Answer.Ok(json(result.Value));
        return result.Rejection.Code == ErrorCode.ResourceNotFound ? NotFound : result.Rejection;
    }

    public static Rejection NotFound { get; } = new(ErrorCode.ResourceNotFound, "There is no such object.");
}
