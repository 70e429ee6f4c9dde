using System.Text;
using System.Text.Json;
using StablePay.Chains.Evm;

namespace StablePay.Chains.Tron;

/// <summary>What a call that changes nothing came to.</summary>
/// <param name="Returned">Its first result; empty if it failed.</param>
/// <param name="Failure">The node's words; null if it did not fail.</param>
internal sealed record TronConstantCall(byte[] Returned, string? Failure)
{
    /// <summary>As the newest block left the chain.</summary>
    public const string Newest = "/wallet/triggerconstantcontract";

    /// <summary>As the newest solidified block left it.</summary>
    public const string Solidified = "/walletsolidity/triggerconstantcontract";

    /// <summary>The contract itself refused, as it does where it has no such function.</summary>
    public bool IsRevert => Failure?.Contains("revert", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>Calls a token's function.</summary>
    /// <param name="parameter">The encoded arguments; none if left out.</param>
    /// <param name="view">Of which block.</param>
    public static Task<TronConstantCall> AskAsync(
        TronApi api,
        Token token,
        string signature,
        CancellationToken ct,
        ReadOnlyMemory<byte> parameter = default,
        string view = Newest
    )
    {
        var contract = TronAddress.Parse(token.Contract).ToHex();
        return api.CallAsync(
            view,
            $$"""
            {"owner_address":"{{contract}}","contract_address":"{{contract}}","function_selector":"{{signature}}",
            "parameter":"{{Hex.ToHex(parameter.Span)}}"}
            """,
            Read,
            ct
        );
    }

    private static TronConstantCall Read(ref Utf8JsonReader json)
    {
        using var document = JsonDocument.ParseValue(ref json);
        var root = document.RootElement;
        var verdict = root.GetProperty("result");
        var ran = verdict.TryGetProperty("result", out var ok) && ok.ValueKind == JsonValueKind.True;
        var words = verdict.TryGetProperty("message", out var message) ? WordsOf(message.GetString() ?? "") : "";
        if (!ran || words.Length > 0)
            return new TronConstantCall([], words.Length > 0 ? words : "no reason given");
        if (HasReverted(root))
            return new TronConstantCall([], "it reverted");
        return root.TryGetProperty("constant_result", out var results) && results.GetArrayLength() > 0
            ? new TronConstantCall(Convert.FromHexString(results[0].GetString() ?? ""), null)
            : new TronConstantCall([], "it returned nothing");
    }

    /// <summary>
    /// A call that reverts may be told as one that ran: what it left in place of a result is no answer.
    /// </summary>
    private static bool HasReverted(JsonElement root) =>
        root.TryGetProperty("transaction", out var tried)
        && tried.TryGetProperty("ret", out var outcomes)
        && outcomes
            .EnumerateArray()
            // The word for success is misspelt in the protocol; a node leaves it out.
            .Any(o => o.TryGetProperty("ret", out var outcome) && outcome.GetString() != "SUCESS");

    /// <summary>Messages are hex of their text; one that is not is taken as it is.</summary>
    private static string WordsOf(string message)
    {
        var bytes = new byte[message.Length / 2];
        return message.Length % 2 == 0 && Hex.TryParse(message.AsSpan(), bytes)
            ? Encoding.UTF8.GetString(bytes)
            : message;
    }
}
