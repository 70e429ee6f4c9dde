using System.Text.Json;

namespace StablePay.Chains.Evm;

/// <summary>A transaction's outcome as its receipt tells it.</summary>
/// <param name="Succeeded">Status is exactly 0x1; absent or anything else is not success (P2).</param>
internal sealed record EvmReceipt(
    string TransactionHash, string BlockHash, bool Succeeded, IReadOnlyList<EvmReceiptLog> Logs);

/// <summary>A log of a receipt; its place in the list is its ordinal.</summary>
internal sealed record EvmReceiptLog(EvmAddress Contract, ulong LogIndex, string Topics, string Data);

/// <summary>
/// Reads receipts. Only asked for transactions that seem to pay us, so it may build a document. Duplicate members are
/// refused: the last one would win.
/// </summary>
internal static class EvmReceipts
{
    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false };

    /// <summary>One receipt, or null where the node answers null.</summary>
    public static EvmReceipt? Read(ref Utf8JsonReader json)
    {
        using var document = Parse(ref json);
        return document.RootElement.ValueKind == JsonValueKind.Null ? null : Of(document.RootElement);
    }

    /// <summary>The receipts of a block, or null where the node answers null.</summary>
    public static IReadOnlyList<EvmReceipt>? ReadAll(ref Utf8JsonReader json)
    {
        using var document = Parse(ref json);
        return document.RootElement.ValueKind == JsonValueKind.Null
            ? null
            : [.. document.RootElement.EnumerateArray().Select(Of)];
    }

    private static JsonDocument Parse(ref Utf8JsonReader json)
    {
        // A reader cannot take the options, so the value is cut out and parsed with them.
        using var loose = JsonDocument.ParseValue(ref json);
        return JsonDocument.Parse(loose.RootElement.GetRawText(), Options);
    }

    private static EvmReceipt Of(JsonElement receipt)
    {
        var logs = receipt.GetProperty("logs").EnumerateArray().Select(LogOf).ToList();
        var status = receipt.TryGetProperty("status", out var s) ? s.GetString() : null;
        return new EvmReceipt(
            HashOf(receipt.GetProperty("transactionHash")), HashOf(receipt.GetProperty("blockHash")), status == "0x1", logs);
    }

    private static EvmReceiptLog LogOf(JsonElement log)
    {
        var topics = string.Join(',', log.GetProperty("topics").EnumerateArray().Select(HashOf));
        var index = log.GetProperty("logIndex").GetString() ?? "";
        if (!EvmAddress.TryParse(log.GetProperty("address").GetString(), out var contract)
            || !Hex.TryParseQuantity(System.Text.Encoding.ASCII.GetBytes(index), out ulong logIndex))
            throw new JsonException("a log has its address and its index");
        return new EvmReceiptLog(contract, logIndex, topics, (log.GetProperty("data").GetString() ?? "").ToLowerInvariant());
    }

    private static string HashOf(JsonElement hash) => Hex.ToData(Hex.Parse(hash.GetString() ?? "")) is { Length: 66 } text
        ? text
        : throw new JsonException("a hash has 32 bytes");
}
