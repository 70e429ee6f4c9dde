using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace StablePay.Chains.Rpc;

/// <summary>Reads a result; the reader stands on its first token, and must end on its last.</summary>
public delegate T ResultReader<out T>(ref Utf8JsonReader json);

/// <summary>Bounds on what a node may cost us (EVM-14).</summary>
public sealed record RpcLimits(TimeSpan Timeout, int MostBytes)
{
    public static readonly RpcLimits Default = new(TimeSpan.FromSeconds(10), 16 * 1024 * 1024);
}

/// <summary>
/// JSON-RPC over HTTP to one or more nodes of a network. It stays with the node that answered last, and asks the next
/// one when that one fails. Answers are parsed as a stream from a bounded buffer; anything that breaks the protocol
/// is a
/// <see cref="NodeException"/>, never a guess.
/// </summary>
public sealed class JsonRpc(HttpClient http, IReadOnlyList<Uri> nodes, RpcLimits limits)
{
    private readonly bool[] _admitted = new bool[nodes.Count];
    private int _preferred;
    private long _lastId;

    /// <summary>
    /// Looks at a node before its first answer is used, and again after it was away: behind an address may be another
    /// node than yesterday, of another network (EVM-15). Gets a client of that node alone.
    /// </summary>
    public Func<JsonRpc, CancellationToken, Task>? Admission { get; set; }

    /// <summary>Looks at every node again. Fails only if none can be used.</summary>
    public async Task AdmitAllAsync(CancellationToken ct)
    {
        NodeException? fault = null;
        var usable = 0;
        for (var node = 0; node < nodes.Count; node++)
        {
            Volatile.Write(ref _admitted[node], false);
            try
            {
                await AdmitAsync(node, ct);
                usable++;
            }
            catch (NodeException e)
            {
                fault = e;
            }
        }
        if (usable == 0)
            throw fault ?? new NodeException(NodeFault.Unavailable, "No node is configured.");
    }

    /// <summary>The node that is asked first contradicted itself: the next one is asked first from now on.</summary>
    public void PreferAnother() => Volatile.Write(ref _preferred, (Volatile.Read(ref _preferred) + 1) % nodes.Count);

    /// <summary>Asks, and on a fault of one node asks the next, each at most once.</summary>
    /// <param name="parameters">The JSON array of parameters.</param>
    public async Task<T> CallAsync<T>(string method, string parameters, ResultReader<T> read, CancellationToken ct)
    {
        var first = Volatile.Read(ref _preferred);
        NodeException? fault = null;
        for (var i = 0; i < nodes.Count; i++)
        {
            var node = (first + i) % nodes.Count;
            try
            {
                await AdmitAsync(node, ct);
                var result = await AskAsync(nodes[node], method, parameters, read, ct);
                Volatile.Write(ref _preferred, node);
                return result;
            }
            catch (NodeException e)
            {
                fault = e;
                if (e.Fault == NodeFault.Unavailable)
                    Volatile.Write(ref _admitted[node], false);
            }
        }
        throw fault ?? new NodeException(NodeFault.Unavailable, "No node is configured.");
    }

    private async Task AdmitAsync(int node, CancellationToken ct)
    {
        if (Admission is null || Volatile.Read(ref _admitted[node]))
            return;
        await Admission(new JsonRpc(http, [nodes[node]], limits), ct);
        Volatile.Write(ref _admitted[node], true);
    }

    private async Task<T> AskAsync<T>(
        Uri node,
        string method,
        string parameters,
        ResultReader<T> read,
        CancellationToken ct
    )
    {
        var id = Interlocked.Increment(ref _lastId);
        var question = string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"jsonrpc":"2.0","id":{{id}},"method":"{{method}}","params":{{parameters}}}"""
        );
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(limits.Timeout);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, node)
            {
                Content = new ByteArrayContent(Encoding.UTF8.GetBytes(question))
                {
                    Headers = { ContentType = new MediaTypeHeaderValue("application/json") },
                },
            };
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            Check(method, answer);
            using var body = await BoundedBody.ReadAsync(answer.Content, limits.MostBytes, limit.Token);
            return Parse(method, id, body.Bytes, read);
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw new NodeException(
                NodeFault.Unavailable,
                $"{method}: no answer within {limits.Timeout.TotalSeconds} s",
                e
            );
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new NodeException(NodeFault.Unavailable, $"{method}: {e.Message}", e);
        }
        catch (Exception e)
            when (e
                    is JsonException
                        or FormatException
                        or InvalidOperationException
                        or OverflowException
                        or KeyNotFoundException
            )
        {
            throw new NodeException(NodeFault.Malformed, $"{method}: the answer cannot be read: {e.Message}", e);
        }
    }

    private static bool IsNumber(in Utf8JsonReader json, long id) =>
        json.TokenType == JsonTokenType.Number && json.TryGetInt64(out var number) && number == id;

    private static void Check(string method, HttpResponseMessage answer)
    {
        // Some nodes answer errors with 4xx and a JSON-RPC body; the status alone is reason enough not to believe it.
        if (answer.StatusCode == HttpStatusCode.OK)
            return;
        var fault = answer.StatusCode switch
        {
            HttpStatusCode.TooManyRequests => NodeFault.RateLimited,
            HttpStatusCode.RequestEntityTooLarge => NodeFault.Truncated,
            _ => NodeFault.Unavailable,
        };
        throw new NodeException(fault, $"{method}: HTTP {(int)answer.StatusCode}");
    }

    private static T Parse<T>(string method, long id, ReadOnlySpan<byte> body, ResultReader<T> read)
    {
        var json = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = 64 });
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
            throw new NodeException(NodeFault.Malformed, $"{method}: the answer is not an object");
        var (hasId, hasResult) = (false, false);
        T result = default!;
        NodeException? error = null;
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
            throw error;
        if (json.Read())
            throw new NodeException(NodeFault.Malformed, $"{method}: there is something after the answer");
        return hasId && hasResult
            ? result
            : throw new NodeException(NodeFault.Malformed, $"{method}: the answer has no {(hasId ? "result" : "id")}");
    }
}

/// <summary>A response body in a pooled buffer, refused beyond a size.</summary>
internal sealed class BoundedBody : IDisposable
{
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
    private int _length;

    public ReadOnlySpan<byte> Bytes => _buffer.AsSpan(0, _length);

    public static async Task<BoundedBody> ReadAsync(HttpContent content, int most, CancellationToken ct)
    {
        var body = new BoundedBody();
        try
        {
            await using var stream = await content.ReadAsStreamAsync(ct);
            while (await stream.ReadAsync(body._buffer.AsMemory(body._length), ct) is > 0 and var read)
            {
                body._length += read;
                if (body._length > most)
                    throw new NodeException(NodeFault.Truncated, $"the answer is larger than {most} bytes");
                if (body._length == body._buffer.Length)
                    body.Grow();
            }
            return body;
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);

    private void Grow()
    {
        var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
        _buffer.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
