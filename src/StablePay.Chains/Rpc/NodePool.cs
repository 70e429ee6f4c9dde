using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace StablePay.Chains.Rpc;

/// <summary>Bounds on what a node may cost us (EVM-14).</summary>
public sealed record RpcLimits(TimeSpan Timeout, int MostBytes)
{
    public static readonly RpcLimits Default = new(TimeSpan.FromSeconds(10), 16 * 1024 * 1024);
}

/// <summary>Where a node is, and what it wants to be told with every question.</summary>
/// <param name="Key">A header with a key for a hosted gateway; its value is a secret.</param>
public sealed record NodeAddress(Uri Url, KeyValuePair<string, string>? Key = null)
{
    public override string ToString() => Url.Host;
}

/// <summary>An answer, and what went wrong with the last node that was asked the same before.</summary>
internal readonly record struct ToldByNode<T>(T Answer, NodeException? Before);

/// <summary>Reads a whole answer.</summary>
internal delegate T BodyReader<out T>(ReadOnlySpan<byte> body);

/// <summary>
/// The nodes of a network, asked over HTTP. It stays with the node that answered last, and asks the next one when that
/// one fails. Answers are read into a bounded buffer; anything that breaks a protocol is a <see cref="NodeException"/>,
/// never a guess.
/// </summary>
internal sealed class NodePool(HttpClient http, IReadOnlyList<NodeAddress> nodes, RpcLimits limits)
{
    private readonly bool[] _admitted = new bool[nodes.Count];
    private int _preferred;

    /// <summary>
    /// Looks at a node before its first answer is used, and again after it was away: behind an address may be another
    /// node than yesterday, of another network (EVM-15). Gets a pool of that node alone.
    /// </summary>
    public Func<NodePool, CancellationToken, Task>? Admission { get; set; }

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
    /// <param name="name">What is asked, for the words of a fault.</param>
    /// <param name="path">Added to the node's address; empty for the address itself.</param>
    /// <param name="question">A JSON text.</param>
    public async Task<T> AskAsync<T>(
        string name,
        string path,
        string question,
        BodyReader<T> read,
        CancellationToken ct
    ) => (await TellAsync(name, path, question, read, ct)).Answer;

    /// <summary>The same, for what may have been done although no answer came.</summary>
    public async Task<ToldByNode<T>> TellAsync<T>(
        string name,
        string path,
        string question,
        BodyReader<T> read,
        CancellationToken ct
    )
    {
        var first = Volatile.Read(ref _preferred);
        NodeException? fault = null,
            before = null;
        for (var i = 0; i < nodes.Count; i++)
        {
            var node = (first + i) % nodes.Count;
            var isAsked = false;
            try
            {
                await AdmitAsync(node, ct);
                isAsked = true;
                var result = await AskAsync(nodes[node], name, path, question, read, ct);
                Volatile.Write(ref _preferred, node);
                return new ToldByNode<T>(result, before);
            }
            catch (NodeException e)
            {
                fault = e;
                if (isAsked)
                    before = e;
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
        await Admission(new NodePool(http, [nodes[node]], limits), ct);
        Volatile.Write(ref _admitted[node], true);
    }

    private async Task<T> AskAsync<T>(
        NodeAddress node,
        string name,
        string path,
        string question,
        BodyReader<T> read,
        CancellationToken ct
    )
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(limits.Timeout);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, AddressOf(node.Url, path))
            {
                Content = new ByteArrayContent(Encoding.UTF8.GetBytes(question))
                {
                    Headers = { ContentType = new MediaTypeHeaderValue("application/json") },
                },
            };
            if (node.Key is { } key)
                request.Headers.Add(key.Key, key.Value);
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            Check(name, answer);
            using var body = await BoundedBody.ReadAsync(answer.Content, limits.MostBytes, limit.Token);
            return read(body.Bytes);
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw new NodeException(
                NodeFault.Unavailable,
                $"{name}: no answer within {limits.Timeout.TotalSeconds} s",
                e
            );
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new NodeException(NodeFault.Unavailable, $"{name}: {e.Message}", e);
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
            throw new NodeException(NodeFault.Malformed, $"{name}: the answer cannot be read: {e.Message}", e);
        }
    }

    /// <summary>A gateway's address may have a path of its own, with or without a slash at its end.</summary>
    private static Uri AddressOf(Uri node, string path) =>
        path.Length == 0 ? node : new Uri(node.GetLeftPart(UriPartial.Path).TrimEnd('/') + path + node.Query);

    private static void Check(string name, HttpResponseMessage answer)
    {
        // Some nodes answer errors with 4xx and a body of their own; the status is reason enough not to believe it.
        if (answer.StatusCode == HttpStatusCode.OK)
            return;
        var fault = answer.StatusCode switch
        {
            HttpStatusCode.TooManyRequests => NodeFault.RateLimited,
            HttpStatusCode.RequestEntityTooLarge => NodeFault.Truncated,
            _ => NodeFault.Unavailable,
        };
        throw new NodeException(fault, $"{name}: HTTP {(int)answer.StatusCode}");
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
