using System.Buffers.Text;
using System.Text.Json;
using StablePay.Chains.Keys;

namespace StablePay.Chains.Solana;

/// <summary>The values of Solana's JSON-RPC, read strictly.</summary>
internal static class SolanaJson
{
    /// <summary>The address after a property name.</summary>
    public static SolanaAddress Address(ref Utf8JsonReader json)
    {
        json.Read();
        return json.TokenType == JsonTokenType.String && SolanaAddress.TryRead(json.ValueSpan, out var address)
            ? address
            : throw new JsonException("32 bytes in base 58 were expected");
    }

    /// <summary>The hash after a property name: 32 bytes, kept in base 58, which has one text for each.</summary>
    public static string Hash(ref Utf8JsonReader json)
    {
        Span<byte> bytes = stackalloc byte[SolanaAddress.Length];
        json.Read();
        return Fill(json, bytes);
    }

    /// <summary>The signature that the reader stands on: it names its transaction.</summary>
    public static string Signature(in Utf8JsonReader json)
    {
        Span<byte> bytes = stackalloc byte[Ed25519.SignatureLength];
        return Fill(json, bytes);
    }

    /// <summary>
    /// A whole number of 64 bits in a string, as <c>amount</c> has it, without a sign or leading zeros.
    /// </summary>
    public static ulong Amount(ref Utf8JsonReader json)
    {
        json.Read();
        var text = json.ValueSpan;
        return
            json.TokenType == JsonTokenType.String
            && text is [>= (byte)'1' and <= (byte)'9', ..] or [(byte)'0']
            && Utf8Parser.TryParse(text, out ulong amount, out var read)
            && read == text.Length
            ? amount
            : throw new JsonException("an amount is a string of digits");
    }

    public static bool IsNull(ref Utf8JsonReader json)
    {
        json.Read();
        return json.TokenType == JsonTokenType.Null;
    }

    private static string Fill(in Utf8JsonReader json, Span<byte> bytes) =>
        json.TokenType == JsonTokenType.String && Base58.TryFill(json.ValueSpan, bytes)
            ? json.GetString()!
            : throw new JsonException($"{bytes.Length} bytes in base 58 were expected");
}
