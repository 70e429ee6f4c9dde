using System.Collections.Concurrent;
using System.Collections.Specialized;
using System.Text.Json.Nodes;

namespace StablePay.Testing.Nodes;

/// <summary>A question that came in.</summary>
public sealed record StubCall(string Method, JsonArray Parameters, JsonNode Id);

/// <summary>A stub refuses a question with a JSON-RPC error.</summary>
public sealed class StubRefusedException(int code, string message) : Exception(message)
{
    public int Code => code;
}

/// <summary>
/// A stub of a node that speaks JSON-RPC over HTTP: it executes nothing, it tells what a test scripted, and it can lie,
/// lag and break. What a real node does is tested on a real one.
/// </summary>
public abstract class RpcStubNode(StubChain? chain) : StubServer
{
    public StubChain Chain { get; } = chain ?? new StubChain();

    /// <summary>Newest blocks that this node does not have yet.</summary>
    public int Lag { get; set; }

    /// <summary>How many blocks the final one is behind the head.</summary>
    public int FinalizedDistance { get; set; } = 2;

    /// <summary>Answers instead of the truth, or null to tell it.</summary>
    public Func<StubCall, StubAnswer?>? Instead { get; set; }

    /// <summary>The methods asked, in order.</summary>
    public ConcurrentQueue<string> Asked { get; } = [];

    protected long Head => Chain.Tip.Height - Lag;

    public int CountOf(string method) => Asked.Count(m => m == method);

    /// <summary>The truth about a call, to be bent by <see cref="Instead"/>.</summary>
    public abstract JsonNode? TruthOf(StubCall call);

    /// <summary>Answers a request of several questions as a whole, or null to answer each.</summary>
    public Func<IReadOnlyList<StubCall>, IReadOnlyList<StubAnswer>, StubAnswer>? Together { get; set; }

    public override StubAnswer Answer(string path, JsonNode question, NameValueCollection headers)
    {
        if (question is not JsonArray several)
            return Answer(CallOf(question));
        StubCall[] calls = [.. several.Select(q => CallOf(q!))];
        StubAnswer[] answers = [.. calls.Select(Answer)];
        return Together?.Invoke(calls, answers) ?? new StubAnswer($"[{string.Join(',', answers.Select(a => a.Body))}]");
    }

    private static StubCall CallOf(JsonNode question) =>
        new(question["method"]!.GetValue<string>(), question["params"]!.AsArray(), question["id"]!);

    private StubAnswer Answer(StubCall call)
    {
        Asked.Enqueue(call.Method);
        try
        {
            return Instead?.Invoke(call) ?? StubAnswer.Result(call, TruthOf(call));
        }
        catch (StubRefusedException refusal)
        {
            return StubAnswer.Error(call, refusal.Code, refusal.Message);
        }
    }

    /// <summary>The block, if this node has it already.</summary>
    protected StubBlock? Visible(StubBlock? block) => block?.Height <= Head ? block : null;
}
