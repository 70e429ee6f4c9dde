using System.Buffers;

namespace StablePay.Chains.Evm;

/// <summary>
/// Hexadecimal text as JSON-RPC speaks it: strict in what it reads, lower case in what it writes.
/// </summary>
public static class Hex
{
    /// <summary>Lower-case digits without a prefix.</summary>
    public static string ToHex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);

    /// <summary>Lower-case digits with <c>0x</c>: the JSON-RPC form of byte data.</summary>
    public static string ToData(ReadOnlySpan<byte> bytes) => "0x" + Convert.ToHexStringLower(bytes);

    /// <summary>The JSON-RPC form of a number: <c>0x0</c>, <c>0x1a</c>; never a leading zero.</summary>
    public static string ToQuantity(ulong value) => "0x" + value.ToString("x", CultureInfo.InvariantCulture);

    /// <summary>Reads exactly as many bytes as the destination holds, with or without <c>0x</c>.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, Span<byte> destination)
    {
        var digits = text.StartsWith("0x", StringComparison.Ordinal) ? text[2..] : text;
        return digits.Length == destination.Length * 2
            && Convert.FromHexString(digits, destination, out _, out _) == OperationStatus.Done;
    }

    /// <summary>As the other overload, straight from the UTF-8 bytes of an answer.</summary>
    public static bool TryParse(ReadOnlySpan<byte> utf8, Span<byte> destination)
    {
        var digits = utf8.StartsWith("0x"u8) ? utf8[2..] : utf8;
        return digits.Length == destination.Length * 2
            && Convert.FromHexString(digits, destination, out _, out _) == OperationStatus.Done;
    }

    /// <summary>Reads bytes, with or without <c>0x</c>; odd length or a foreign character is refused.</summary>
    /// <exception cref="FormatException">The text is not hexadecimal data.</exception>
    public static byte[] Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var digits = text.StartsWith("0x", StringComparison.Ordinal) ? text.Length - 2 : text.Length;
        var bytes = new byte[digits / 2];
        if (digits % 2 == 0 && TryParse(text, bytes))
            return bytes;
        throw new FormatException("Not hexadecimal data: an even number of digits 0-9, a-f is needed.");
    }

    /// <summary>
    /// Reads a JSON-RPC number. The standard allows neither an empty number nor leading zeros, and a node that
    /// sends them is not to be guessed at; a number that does not fit is refused, never cut.
    /// </summary>
    public static bool TryParseQuantity(ReadOnlySpan<byte> utf8, out ulong value)
    {
        value = 0;
        if (!TryParseQuantity(utf8, out UInt256 wide) || wide > ulong.MaxValue)
            return false;
        value = (ulong)wide.Low;
        return true;
    }

    /// <summary>As the other overload, up to 256 bits.</summary>
    public static bool TryParseQuantity(ReadOnlySpan<byte> utf8, out UInt256 value)
    {
        value = default;
        if (!utf8.StartsWith("0x"u8))
            return false;
        var digits = utf8[2..];
        if (digits.IsEmpty || digits.Length > 64 || (digits[0] == (byte)'0' && digits.Length > 1))
            return false;
        Span<byte> padded = stackalloc byte[64];
        padded.Fill((byte)'0');
        digits.CopyTo(padded[(64 - digits.Length)..]);
        Span<byte> word = stackalloc byte[32];
        if (Convert.FromHexString(padded, word, out _, out _) != OperationStatus.Done)
            return false;
        value = UInt256.FromBigEndian(word);
        return true;
    }
}
