using System.Text.Json;

namespace StablePay.Chains.Evm;

/// <summary>A header with the bloom filter of its logs.</summary>
internal sealed record EvmHeader(BlockHeader Header, byte[] Bloom);

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
        ulong? number = null, time = null;
        string? hash = null, parent = null;
        byte[]? bloom = null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("number"u8))
                number = EvmJson.Quantity(ref json);
            else if (json.ValueTextEquals("timestamp"u8))
                time = EvmJson.Quantity(ref json);
            else if (json.ValueTextEquals("hash"u8))
                hash = EvmJson.Hash(ref json);
            else if (json.ValueTextEquals("parentHash"u8))
                parent = EvmJson.Hash(ref json);
            else if (json.ValueTextEquals("logsBloom"u8))
                bloom = EvmJson.Bytes(ref json, Bloom.Length);
            else
                EvmJson.Skip(ref json);
        }
        if (number is null || time is null || hash is null || parent is null || bloom is null)
            throw new JsonException("a block has number, timestamp, hash, parentHash and logsBloom");
        var reference = new BlockRef(checked((long)number.Value), hash);
        return new EvmHeader(new BlockHeader(reference, parent, Instant.FromUnixSeconds(checked((long)time.Value))), bloom);
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
        json.TokenType == JsonTokenType.String && !json.HasValueSequence && json.ValueSpan.StartsWith("0x"u8)
        && json.ValueSpan.Length == 2 + (bytes.Length * 2) && Hex.TryParse(json.ValueSpan, bytes);

    public static void Skip(ref Utf8JsonReader json)
    {
        json.Read();
        json.Skip();
    }
}
