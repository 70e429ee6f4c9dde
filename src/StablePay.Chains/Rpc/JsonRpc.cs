using System.Text.Json;

namespace StablePay.Chains.Rpc;

/// <summary>Reads a result; the reader stands on its first token, and must end on its last.</summary>
public delegate T ResultReader<out T>(ref Utf8JsonReader json);

/// <summary>Reads an error that is an answer as well; false where it is the node's fault.</summary>
internal delegate bool ErrorReader<T>(RpcError error, out T answer);

/// <summary>JSON-RPC 2.0 to the nodes of a network. Answers are parsed as a stream.</summary>
public sealed class JsonRpc
{
    private readonly NodePool _nodes;
    private long _lastId;

    public JsonRpc(HttpClient http, IReadOnlyList<Uri> nodes, RpcLimits limits)
        : this(new NodePool(http, [.. nodes.Select(n => new NodeAddress(n))], limits)) { }

    private JsonRpc(NodePool nodes) => _nodes = nodes;

    /// <inheritdoc cref="NodePool.Admission"/>
    public Func<JsonRpc, CancellationToken, Task>? Admission
    {
        set => _nodes.Admission = value is null ? null : (node, ct) => value(new JsonRpc(node), ct);
    }

    /// <inheritdoc cref="NodePool.AdmitAllAsync"/>
    public Task AdmitAllAsync(CancellationToken ct) => _nodes.AdmitAllAsync(ct);

    /// <inheritdoc cref="NodePool.PreferAnother"/>
    public void PreferAnother() => _nodes.PreferAnother();

    /// <summary>Asks, and on a fault of one node asks the next, each at most once.</summary>
    /// <param name="parameters">The JSON array of parameters.</param>
    public async Task<T> CallAsync<T>(string method, string parameters, ResultReader<T> read, CancellationToken ct) =>
        (await TellAsync(method, parameters, read, null, ct)).Answer;

    /// <summary>
    /// Asks for something to be done. A node that is asked after another one failed does not know what that one did.
    /// </summary>
    /// <param name="parameters">The JSON array of parameters.</param>
    /// <param name="refused">Which errors are answers; null where all of them are faults.</param>
    internal Task<ToldByNode<T>> TellAsync<T>(
        string method,
        string parameters,
        ResultReader<T> read,
        ErrorReader<T>? refused,
        CancellationToken ct
    )
    {
        var id = Interlocked.Increment(ref _lastId);
        var question = string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"jsonrpc":"2.0","id":{{id}},"method":"{{method}}","params":{{parameters}}}"""
        );
        return _nodes.TellAsync(method, "", question, body => Parse(method, id, body, read, refused), ct);
    }

    private static bool IsNumber(in Utf8JsonReader json, long id) =>
        json.TokenType == JsonTokenType.Number && json.TryGetInt64(out var number) && number == id;

    private static T Parse<T>(
        string method,
        long id,
        ReadOnlySpan<byte> body,
        ResultReader<T> read,
        ErrorReader<T>? refused
    )
    {
        var json = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = 64 });
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
            throw new NodeException(NodeFault.Malformed, $"{method}: the answer is not an object");
        var (hasId, hasResult) = (false, false);
        T result = default!;
        RpcError? error = null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("id"u8))
            {
                json.Read();
                // Null is the id of an error about a question that could not be read.
                if (hasId || (json.TokenType != JsonTokenType.Null && !IsNumber(json, id)))
                    throw new NodeException(NodeFault.Malformed, $"{method}: the answer is to another question");
                hasId = json.TokenType == JsonTokenType.Number;
            }
            else if (json.ValueTextEquals("result"u8))
            {
                json.Read();
                if (hasResult)
                    throw new NodeException(NodeFault.Malformed, $"{method}: two results");
                result = read(ref json);
                hasResult = true;
            }
            else if (json.ValueTextEquals("error"u8))
            {
                json.Read();
                // Old nodes send a null beside a result; it says nothing.
                if (json.TokenType != JsonTokenType.Null)
                    error ??= RpcErrors.Read(method, ref json);
            }
            else
            {
                json.Read();
                json.Skip();
            }
        }
        if (error is not null)
            return hasId && !hasResult && refused is not null && refused(error, out var answer)
                ? answer
                : throw error.ToFault(method);
        if (json.Read())
            throw new NodeException(NodeFault.Malformed, $"{method}: there is something after the answer");
        return hasId && hasResult
            ? result
            : throw new NodeException(NodeFault.Malformed, $"{method}: the answer has no {(hasId ? "result" : "id")}");
    }
}
