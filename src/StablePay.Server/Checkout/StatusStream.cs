using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using StablePay.Engine.Checkout;
using StablePay.Server.Checkout.Cards;
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
        var page = await CheckoutPages.FindAsync(id, calls, context.RequestAborted);
        return page is null ? Results.NotFound() : Results.Json(Of(page), StatusJson.Default.CheckoutStatus);
    }

    public async Task RunAsync(string id, HttpContext context)
    {
        var page = await CheckoutPages.FindAsync(id, calls, context.RequestAborted);
        if (page is null)
        {
            EventStream.WriteHeaders(context);
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        await EventStream.RunAsync(context, FollowAsync(page), clock);
    }

    private async IAsyncEnumerable<string> FollowAsync(CheckoutPage page, [EnumeratorCancellation] CancellationToken ct = default)
    {
        yield return Json(Of(page));
        if (page.State.IsTerminal)
            yield break;
        await foreach (var status in calls.Watch(page.Id, page.Version, ct))
        {
            yield return Json(status);
            if (status.State is "paid" or "expired" or "canceled" or "failed")
                yield break;
        }
    }

    private static string Json(CheckoutStatus status) => JsonSerializer.Serialize(status, StatusJson.Default.CheckoutStatus);

    /// <summary>The status that a page just read shows.</summary>
    private static CheckoutStatus Of(CheckoutPage page)
    {
        var waiting = ConfirmingCard.Slowest(page);
        return new CheckoutStatus(
            page.State.PaymentStatus, page.Exception?.WireName, page.Version,
            waiting?.Confirmations ?? 0, waiting?.ConfirmationsRequired ?? 0,
            page.Watched?.Height, page.Watched?.ReadAt.UnixMs, page.Watched?.IsBehind ?? false, page.Now.UnixMs);
    }

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
    [JsonSerializable(typeof(CheckoutStatus))]
    private sealed partial class StatusJson : JsonSerializerContext;
}
