using StablePay.Engine.Webhooks;

namespace StablePay.Server.Api.WebhookEndpoints;

internal sealed class ReadWebhookEndpoint : IEndpoint
{
    public static void Map(ApiRoutes api) =>
        api.Add(
            new ApiRoute(HttpMethods.Get, "/webhook_endpoints/{id}", Permissions.WebhooksRead, RunAsync)
            {
                Answer = typeof(EndpointView),
            }
        );

    /// <summary>Reads a callback address, without its secret.</summary>
    public static async Task<Result<Answer>> RunAsync([FromPipeline] ApiCall call, CancellationToken ct)
    {
        if (call.Query.End() is { } refused)
            return refused;
        if (!call.TryReadId<EndpointId>(out var id))
            return ApiCall.NotFound;
        var found = await call.Parts.Engine.Endpoints.Find.RunAsync(call.Caller, id, ct);
        return ApiCall.Answered(found, view => view.ToJson());
    }
}
