using StablePay.Engine.Webhooks;

namespace StablePay.Server.Api.WebhookEndpoints;

internal sealed class CreateWebhookEndpoint : IEndpoint
{
    public static void Map(ApiRoutes api) =>
        api.Add(
            new ApiRoute(HttpMethods.Post, "/webhook_endpoints", Permissions.WebhooksWrite, RunAsync)
            {
                Body = typeof(WebhookEndpointRequest),
                Answer = typeof(EndpointView),
            }
        );

    /// <summary>Adds a callback address. Only this answer holds its signing secret.</summary>
    public static async Task<Result<Answer>> RunAsync([FromPipeline] ApiCall call, CancellationToken ct)
    {
        var body = call.ReadBody();
        if (!body.IsOk)
            return body.Rejection;
        var root = body.Value.Root;
        var input = new NewEndpoint(
            root.Text("url", EndpointText.MostUrl),
            root.OptionalTexts("events", EndpointText.MostName),
            root.OptionalText("description", EndpointText.MostDescription)
        );
        root.End();
        if (body.Value.Rejection is not null)
            return body.Value.Rejection;
        var created = await call.Parts.Engine.Endpoints.Create.RunAsync(call.Caller, input, ct);
        return created.IsOk ? Answer.Ok(created.Value.ToJson()) : created.Rejection;
    }
}
