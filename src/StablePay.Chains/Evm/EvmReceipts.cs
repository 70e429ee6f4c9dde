using System.Text.Json;

namespace StablePay.Chains.Evm;

/// <summary>A transaction's outcome as its receipt tells it.</summary>
/// <param name="Succeeded">Status is exactly 0x1; absent or anything else is not success (P2).</param>
internal sealed record EvmReceipt(
    string TransactionHash,
    string BlockHash,
    bool Succeeded,
    IReadOnlyList<EvmReceiptLog> Logs
);

/// <summary>A log of a receipt; its place in the list is its ordinal.</summary>
internal sealed record EvmReceiptLog(EvmAddress Contract, ulong LogIndex, string Topics, string Data)
{
    /// <summary>Whether it has the event and the contract that a credit needs.</summary>
    public bool IsTransferOf(Network network) =>
        Topics.StartsWith(Hex.ToData(Abi.TransferTopic), StringComparison.Ordinal)
        && network.FindContract(Contract.ToString()) is not null;

    /// <summary>Sets the log's bits, as the block's producer did.</summary>
    public void AddTo(Span<byte> bloom)
    {
        Bloom.Add(bloom, BloomKey.OfContract(Contract));
        foreach (var topic in Topics.Split(',', StringSplitOptions.RemoveEmptyEntries))
            Bloom.Add(bloom, BloomKey.Of(Hex.Parse(topic)));
    }
}

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

    /// <summary>
    /// Whether these are the receipts of this block and leave no bit of its bloom unexplained. Bits beyond it are let
    /// pass: some networks have logs of the system that no header counts.
    /// </summary>
    public static bool Prove(IReadOnlyList<EvmReceipt> receipts, BlockRef block, ReadOnlySpan<byte> bloom)
    {
        Span<byte> explained = stackalloc byte[Bloom.Length];
        explained.Clear();
        foreach (var receipt in receipts)
        {
            if (receipt.BlockHash != block.Hash)
                return false;
            foreach (var log in receipt.Logs)
                log.AddTo(explained);
        }
        for (var i = 0; i < Bloom.Length; i++)
            if ((bloom[i] & ~explained[i]) != 0)
                return false;
        return true;
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
        // A log's place in its receipt is its identity, so the order must be the block's.
        for (var i = 1; i < logs.Count; i++)
            if (logs[i].LogIndex <= logs[i - 1].LogIndex)
                throw new JsonException("a receipt's logs are in the order of their index");
        var status = receipt.TryGetProperty("status", out var s) ? s.GetString() : null;
        return new EvmReceipt(
            HashOf(receipt.GetProperty("transactionHash")),
            HashOf(receipt.GetProperty("blockHash")),
            status == "0x1",
            logs
        );
    }

    private static EvmReceiptLog LogOf(JsonElement log)
    {
        var topics = string.Join(',', log.GetProperty("topics").EnumerateArray().Select(HashOf));
        var index = log.GetProperty("logIndex").GetString() ?? "";
        if (
            !EvmAddress.TryParse(log.GetProperty("address").GetString(), out var contract)
            || !Hex.TryParseQuantity(System.Text.Encoding.ASCII.GetBytes(index), out ulong logIndex)
        )
            throw new JsonException("a log has its address and its index");
        return new EvmReceiptLog(
            contract,
            logIndex,
            topics,
            (log.GetProperty("data").GetString() ?? "").ToLowerInvariant()
        );
    }

    private static string HashOf(JsonElement hash) =>
        Hex.ToData(Hex.Parse(hash.GetString() ?? "")) is { Length: 66 } text
            ? text
            : throw new JsonException("a hash has 32 bytes");
}
