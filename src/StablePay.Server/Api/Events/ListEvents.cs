namespace StablePay.Server.Api.Events;

internal sealed class ListEvents : IEndpoint
{
    private const string Path = "/events";

    public static void Map(ApiRoutes api) =>
        api.Add(
            new ApiRoute(HttpMethods.Get, Path, Permissions.EventsRead, RunAsync)
            {
                Answer = typeof(ListOf<EventView>),
                Query =
                [
                    new QueryParameter(
                        "after",
                        "The sequence of the last event that is known; 0 if absent.",
                        IsInteger: true
                    ),
                    new QueryParameter("limit", "1 to 100; 10 if absent.", IsInteger: true),
                ],
            }
        );

    /// <summary>Lists every event of the store in order: what a receiver that missed webhooks reads.</summary>
    public static async Task<Result<Answer>> RunAsync([FromPipeline] ApiCall call, CancellationToken ct)
    {
        var query = call.Query;
        var after = query.Integer("after", 0, long.MaxValue) ?? 0;
        var limit = query.Limit();
        if (query.End() is { } refused)
            return refused;
        var (bodies, hasMore) = await call.Parts.Engine.Events.ListAsync(call.Caller, after, limit, ct);
        return ListView.Of(ApiRoutes.Prefix + Path, bodies, hasMore);
    }
}
