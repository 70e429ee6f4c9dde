using System.Text;
using System.Threading.Channels;

namespace StablePay.Server.Pages;

/// <summary>
/// Server-sent events: what a source says as it says it, with a beat meanwhile so that nothing cuts the line.
/// </summary>
internal static class EventStream
{
    /// <summary>Short enough for proxies that close silent connections after half a minute.</summary>
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(15);

    /// <summary>Writes each JSON text as one event until the source ends or the visitor leaves.</summary>
    public static async Task RunAsync(HttpContext context, IAsyncEnumerable<string> source, TimeProvider clock)
    {
        WriteHeaders(context);
        context.Response.ContentType = "text/event-stream; charset=utf-8";
        // Buffering proxies would hold events back until the connection ends.
        context.Response.Headers["X-Accel-Buffering"] = "no";
        var lines = Channel.CreateUnbounded<string>();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        var pump = PumpAsync(source, lines.Writer, stop.Token);
        var beat = clock.CreateTimer(_ => lines.Writer.TryWrite(": beat\n\n"), null, Beat, Beat);
        try
        {
            await foreach (var line in lines.Reader.ReadAllAsync(stop.Token))
            {
                await context.Response.WriteAsync(line, Encoding.UTF8, stop.Token);
                await context.Response.Body.FlushAsync(stop.Token);
            }
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The visitor has left; there is nobody to tell.
            context.Abort();
        }
        finally
        {
            await beat.DisposeAsync();
            await stop.CancelAsync();
            await pump;
        }
    }

    /// <summary>What every answer about a status carries.</summary>
    public static void WriteHeaders(HttpContext context)
    {
        PageHeaders.WriteForAny(context);
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers["Referrer-Policy"] = "no-referrer";
        context.Response.Headers["X-Robots-Tag"] = "noindex";
    }

    /// <summary>A failure of the source ends the reader's loop with that failure.</summary>
    private static async Task PumpAsync(
        IAsyncEnumerable<string> source,
        ChannelWriter<string> lines,
        CancellationToken ct
    )
    {
        try
        {
            await foreach (var text in source.WithCancellation(ct))
                lines.TryWrite($"data: {text}\n\n");
            lines.TryComplete();
        }
        catch (Exception failure)
        {
            lines.TryComplete(failure);
        }
    }
}
