using System.Text.Json;
using StablePay.Chains.Evm;

namespace StablePay.Chains.Tron;

/// <summary>The values of TRON's HTTP API, read strictly: hex without 0x, numbers as numbers.</summary>
internal static class TronJson
{
    /// <summary>Whether the reader stands on this member's name; one that comes twice is refused.</summary>
    /// <param name="bit">The member's own bit of <paramref name="seen"/>.</param>
    public static bool Is(in Utf8JsonReader json, ReadOnlySpan<byte> name, int bit, ref int seen) =>
        EvmJson.Is(json, name, bit, ref seen);

    /// <summary>The value after a property name.</summary>
    public static long Number(ref Utf8JsonReader json)
    {
        json.Read();
        return json.TokenType == JsonTokenType.Number && json.TryGetInt64(out var number) && number >= 0
            ? number
            : throw new JsonException("a number from 0 on was expected");
    }

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

    /// <summary>Whether the value after a property name is this text.</summary>
    public static bool Says(ref Utf8JsonReader json, ReadOnlySpan<byte> text)
    {
        json.Read();
        return json.TokenType == JsonTokenType.String && json.ValueTextEquals(text);
    }

    public static void Skip(ref Utf8JsonReader json)
    {
        json.Read();
        json.Skip();
    }

    /// <summary>Goes into the array after a property name.</summary>
    public static void Enter(ref Utf8JsonReader json, JsonTokenType start)
    {
        json.Read();
        if (json.TokenType != start)
            throw new JsonException($"{start} was expected");
    }
}
