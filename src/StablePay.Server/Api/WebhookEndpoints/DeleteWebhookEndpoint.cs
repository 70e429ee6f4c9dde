using StablePay.Engine.Webhooks;

namespace StablePay.Server.Api.WebhookEndpoints;

internal sealed class DeleteWebhookEndpoint : IEndpoint
{
    public static void Map(ApiRoutes api) =>
        api.Add(
            new ApiRoute(HttpMethods.Delete, "/webhook_endpoints/{id}", Permissions.WebhooksWrite, RunAsync)
            {
                Answer = typeof(DeletedEndpointView),
            }
        );

    /// <summary>Removes a callback address. What is on its way to it is given up.</summary>
    public static async Task<Result<Answer>> RunAsync([FromPipeline] ApiCall call, CancellationToken ct)
    {
        if (!call.TryReadId<EndpointId>(out var id))
            return ApiCall.NotFound;
        var deleted = await call.Parts.Engine.Endpoints.Delete.RunAsync(call.Caller, id, ct);
        return ApiCall.Answered(deleted, view => view.ToJson());
    }
}
