using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Threading.Channels;
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
    /// <summary>Short enough for proxies that close silent connections after half a minute.</summary>
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(15);

    private static readonly byte[] BeatBytes = ": beat\n\n"u8.ToArray();

    public async Task<IResult> StatusAsync(string id, HttpContext context)
    {
        Write(context);
        var page = await CheckoutPages.FindAsync(id, calls, context.RequestAborted);
        return page is null ? Results.NotFound() : Results.Json(Of(page), StatusJson.Default.CheckoutStatus);
    }

    public async Task RunAsync(string id, HttpContext context)
    {
        Write(context);
        var ct = context.RequestAborted;
        var page = await CheckoutPages.FindAsync(id, calls, ct);
        if (page is null)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        context.Response.ContentType = "text/event-stream; charset=utf-8";
        context.Response.Headers["X-Accel-Buffering"] = "no";
        var lines = Channel.CreateUnbounded<byte[]>();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var beat = clock.CreateTimer(_ => lines.Writer.TryWrite(BeatBytes), null, Beat, Beat);
        var follow = FollowAsync(page, lines.Writer, stop.Token);
        try
        {
            await foreach (var line in lines.Reader.ReadAllAsync(ct))
            {
                await context.Response.Body.WriteAsync(line, ct);
                await context.Response.Body.FlushAsync(ct);
            }
            await follow;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The visitor has left; there is nobody to tell.
            context.Abort();
        }
        finally
        {
            await beat.DisposeAsync();
            await stop.CancelAsync();
        }
    }

    private async Task FollowAsync(CheckoutPage page, ChannelWriter<byte[]> lines, CancellationToken ct)
    {
        try
        {
            var first = Of(page);
            lines.TryWrite(Line(first));
            if (page.State.IsTerminal)
                return;
            await foreach (var status in calls.Watch(page.Id, page.Version, ct))
            {
                lines.TryWrite(Line(status));
                if (IsFinal(status.State))
                    return;
            }
        }
        finally
        {
            lines.TryComplete();
        }
    }

    private static bool IsFinal(string state) => state is "paid" or "expired" or "canceled" or "failed";

    private static byte[] Line(CheckoutStatus status) =>
        Encoding.UTF8.GetBytes($"data: {JsonSerializer.Serialize(status, StatusJson.Default.CheckoutStatus)}\n\n");

    /// <summary>The status that a page just read shows.</summary>
    private static CheckoutStatus Of(CheckoutPage page)
    {
        var waiting = ConfirmingCard.Slowest(page);
        return new CheckoutStatus(
            page.State.PaymentStatus, page.Exception?.WireName, page.Version,
            waiting?.Confirmations ?? 0, waiting?.ConfirmationsRequired ?? 0,
            page.Watched?.Height, page.Watched?.ReadAt.UnixMs, page.Watched?.IsBehind ?? false, page.Now.UnixMs);
    }

    private static void Write(HttpContext context)
    {
        PageHeaders.WriteForAny(context);
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers["Referrer-Policy"] = "no-referrer";
        context.Response.Headers["X-Robots-Tag"] = "noindex";
    }

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
    [JsonSerializable(typeof(CheckoutStatus))]
    private sealed partial class StatusJson : JsonSerializerContext;
}
