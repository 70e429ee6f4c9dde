using System.Text.Json;
using StablePay.Chains.Rpc;

namespace StablePay.Chains.Evm;

/// <summary>A header with the bloom filter of its logs.</summary>
internal sealed record EvmHeader(BlockHeader Header, byte[] Bloom)
{
    /// <summary>The root of the block's receipts; only in verified mode, where it is known to be the block's.</summary>
    public string? ReceiptsRoot { get; init; }
}

/// <summary>Reads block headers as JSON-RPC writes them.</summary>
internal static class EvmBlocks
{
    /// <summary>A block object, or null where the node answers null.</summary>
    public static EvmHeader? Read(ref Utf8JsonReader json)
    {
        if (json.TokenType == JsonTokenType.Null)
            return null;
        if (json.TokenType != JsonTokenType.StartObject)
            throw new JsonException("a block is an object");
        ulong? number = null,
            time = null;
        string? hash = null,
            parent = null;
        byte[]? bloom = null;
        var seen = 0;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (JsonMembers.Is(json, "number"u8, 1, ref seen))
                number = EvmJson.Quantity(ref json);
            else if (JsonMembers.Is(json, "timestamp"u8, 2, ref seen))
                time = EvmJson.Quantity(ref json);
            else if (JsonMembers.Is(json, "hash"u8, 4, ref seen))
                hash = EvmJson.Hash(ref json);
            else if (JsonMembers.Is(json, "parentHash"u8, 8, ref seen))
                parent = EvmJson.Hash(ref json);
            else if (JsonMembers.Is(json, "logsBloom"u8, 16, ref seen))
                bloom = EvmJson.Bytes(ref json, Bloom.Length);
            else
                JsonMembers.Skip(ref json);
        }
        if (number is null || time is null || hash is null || parent is null || bloom is null)
            throw new JsonException("a block has number, timestamp, hash, parentHash and logsBloom");
        var reference = new BlockRef(checked((long)number.Value), hash);
        var instant = NodeTime.FromSeconds(checked((long)time.Value));
        return new EvmHeader(new BlockHeader(reference, new BlockRef(reference.Height - 1, parent), instant), bloom);
    }
}

/// <summary>The hex values of Ethereum's JSON-RPC, read strictly.</summary>
internal static class EvmJson
{
    /// <summary>The value after a property name.</summary>
    public static ulong Quantity(ref Utf8JsonReader json)
    {
        json.Read();
        return json.TokenType == JsonTokenType.String && Hex.TryParseQuantity(json.ValueSpan, out ulong value)
            ? value
            : throw new JsonException("a quantity is 0x and hex digits without leading zeros");
    }

    /// <summary>A 32-byte hash in lower case, whatever case the node writes.</summary>
    public static string Hash(ref Utf8JsonReader json) => Hex.ToData(Bytes(ref json, 32));

    public static byte[] Bytes(ref Utf8JsonReader json, int length)
    {
        var bytes = new byte[length];
        json.Read();
        return TryFill(json, bytes) ? bytes : throw new JsonException($"{length} bytes of hex were expected");
    }

    /// <summary>Fills exactly from the string that the reader stands on.</summary>
    public static bool TryFill(in Utf8JsonReader json, Span<byte> bytes) =>
        json.TokenType == JsonTokenType.String
        && !json.HasValueSequence
        && json.ValueSpan.StartsWith("0x"u8)
        && json.ValueSpan.Length == 2 + (bytes.Length * 2)
        && Hex.TryParse(json.ValueSpan, bytes);
}
