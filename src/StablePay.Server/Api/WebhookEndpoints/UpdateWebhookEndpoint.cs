using StablePay.Engine.Webhooks;

namespace StablePay.Server.Api.WebhookEndpoints;

internal sealed class UpdateWebhookEndpoint : IEndpoint
{
    public static void Map(ApiRoutes api) =>
        api.Add(
            new ApiRoute(HttpMethods.Post, "/webhook_endpoints/{id}", Permissions.WebhooksWrite, RunAsync)
            {
                Body = typeof(WebhookEndpointChangeRequest),
                Answer = typeof(EndpointView),
            }
        );

    /// <summary>Changes a callback address, or enables it again.</summary>
    public static async Task<Result<Answer>> RunAsync([FromPipeline] ApiCall call, CancellationToken ct)
    {
        if (!call.TryReadId<EndpointId>(out var id))
            return ApiCall.NotFound;
        var body = call.ReadBody();
        if (!body.IsOk)
            return body.Rejection;
        var root = body.Value.Root;
        var change = new EndpointChange(
            root.OptionalText("url", EndpointText.MostUrl),
            root.OptionalTexts("events", EndpointText.MostName),
            root.OptionalText("description", EndpointText.MostDescription),
            root.OptionalText("status", EndpointText.MostName)
        );
        root.End();
        if (body.Value.Rejection is not null)
            return body.Value.Rejection;
        var updated = await call.Parts.Engine.Endpoints.Update.RunAsync(call.Caller, id, change, ct);
        return ApiCall.Answered(updated, view => view.ToJson());
    }
}
