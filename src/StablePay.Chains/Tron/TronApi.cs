using System.Text;
using System.Text.Json;
using StablePay.Chains.Rpc;

namespace StablePay.Chains.Tron;

/// <summary>
/// The HTTP API of TRON's full nodes. A node tells errors with status 200: as an object with <c>Error</c>, or as bare
/// text; neither is ever read as an answer (TRX-06).
/// </summary>
public sealed class TronApi
{
    private readonly NodePool _nodes;

    /// <param name="nodes">
    /// Addresses of full nodes or gateways, without the path; the header of a gateway's key is
    /// <c>TRON-PRO-API-KEY</c>.
    /// </param>
    public TronApi(HttpClient http, IReadOnlyList<NodeAddress> nodes, RpcLimits limits)
        : this(new NodePool(http, nodes, limits)) { }

    private TronApi(NodePool nodes) => _nodes = nodes;

    /// <inheritdoc cref="NodePool.Admission"/>
    public Func<TronApi, CancellationToken, Task>? Admission
    {
        set => _nodes.Admission = value is null ? null : (node, ct) => value(new TronApi(node), ct);
    }

    /// <inheritdoc cref="NodePool.AdmitAllAsync"/>
    public Task AdmitAllAsync(CancellationToken ct) => _nodes.AdmitAllAsync(ct);

    /// <inheritdoc cref="NodePool.PreferAnother"/>
    public void PreferAnother() => _nodes.PreferAnother();

    /// <param name="path">As <c>/wallet/getblock</c>.</param>
    /// <param name="question">A JSON object.</param>
    public Task<T> CallAsync<T>(string path, string question, ResultReader<T> read, CancellationToken ct) =>
        _nodes.AskAsync(path, path, question, body => Parse(path, body, read), ct);

    private static T Parse<T>(string path, ReadOnlySpan<byte> body, ResultReader<T> read)
    {
        if (body.TrimStart(" \r\n\t"u8) is not [(byte)'{' or (byte)'[', ..])
            throw new NodeException(NodeFault.Refused, $"{path}: {Told(body)}");
        if (ErrorIn(body) is { } error)
            throw new NodeException(
                error.Contains("lack of computing resources", StringComparison.OrdinalIgnoreCase)
                    ? NodeFault.RateLimited
                    : NodeFault.Refused,
                $"{path}: {error}"
            );
        var json = NewReader(body);
        json.Read();
        var result = read(ref json);
        return json.Read()
            ? throw new NodeException(NodeFault.Malformed, $"{path}: there is something after the answer")
            : result;
    }

    /// <summary>What an error object says; null if the answer is none.</summary>
    private static string? ErrorIn(ReadOnlySpan<byte> body)
    {
        var json = NewReader(body);
        if (
            !json.Read()
            || json.TokenType != JsonTokenType.StartObject
            || !json.Read()
            || json.TokenType != JsonTokenType.PropertyName
            || !(json.ValueTextEquals("Error"u8) || json.ValueTextEquals("error"u8))
        )
            return null;
        json.Read();
        return json.TokenType == JsonTokenType.String ? Told(json.ValueSpan) : "an error without words";
    }

    private static Utf8JsonReader NewReader(ReadOnlySpan<byte> body) =>
        new(body, new JsonReaderOptions { MaxDepth = 64 });

    private static string Told(ReadOnlySpan<byte> words) =>
        words.IsEmpty ? "an empty answer" : Encoding.UTF8.GetString(words[..Math.Min(words.Length, 300)]);
}
