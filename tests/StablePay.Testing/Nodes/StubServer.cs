using System.Collections.Specialized;
using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Numerics;
using System.Text;
using System.Text.Json.Nodes;

namespace StablePay.Testing.Nodes;

/// <summary>Bytes to answer with instead of the truth.</summary>
/// <param name="Hang">Never answers, until the node ends.</param>
public sealed record StubAnswer(string Body, int Status = 200, string Type = "application/json", bool Hang = false)
{
    public static StubAnswer Error(StubCall call, int code, string message) =>
        new(
            new JsonObject
            {
                ["jsonrpc"] = "2.0",
                ["id"] = call.Id.DeepClone(),
                ["error"] = new JsonObject { ["code"] = code, ["message"] = message },
            }.ToJsonString()
        );

    public static StubAnswer Result(StubCall call, JsonNode? result) =>
        new(
            new JsonObject
            {
                ["jsonrpc"] = "2.0",
                ["id"] = call.Id.DeepClone(),
                ["result"] = result?.DeepClone(),
            }.ToJsonString()
        );
}

/// <summary>
/// Answers JSON with JSON, as a stub of a node says: over HTTP on a free port, once somebody has asked where that is, or
/// to whoever asks it directly.
/// </summary>
public abstract class StubServer : IAsyncDisposable
{
    private readonly CancellationTokenSource _ending = new();
    private readonly Lazy<(HttpListener Listener, Uri Url, Task Serving)> _http;

    protected StubServer() =>
        _http = new(() =>
        {
            var (listener, url) = Listen();
            return (listener, url, Task.Run(() => ServeAsync(listener)));
        });

    public Uri Url => _http.Value.Url;

    public bool Gzip { get; set; }

    /// <summary>What it says that somebody holds, made from what truly came and went; null for the truth.</summary>
    public Func<StubFlows, BigInteger>? BalanceLie { get; set; }

    /// <summary>Whether it says that every address is frozen. Otherwise its contracts cannot freeze any.</summary>
    public bool SaysFrozen { get; set; }

    public abstract StubAnswer Answer(string path, JsonNode question, NameValueCollection headers);

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        if (_http.IsValueCreated)
        {
            // Closed at once: one that was stopped before would bind its port again to close it, which may be another's by then.
            _http.Value.Listener.Close();
            await _http.Value.Serving;
        }
        _ending.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>What this node says that somebody holds.</summary>
    protected BigInteger Balance(StubChain chain, StubBlock after, string contract, string holder)
    {
        var flows = chain.Flows(after, contract, holder);
        return BalanceLie?.Invoke(flows) ?? flows.Held;
    }

    /// <summary>32 bytes in 64 digits.</summary>
    protected static string WordOf(BigInteger value) =>
        value.ToString("x", CultureInfo.InvariantCulture).TrimStart('0').PadLeft(64, '0');

    /// <summary>A port that is free when it is chosen may be taken a moment later: then it is another one.</summary>
    private static (HttpListener, Uri) Listen(int tries = 20)
    {
        var port = AnvilNode.FreePort().ToString(CultureInfo.InvariantCulture);
        var listener = new HttpListener { Prefixes = { $"http://127.0.0.1:{port}/" } };
        try
        {
            listener.Start();
            return (listener, new Uri(listener.Prefixes.Single()));
        }
        catch (HttpListenerException) when (tries > 1)
        {
            return Listen(tries - 1);
        }
    }

    private async Task ServeAsync(HttpListener listener)
    {
        while (!_ending.IsCancellationRequested)
        {
            HttpListenerContext context;
            try
            {
                // A listener that is closed in the middle of this may forget who waits for it: the end is told by us.
                context = await listener.GetContextAsync().WaitAsync(_ending.Token);
            }
            catch (Exception e)
                when (e
                        is HttpListenerException
                            or ObjectDisposedException
                            or OperationCanceledException
                            or InvalidOperationException
                )
            {
                return;
            }
            _ = Task.Run(() => AnswerAsync(context));
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        try
        {
            var question = JsonNode.Parse(context.Request.InputStream)!;
            var answer = Answer(context.Request.Url!.AbsolutePath, question, context.Request.Headers);
            if (answer.Hang)
            {
                await Task.Delay(Timeout.Infinite, _ending.Token);
            }
            context.Response.StatusCode = answer.Status;
            context.Response.ContentType = answer.Type;
            var bytes = Encoding.UTF8.GetBytes(answer.Body);
            if (Gzip)
            {
                context.Response.AddHeader("Content-Encoding", "gzip");
                await using var zipped = new GZipStream(context.Response.OutputStream, CompressionLevel.Fastest);
                await zipped.WriteAsync(bytes);
            }
            else
            {
                // A length beforehand: in chunks, each answer would wait 40 ms for the system to acknowledge its first.
                context.Response.ContentLength64 = bytes.Length;
                await context.Response.OutputStream.WriteAsync(bytes);
            }
            context.Response.Close();
        }
        catch (Exception e)
            when (e is OperationCanceledException or HttpListenerException or IOException or ObjectDisposedException)
        {
            // The asker gave up, or the test is over.
            context.Response.Abort();
        }
        catch (Exception e)
        {
            // A question that is no JSON, or one that this stub does not understand: the test is to see it at once.
            context.Response.StatusCode = 400;
            context.Response.StatusDescription = e.GetType().Name;
            context.Response.Close();
        }
    }
}
