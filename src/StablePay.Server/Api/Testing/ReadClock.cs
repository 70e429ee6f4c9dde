namespace StablePay.Server.Api.Testing;

internal sealed class ReadClock : IEndpoint
{
    public static void Map(ApiRoutes api) =>
        api.Add(
            new ApiRoute(HttpMethods.Get, "/test/clock", Permissions.SessionsRead, RunAsync)
            {
                Answer = typeof(TestClockView),
            }
        );

    /// <summary>Reads the store's test clock.</summary>
    /// <remarks>Test keys only. Live mode goes by the real time and has no such object.</remarks>
    public static async Task<Result<Answer>> RunAsync([FromPipeline] ApiCall call, CancellationToken ct)
    {
        if (call.Query.End() is { } refused)
            return refused;
        return call.Caller.Live
            ? ApiCall.NotFound
            : Answer.Ok(TestClockView.JsonOf(await call.Parts.Engine.TestClocks.ReadAsync(call.Caller, ct)));
    }
}
