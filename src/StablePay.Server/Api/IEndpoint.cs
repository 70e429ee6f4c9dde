namespace StablePay.Server.Api;

/// <summary>
/// One call of the API. A file that implements this is found at start and mapped; nothing lists them.
/// </summary>
internal interface IEndpoint
{
    static abstract void Map(ApiRoutes api);
}

/// <summary>What an endpoint does with an authenticated call: an answer, or a refusal.</summary>
internal delegate Task<Result<Answer>> ApiHandler(ApiCall call, CancellationToken ct);
