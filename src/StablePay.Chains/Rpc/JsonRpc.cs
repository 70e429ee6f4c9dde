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
        return _nodes.TellAsync(
            method,
            "",
            Question(id, method, parameters),
            body => Parse(method, id, body, read, refused),
            ct
        );
    }

    /// <summary>
    /// Asks the same of many things in one request, where nodes take that; answers in the order of the questions. A
    /// node that refuses the request as a whole is asked one question after the other.
    /// </summary>
    /// <param name="parameters">A JSON array of parameters for each question; there may be none.</param>
    /// <param name="refused">Which errors are answers; null where all of them are faults.</param>
    internal async Task<IReadOnlyList<T>> CallAllAsync<T>(
        string method,
        IReadOnlyList<string> parameters,
        ResultReader<T> read,
        ErrorReader<T>? refused,
        CancellationToken ct
    )
    {
        if (parameters.Count > 1 && await CallTogetherAsync(method, parameters, read, refused, ct) is { } together)
            return together;
        var answers = new List<T>(parameters.Count);
        foreach (var one in parameters)
            answers.Add((await TellAsync(method, one, read, refused, ct)).Answer);
        return answers;
    }

    /// <summary>Null if the nodes take no requests of several questions.</summary>
    private async Task<IReadOnlyList<T>?> CallTogetherAsync<T>(
        string method,
        IReadOnlyList<string> parameters,
        ResultReader<T> read,
        ErrorReader<T>? refused,
        CancellationToken ct
    )
    {
        var last = Interlocked.Add(ref _lastId, parameters.Count);
        var first = last - parameters.Count + 1;
        var questions = parameters.Select((p, i) => Question(first + i, method, p));
        try
        {
            return await _nodes.AskAsync(
                method,
                "",
                $"[{string.Join(',', questions)}]",
                body => ParseAll(method, first, parameters.Count, body, read, refused),
                ct
            );
        }
        catch (NodeException e) when (e.Fault == NodeFault.Truncated)
        {
            // Too large as one request, or its answer is.
            return null;
        }
    }

    private static string Question(long id, string method, string parameters) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"jsonrpc":"2.0","id":{{id}},"method":"{{method}}","params":{{parameters}}}"""
        );

    private static T Parse<T>(
        string method,
        long id,
        ReadOnlySpan<byte> body,
        ResultReader<T> read,
        ErrorReader<T>? refused
    )
    {
        var json = NewReader(body);
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
            throw new NodeException(NodeFault.Malformed, $"{method}: the answer is not an object");
        var told = ReadOne(method, ref json, read);
        if (told.Id is { } other && other != id)
            throw new NodeException(NodeFault.Malformed, $"{method}: the answer is to another question");
        if (told.Error is null && json.Read())
            throw new NodeException(NodeFault.Malformed, $"{method}: there is something after the answer");
        return AnswerOf(method, told, refused);
    }

    /// <summary>Answers of one request, which come in any order; null if the request was refused as a whole.</summary>
    private static T[]? ParseAll<T>(
        string method,
        long first,
        int count,
        ReadOnlySpan<byte> body,
        ResultReader<T> read,
        ErrorReader<T>? refused
    )
    {
        var json = NewReader(body);
        if (!json.Read())
            throw new NodeException(NodeFault.Malformed, $"{method}: the answer is empty");
        if (json.TokenType == JsonTokenType.StartObject)
        {
            var told = ReadOne(method, ref json, read);
            var fault = told.Error?.ToFault(method);
            return fault is { Fault: NodeFault.Refused or NodeFault.Truncated }
                ? null
                : throw fault ?? new NodeException(NodeFault.Malformed, $"{method}: one answer to several questions");
        }
        if (json.TokenType != JsonTokenType.StartArray)
            throw new NodeException(NodeFault.Malformed, $"{method}: the answers are not an array");
        var answers = new T[count];
        var isThere = new bool[count];
        while (json.Read() && json.TokenType == JsonTokenType.StartObject)
        {
            var told = ReadOne(method, ref json, read);
            if (told.Id is { } id && (id < first || id >= first + count || isThere[id - first]))
                throw new NodeException(NodeFault.Malformed, $"{method}: an answer is to another question");
            var answer = AnswerOf(method, told, refused);
            (answers[told.Id!.Value - first], isThere[told.Id.Value - first]) = (answer, true);
        }
        if (json.TokenType != JsonTokenType.EndArray || json.Read())
            throw new NodeException(NodeFault.Malformed, $"{method}: the answers are not an array of objects");
        return Array.TrueForAll(isThere, there => there)
            ? answers
            : throw new NodeException(NodeFault.Malformed, $"{method}: {isThere.Count(t => !t)} answers are left out");
    }

    private static T AnswerOf<T>(string method, Told<T> told, ErrorReader<T>? refused)
    {
        if (told.Error is { } error)
            return told is { Id: not null, HasResult: false } && refused is not null && refused(error, out var answer)
                ? answer
                : throw error.ToFault(method);
        return told is { Id: not null, HasResult: true }
            ? told.Result
            : throw new NodeException(
                NodeFault.Malformed,
                $"{method}: the answer has no {(told.Id is null ? "id" : "result")}"
            );
    }

    /// <summary>Reads one answer to its end.</summary>
    private static Told<T> ReadOne<T>(string method, ref Utf8JsonReader json, ResultReader<T> read)
    {
        long? id = null;
        var hasResult = false;
        T result = default!;
        RpcError? error = null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("id"u8))
            {
                json.Read();
                // Null is the id of an error about a question that could not be read.
                if (id is not null || !TryReadId(json, out id))
                    throw new NodeException(NodeFault.Malformed, $"{method}: the answer is to another question");
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
        return new Told<T>(id, hasResult, result, error);
    }

    private static bool TryReadId(in Utf8JsonReader json, out long? id)
    {
        id = json.TokenType == JsonTokenType.Number && json.TryGetInt64(out var number) ? number : null;
        return id is not null || json.TokenType == JsonTokenType.Null;
    }

    private static Utf8JsonReader NewReader(ReadOnlySpan<byte> body) =>
        new(body, new JsonReaderOptions { MaxDepth = 64 });

    /// <summary>One answer as it was sent.</summary>
    private readonly record struct Told<T>(long? Id, bool HasResult, T Result, RpcError? Error);
}
