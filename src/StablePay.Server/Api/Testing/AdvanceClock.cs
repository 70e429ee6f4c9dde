using StablePay.Engine.TestMode;

namespace StablePay.Server.Api.Testing;

internal sealed class AdvanceClock : IEndpoint
{
    /// <summary>The last second of the year 9999.</summary>
    private const long LastSecond = 253_402_300_799;

    public static void Map(ApiRoutes api) =>
        api.Add(
            new ApiRoute(HttpMethods.Post, "/test/clock/advance", Permissions.SessionsWrite, RunAsync)
            {
                Body = typeof(AdvanceClockRequest),
                Answer = typeof(TestClockView),
            }
        );

    /// <summary>Moves the store's test clock forward.</summary>
    /// <remarks>
    /// Test keys only. Give <c>seconds</c> or <c>to</c>. Everything of this store's test sessions that goes by time
    /// follows: ends of sessions, what is late, times that are told, and the next tries of webhooks. What is due then
    /// happens within seconds. The clock never goes back. Live mode and other stores are not touched; timestamps of
    /// signatures keep the real time.
    /// </remarks>
    public static async Task<Result<Answer>> RunAsync([FromPipeline] ApiCall call, CancellationToken ct)
    {
        if (call.Caller.Live)
            return ApiCall.NotFound;
        var body = call.ReadBody();
        if (!body.IsOk)
            return body.Rejection;
        var root = body.Value.Root;
        var seconds = root.OptionalInteger("seconds", 1, StoreClock.MostSeconds);
        var to = root.OptionalInteger("to", 1, LastSecond);
        root.End();
        if (body.Value.Rejection is { } refused)
            return refused;
        if ((seconds, to) is (null, null))
            return new Rejection(ErrorCode.ParameterMissing, "seconds or to must be given.", "seconds");
        if (seconds is not null && to is not null)
            return new Rejection(ErrorCode.ParametersExclusive, "Give seconds or to, not both.", "to");
        var move = new ClockMove(
            seconds is { } s ? TimeSpan.FromSeconds(s) : null,
            to is { } t ? Instant.FromUnixSeconds(t) : null
        );
        var moved = await call.Parts.Engine.TestClocks.RunAsync(call.Caller, move, TestClockView.JsonOf, ct);
        return ApiCall.Answered(moved, TestClockView.JsonOf);
    }
}
