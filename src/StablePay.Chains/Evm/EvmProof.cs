using System.Text.Json;

namespace StablePay.Chains.Evm;

/// <summary>
/// Recomputes what a node claims of a block (verified mode, EVM-16): its hash from its header, and the root of its
/// receipts from the receipts. A node can then still leave something out, but what it adds would need a header chain of
/// its own. A transaction's hash is not in its receipt and stays the node's word.
/// </summary>
internal static class EvmProof
{
    private enum Kind
    {
        Bytes,
        Number,
    }

    /// <summary>Ethereum's header, in the order in which it is hashed (Yellow Paper 4.4.3).</summary>
    private static readonly (string Name, Kind Kind)[] Fields =
    [
        ("parentHash", Kind.Bytes),
        ("sha3Uncles", Kind.Bytes),
        ("miner", Kind.Bytes),
        ("stateRoot", Kind.Bytes),
        ("transactionsRoot", Kind.Bytes),
        ("receiptsRoot", Kind.Bytes),
        ("logsBloom", Kind.Bytes),
        ("difficulty", Kind.Number),
        ("number", Kind.Number),
        ("gasLimit", Kind.Number),
        ("gasUsed", Kind.Number),
        ("timestamp", Kind.Number),
        ("extraData", Kind.Bytes),
        ("mixHash", Kind.Bytes),
        ("nonce", Kind.Bytes),
    ];

    /// <summary>Fields that later rules added at the end; a header has a first part of them.</summary>
    private static readonly (string Name, Kind Kind)[] Later =
    [
        ("baseFeePerGas", Kind.Number), // EIP-1559
        ("withdrawalsRoot", Kind.Bytes), // EIP-4895
        ("blobGasUsed", Kind.Number), // EIP-4844
        ("excessBlobGas", Kind.Number),
        ("parentBeaconBlockRoot", Kind.Bytes), // EIP-4788
        ("requestsHash", Kind.Bytes), // EIP-7685
        ("blockAccessListHash", Kind.Bytes), // EIP-7928
    ];

    /// <summary>The hash of the header in a block object.</summary>
    public static string HashOf(JsonElement block)
    {
        var items = Fields.Select(f => Item(block.GetProperty(f.Name), f.Kind)).ToList();
        foreach (var (name, kind) in Later)
        {
            if (!block.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
                break;
            items.Add(Item(value, kind));
        }
        return Hex.ToData(Keccak256.Hash(Rlp.Encode(RlpItem.List(items))));
    }

    /// <summary>A block object whose hash is that of its header, or null where the node answers null.</summary>
    public static EvmHeader? ReadBlock(ref Utf8JsonReader json)
    {
        using var document = JsonDocument.ParseValue(ref json);
        var block = document.RootElement;
        var again = new Utf8JsonReader(System.Text.Encoding.UTF8.GetBytes(block.GetRawText()));
        again.Read();
        if (EvmBlocks.Read(ref again) is not { } header)
            return null;
        var hash = HashOf(block);
        return hash == header.Header.Ref.Hash
            ? header with
            {
                ReceiptsRoot = Hex.ToData(Hex.Parse(block.GetProperty("receiptsRoot").GetString() ?? "")),
            }
            : throw new JsonException($"the header of block {header.Header.Ref} hashes to {hash}");
    }

    /// <summary>Receipts that have a root, by transaction, or null where the node answers null.</summary>
    public static IReadOnlyDictionary<string, EvmReceipt>? ReadReceipts(ref Utf8JsonReader json, string root)
    {
        using var document = JsonDocument.ParseValue(ref json);
        var receipts = document.RootElement;
        if (receipts.ValueKind == JsonValueKind.Null)
            return null;
        if (RootOf(receipts) is var found && found != root)
            throw new JsonException($"the receipts have the root {found}, the block says {root}");
        var again = new Utf8JsonReader(System.Text.Encoding.UTF8.GetBytes(receipts.GetRawText()));
        again.Read();
        return EvmReceipts.ReadAll(ref again)!.ToDictionary(r => r.TransactionHash);
    }

    /// <summary>The root of a block's receipts, an array of receipt objects in the block's order (EIP-2718).</summary>
    public static string RootOf(JsonElement receipts) =>
        Hex.ToData(OrderedTrie.Root([.. receipts.EnumerateArray().Select(Encode)]));

    private static byte[] Encode(JsonElement receipt)
    {
        var logs = receipt
            .GetProperty("logs")
            .EnumerateArray()
            .Select(log =>
                RlpItem.List(
                    Item(log.GetProperty("address"), Kind.Bytes),
                    RlpItem.List([.. log.GetProperty("topics").EnumerateArray().Select(t => Item(t, Kind.Bytes))]),
                    Item(log.GetProperty("data"), Kind.Bytes)
                )
            );
        var body = Rlp.Encode(
            RlpItem.List(
                Item(receipt.GetProperty("status"), Kind.Number),
                Item(receipt.GetProperty("cumulativeGasUsed"), Kind.Number),
                Item(receipt.GetProperty("logsBloom"), Kind.Bytes),
                RlpItem.List([.. logs])
            )
        );
        var type = receipt.TryGetProperty("type", out var t) ? Number(t) : UInt256.Zero;
        return type == UInt256.Zero ? body : [checked((byte)type.Low), .. body];
    }

    private static RlpItem Item(JsonElement value, Kind kind) =>
        kind == Kind.Number ? RlpItem.Of(Number(value)) : RlpItem.Of(Hex.Parse(value.GetString() ?? ""));

    private static UInt256 Number(JsonElement value) =>
        Hex.TryParseQuantity(System.Text.Encoding.ASCII.GetBytes(value.GetString() ?? ""), out UInt256 number)
            ? number
            : throw new JsonException("a quantity is 0x and hex digits without leading zeros");
}
