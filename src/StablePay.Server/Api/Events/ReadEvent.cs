namespace StablePay.Server.Api.Events;

internal sealed class ReadEvent : IEndpoint
{
    public static void Map(ApiRoutes api) =>
        api.Add(
            new ApiRoute(HttpMethods.Get, "/events/{id}", Permissions.EventsRead, RunAsync)
            {
                Answer = typeof(EventView),
            }
        );

    /// <summary>Reads one event: the very bytes that its webhooks carry.</summary>
    public static async Task<Result<Answer>> RunAsync([FromPipeline] ApiCall call, CancellationToken ct)
    {
        if (call.Query.End() is { } refused)
            return refused;
        if (!call.TryReadId<Core.Ids.EventId>(out var id))
            return ApiCall.NotFound;
        var found = await call.Parts.Engine.Events.FindAsync(call.Caller, id, ct);
        return found.IsOk ? Answer.Ok(found.Value) : ApiCall.NotFound;
    }
}
