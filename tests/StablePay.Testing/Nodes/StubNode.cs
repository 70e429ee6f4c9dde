using System.Collections.Concurrent;
using System.Collections.Specialized;
using System.Text.Json.Nodes;

namespace StablePay.Testing.Nodes;

/// <summary>A question that came in.</summary>
public sealed record StubCall(string Method, JsonArray Parameters, JsonNode Id);

/// <summary>
/// A stub of an EVM node over HTTP: it executes nothing, it tells what a test scripted, and it can lie, lag and break.
/// What a real node does is tested on a real one.
/// </summary>
public sealed class StubNode(StubChain? chain = null) : StubServer
{
    public StubChain Chain { get; } = chain ?? new StubChain();
    public long ChainId { get; set; } = 1;

    /// <summary>Contract to decimals; other contracts have no code.</summary>
    public Dictionary<string, int> Decimals { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Newest blocks that this node does not have yet.</summary>
    public int Lag { get; set; }

    /// <summary>How far the finalized tag is behind the head.</summary>
    public int FinalizedDistance { get; set; } = 2;

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

    protected override StubAnswer Answer(string path, JsonNode question, NameValueCollection headers)
    {
        var call = new StubCall(question["method"]!.GetValue<string>(), question["params"]!.AsArray(), question["id"]!);
        Asked.Enqueue(call.Method);
        return Instead?.Invoke(call) ?? Tell(call);
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
