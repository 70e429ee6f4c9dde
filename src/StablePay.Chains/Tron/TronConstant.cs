using System.Text.Json;
using StablePay.Chains.Evm;

namespace StablePay.Chains.Tron;

/// <summary>Calls of contracts that change nothing.</summary>
internal static class TronConstant
{
    /// <summary>As the newest block left the chain.</summary>
    public const string Newest = "/wallet/triggerconstantcontract";

    /// <summary>As the newest solidified block left it.</summary>
    public const string Solidified = "/walletsolidity/triggerconstantcontract";

    /// <summary>
    /// What the contract returned; null if the call failed, as one to a function that is not there does.
    /// </summary>
    /// <param name="parameter">The encoded arguments, or none.</param>
    public static Task<byte[]?> AskAsync(
        TronApi node,
        string view,
        Token token,
        string function,
        ReadOnlyMemory<byte> parameter,
        CancellationToken ct
    )
    {
        var contract = TronAddress.Parse(token.Contract).ToHex();
        return node.CallAsync(
            view,
            $$"""
            {"owner_address":"{{contract}}","contract_address":"{{contract}}","function_selector":"{{function}}",
            "parameter":"{{Hex.ToHex(parameter.Span)}}"}
            """,
            Read,
            ct
        );
    }

    private static byte[]? Read(ref Utf8JsonReader json)
    {
        using var document = JsonDocument.ParseValue(ref json);
        var root = document.RootElement;
        var told = root.GetProperty("result");
        return
            told.TryGetProperty("result", out var ok)
            && ok.ValueKind == JsonValueKind.True
            && !HasFailed(root)
            && root.TryGetProperty("constant_result", out var results)
            && results.GetArrayLength() > 0
            ? Convert.FromHexString(results[0].GetString() ?? "")
            : null;
    }

    /// <summary>A call that reverts is told as one that ran: what it left in place of a result is no answer.</summary>
    private static bool HasFailed(JsonElement root) =>
        root.TryGetProperty("transaction", out var tried)
        && tried.TryGetProperty("ret", out var outcomes)
        && outcomes
            .EnumerateArray()
            // The word for success is misspelt in the protocol; a node leaves it out.
            .Any(o => o.TryGetProperty("ret", out var outcome) && outcome.GetString() != "SUCESS");
}
