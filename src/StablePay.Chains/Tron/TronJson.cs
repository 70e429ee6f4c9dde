using System.Text.Json;
using StablePay.Chains.Evm;

namespace StablePay.Chains.Tron;

/// <summary>The values of TRON's HTTP API, read strictly: hex without 0x.</summary>
internal static class TronJson
{
    /// <summary>A block's or a transaction's id: 64 hex digits, in lower case.</summary>
    public static string Hash(ref Utf8JsonReader json)
    {
        Span<byte> bytes = stackalloc byte[32];
        json.Read();
        return TryFill(json, bytes) ? Hex.ToHex(bytes) : throw new JsonException("64 hex digits were expected");
    }

    /// <summary>Fills exactly from the string that the reader stands on.</summary>
    public static bool TryFill(in Utf8JsonReader json, Span<byte> bytes) =>
        json.TokenType == JsonTokenType.String
        && !json.HasValueSequence
        && json.ValueSpan.Length == bytes.Length * 2
        && !json.ValueSpan.StartsWith("0x"u8)
        && Hex.TryParse(json.ValueSpan, bytes);
}
