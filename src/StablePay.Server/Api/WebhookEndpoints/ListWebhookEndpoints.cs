using StablePay.Engine.Webhooks;

namespace StablePay.Server.Api.WebhookEndpoints;

internal sealed class ListWebhookEndpoints : IEndpoint
{
    private const string Path = "/webhook_endpoints";

    public static void Map(ApiRoutes api) =>
        api.Add(
            new ApiRoute(HttpMethods.Get, Path, Permissions.WebhooksRead, RunAsync)
            {
                Answer = typeof(ListOf<EndpointView>),
                Query =
                [
                    new QueryParameter("limit", "1 to 100; 10 if absent.", IsInteger: true),
                    new QueryParameter("starting_after", "The id of the last endpoint of the page before."),
                ],
            }
        );

    /// <summary>Lists callback addresses, newest first.</summary>
    public static async Task<Result<Answer>> RunAsync([FromPipeline] ApiCall call, CancellationToken ct)
    {
        var query = call.Query;
        var (limit, after) = (query.Limit(), query.Id<EndpointId>("starting_after"));
        if (query.End() is { } refused)
            return refused;
        var page = await call.Parts.Engine.Endpoints.List.RunAsync(call.Caller, after, limit, ct);
        return ListView.Of(ApiRoutes.Prefix + Path, [.. page.Endpoints.Select(view => view.ToJson())], page.HasMore);
    }
}
