using StablePay.Engine.Checkout;

namespace StablePay.Server.Api.Sessions;

internal sealed class ReadSession : IEndpoint
{
    public static void Map(ApiRoutes api) =>
        api.Add(
            new ApiRoute(HttpMethods.Get, "/checkout/sessions/{id}", Permissions.SessionsRead, RunAsync)
            {
                Answer = typeof(SessionView),
            }
        );

    /// <summary>Reads a payment session.</summary>
    public static async Task<Result<Answer>> RunAsync([FromPipeline] ApiCall call, CancellationToken ct)
    {
        if (call.Query.End() is { } refused)
            return refused;
        var caller = call.Caller;
        return
            call.TryReadId<SessionId>(out var id)
            && await call.Parts.Engine.Checkout.FindAsync(caller.Store.Id, caller.Live, id, ct) is { } found
            ? Answer.Ok(SessionViews.JsonOf(found))
            : ApiCall.NotFound;
    }
}
