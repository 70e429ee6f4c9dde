using System.Text.Json;

namespace StablePay.Chains.Rpc;

/// <summary>A node's error object.</summary>
/// <param name="Code">0 where it has none.</param>
/// <param name="Message">At most 300 characters of it.</param>
/// <param name="Data">Whatever the node adds, or null.</param>
internal sealed record RpcError(long Code, string Message, JsonElement? Data);

/// <summary>
/// What a node's error object means for us. Codes are not used alike by all nodes, so words decide where the code does
/// not; whatever is not recognised is a refusal, which moves nothing either.
/// </summary>
internal static class RpcErrors
{
    private const int LimitExceeded = -32005;

    private static readonly (string Word, NodeFault Fault)[] Words =
    [
        ("rate limit", NodeFault.RateLimited),
        ("too many requests", NodeFault.RateLimited),
        ("request limit", NodeFault.RateLimited),
        ("beyond current head", NodeFault.Lagging),
        ("unknown block", NodeFault.Lagging),
        ("block not found", NodeFault.Lagging),
        ("header not found", NodeFault.Lagging),
        ("resource not found", NodeFault.Lagging),
        ("cannot be found", NodeFault.Lagging),
        ("block not available", NodeFault.Lagging),
        ("not yet available", NodeFault.Lagging),
        ("is behind by", NodeFault.Lagging),
        ("node is unhealthy", NodeFault.Lagging),
        ("minimum context slot", NodeFault.Lagging),
        ("was skipped", NodeFault.Skipped),
        ("long-term storage", NodeFault.Unavailable),
        ("cleaned up", NodeFault.Pruned),
        ("pruned", NodeFault.Pruned),
        ("missing trie node", NodeFault.Pruned),
        ("history", NodeFault.Pruned),
        ("more than", NodeFault.Truncated),
        ("too large", NodeFault.Truncated),
        ("limit exceeded", NodeFault.Truncated),
    ];

    /// <exception cref="NodeException">It is no error object.</exception>
    public static RpcError Read(string method, ref Utf8JsonReader json)
    {
        using var document = JsonDocument.ParseValue(ref json);
        var error = document.RootElement;
        if (error.ValueKind != JsonValueKind.Object)
            throw new NodeException(NodeFault.Malformed, $"{method}: the error is not an object");
        var code = error.TryGetProperty("code", out var c) && c.TryGetInt64(out var number) ? number : 0;
        var message = error.TryGetProperty("message", out var m) ? m.ToString() : "";
        if (message.Length > 300)
            message = message[..300];
        return new RpcError(code, message, error.TryGetProperty("data", out var data) ? data.Clone() : null);
    }

    public static NodeException ToFault(this RpcError error, string method)
    {
        var (code, message, _) = error;
        // Providers use -32005 for "slow down" and for "more than 10000 results" alike: the words are asked first.
        var fault =
            FaultOf(message) is not NodeFault.Refused and var told ? told
            : code == LimitExceeded ? NodeFault.RateLimited
            : NodeFault.Refused;
        return new NodeException(fault, string.Create(CultureInfo.InvariantCulture, $"{method}: {code} {message}"));
    }

    private static NodeFault FaultOf(string message)
    {
        foreach (var (word, fault) in Words)
            if (message.Contains(word, StringComparison.OrdinalIgnoreCase))
                return fault;
        return NodeFault.Refused;
    }
}
