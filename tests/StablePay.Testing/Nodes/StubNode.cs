using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace StablePay.Testing.Nodes;

/// <summary>A question that came in.</summary>
public sealed record StubCall(string Method, JsonArray Parameters, JsonNode Id);

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
/// A stub of an EVM node over HTTP: it executes nothing, it tells what a test scripted, and it can lie, lag and break.
/// What a real node does is tested on a real one.
/// </summary>
public sealed class StubNode : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _serving;

    public StubNode(StubChain? chain = null)
    {
        Chain = chain ?? new StubChain();
        var port = AnvilNode.FreePort();
        Url = new Uri($"http://127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}/");
        _listener.Prefixes.Add(Url.ToString());
        _listener.Start();
        _serving = Task.Run(ServeAsync);
    }

    public Uri Url { get; }
    public StubChain Chain { get; }
    public long ChainId { get; set; } = 1;

    /// <summary>Contract to decimals; other contracts have no code.</summary>
    public Dictionary<string, int> Decimals { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Newest blocks that this node does not have yet.</summary>
    public int Lag { get; set; }

    /// <summary>How far the finalized tag is behind the head.</summary>
    public int FinalizedDistance { get; set; } = 2;
    public bool Gzip { get; set; }

    /// <summary>Answers instead of the truth, or null to tell it.</summary>
    public Func<StubCall, StubAnswer?>? Instead { get; set; }

    /// <summary>The methods asked, in order.</summary>
    public ConcurrentQueue<string> Asked { get; } = [];

    public int CountOf(string method) => Asked.Count(m => m == method);

    /// <summary>The truth about a call, to be bent by <see cref="Instead"/>.</summary>
    public JsonNode? TruthOf(StubCall call) =>
        Truth(call, out var unknown) is var truth && unknown is null
            ? truth
            : throw new InvalidOperationException(unknown);

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _listener.Stop();
        await _serving;
        _listener.Close();
        _ending.Dispose();
    }

    private async Task ServeAsync()
    {
        while (!_ending.IsCancellationRequested)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
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
            var call = new StubCall(
                question["method"]!.GetValue<string>(),
                question["params"]!.AsArray(),
                question["id"]!
            );
            Asked.Enqueue(call.Method);
            var answer = Instead?.Invoke(call) ?? Tell(call);
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
            // A question that is no JSON-RPC, or one that this stub does not understand: the test is to see it at once.
            context.Response.StatusCode = 400;
            context.Response.StatusDescription = e.GetType().Name;
            context.Response.Close();
        }
    }

    private StubAnswer Tell(StubCall call)
    {
        var truth = Truth(call, out var unknown);
        return unknown is null ? StubAnswer.Result(call, truth) : StubAnswer.Error(call, -32000, unknown);
    }

    private long Head => Chain.Tip.Height - Lag;

    private JsonNode? Truth(StubCall call, out string? unknown)
    {
        unknown = null;
        var first = call.Parameters.Count > 0 ? call.Parameters[0] : null;
        switch (call.Method)
        {
            case "eth_chainId":
                return StubBlock.Quantity(ChainId);
            case "eth_blockNumber":
                return StubBlock.Quantity(Head);
            case "eth_getBlockByNumber":
                return Visible(Chain.At(HeightOf(first!.GetValue<string>())))?.ToHeader();
            case "eth_getBlockByHash":
                return Visible(Chain.ByHash(first!.GetValue<string>()))?.ToHeader();
            case "eth_getBlockReceipts":
                return Visible(Chain.ByHash(first!.GetValue<string>())) is { } block
                    ? new JsonArray([.. block.ToReceipts()])
                    : null;
            case "eth_getTransactionReceipt":
                return Chain
                    .Blocks.Where(b => b.Height <= Head)
                    .SelectMany(b => b.ToReceipts())
                    .FirstOrDefault(r => r["transactionHash"]!.GetValue<string>() == first!.GetValue<string>());
            case "eth_getLogs":
                return Logs(first!.AsObject(), out unknown);
            case "eth_getCode":
                return Decimals.ContainsKey(first!.GetValue<string>()) ? "0x6001" : "0x";
            case "eth_call":
                return "0x" + StubBlock.Quantity(Decimals[first!["to"]!.GetValue<string>()])[2..].PadLeft(64, '0');
            default:
                unknown = $"the method {call.Method} does not exist/is not available";
                return null;
        }
    }

    private JsonArray? Logs(JsonObject filter, out string? unknown)
    {
        unknown = null;
        if (Visible(Chain.ByHash(filter["blockHash"]!.GetValue<string>())) is not { } block)
        {
            unknown = "unknown block";
            return null;
        }
        var contracts = filter["address"]!.AsArray().Select(a => a!.GetValue<string>()).ToList();
        var topic = filter["topics"]![0]!.GetValue<string>();
        return new JsonArray([
            .. block
                .ToLogs()
                .Where(l =>
                    contracts.Contains(l["address"]!.GetValue<string>(), StringComparer.OrdinalIgnoreCase)
                    && l["topics"]!.AsArray() is [{ } t, ..]
                    && t.GetValue<string>() == topic
                ),
        ]);
    }

    private StubBlock? Visible(StubBlock? block) => block?.Height <= Head ? block : null;

    private long HeightOf(string which) =>
        which switch
        {
            "finalized" => Math.Max(0, Head - FinalizedDistance),
            "latest" => Head,
            _ => AnvilNode.ReadHex(which),
        };
}
