using System.Text.Json;
using System.Text.Json.Serialization;
using StablePay.Engine.Checkout;
using StablePay.Server.Pages;

namespace StablePay.Server.Checkout;

/// <summary>
/// The status of a payment, once or as it changes. It says only that something changed; what the page then shows is
/// drawn by the server again, so no money is ever shown from here.
/// </summary>
internal sealed partial class StatusStream(CheckoutCalls calls, TimeProvider clock)
{
    public async Task<IResult> StatusAsync(string id, HttpContext context)
    {
        EventStream.WriteHeaders(context);
        return await FindAsync(id, context) is { } status
            ? Results.Json(status, StatusJson.Default.CheckoutStatus)
            : Results.NotFound();
    }

    public async Task RunAsync(string id, HttpContext context)
    {
        EventStream.WriteHeaders(context);
        if (await FindAsync(id, context) is null)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        var lines = calls
            .Watch(SessionId.From(id), context.RequestAborted)
            .Select(status => JsonSerializer.Serialize(status, StatusJson.Default.CheckoutStatus));
        await EventStream.RunAsync(context, lines, clock);
    }

    private async Task<CheckoutStatus?> FindAsync(string id, HttpContext context) =>
        CheckoutPages.CanBeId(id) ? await calls.Status(SessionId.From(id), context.RequestAborted) : null;

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
    [JsonSerializable(typeof(CheckoutStatus))]
    private sealed partial class StatusJson : JsonSerializerContext;
}
