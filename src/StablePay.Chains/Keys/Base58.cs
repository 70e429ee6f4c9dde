using System.Buffers.Binary;
using System.Security.Cryptography;

namespace StablePay.Chains.Keys;

/// <summary>
/// Bitcoin's text form of bytes: with a checksum for extended keys and TRON's addresses, without one for Solana's.
/// </summary>
public static class Base58
{
    private const string Alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    private const int LongestText = 256;

    /// <summary>The digit of each ASCII character; −1 where it is none.</summary>
    private static readonly sbyte[] Digits = DigitsOf();

    /// <summary>The bytes followed by the first four of their double SHA-256, in base 58.</summary>
    public static string EncodeChecked(ReadOnlySpan<byte> payload)
    {
        var bytes = new byte[payload.Length + 4];
        payload.CopyTo(bytes);
        Checksum(payload, bytes.AsSpan(payload.Length));
        var text = Encode(bytes);
        CryptographicOperations.ZeroMemory(bytes);
        return text;
    }

    /// <summary>Reads what <see cref="EncodeChecked"/> wrote; a wrong checksum or character is refused.</summary>
    public static bool TryDecodeChecked(ReadOnlySpan<char> text, out byte[] payload)
    {
        payload = [];
        if (!TryDecode(text, out var bytes) || bytes.Length < 4)
            return false;
        Span<byte> sum = stackalloc byte[4];
        Checksum(bytes.AsSpan(0, bytes.Length - 4), sum);
        var right = sum.SequenceEqual(bytes.AsSpan(bytes.Length - 4));
        if (right)
            payload = bytes[..^4];
        CryptographicOperations.ZeroMemory(bytes);
        return right;
    }

    public static string Encode(ReadOnlySpan<byte> bytes)
    {
        var zeros = bytes.IndexOfAnyExcept((byte)0) is var at && at < 0 ? bytes.Length : at;
        var digits = new List<byte>(bytes.Length * 138 / 100 + 1);
        foreach (var value in bytes[zeros..])
        {
            var carry = (int)value;
            for (var i = 0; i < digits.Count; i++)
            {
                carry += digits[i] << 8;
                digits[i] = (byte)(carry % 58);
                carry /= 58;
            }

            for (; carry > 0; carry /= 58)
                digits.Add((byte)(carry % 58));
        }

        return string.Create(
            zeros + digits.Count,
            (zeros, digits),
            static (text, state) =>
            {
                text[..state.zeros].Fill('1');
                for (var i = 0; i < state.digits.Count; i++)
                    text[text.Length - 1 - i] = Alphabet[state.digits[i]];
            }
        );
    }

    public static bool TryDecode(ReadOnlySpan<char> text, out byte[] bytes)
    {
        bytes = [];
        // The work grows with the square of the length, and nothing we read is longer.
        if (text.Length > LongestText)
            return false;
        var zeros = text.IndexOfAnyExcept('1') is var at && at < 0 ? text.Length : at;
        var reversed = new List<byte>(text.Length);
        foreach (var character in text[zeros..])
        {
            var carry = Alphabet.IndexOf(character, StringComparison.Ordinal);
            if (carry < 0)
                return false;
            for (var i = 0; i < reversed.Count; i++)
            {
                carry += reversed[i] * 58;
                reversed[i] = (byte)carry;
                carry >>= 8;
            }

            for (; carry > 0; carry >>= 8)
                reversed.Add((byte)carry);
        }

        bytes = new byte[zeros + reversed.Count];
        for (var i = 0; i < reversed.Count; i++)
            bytes[bytes.Length - 1 - i] = reversed[i];
        return true;
    }

    /// <summary>
    /// Fills exactly these bytes from ASCII text, without allocating: of the many addresses in a block nearly none is
    /// ours. False for a character that is none, and for a number of bytes that is not theirs.
    /// </summary>
    /// <param name="bytes">A multiple of four bytes, at most 64.</param>
    public static bool TryFill(ReadOnlySpan<byte> text, Span<byte> bytes)
    {
        var zeros = text.IndexOfAnyExcept((byte)'1') is var at && at < 0 ? text.Length : at;
        Span<uint> limbs = stackalloc uint[16];
        limbs = limbs[..(bytes.Length / sizeof(uint))];
        limbs.Clear();
        for (var rest = text[zeros..]; rest.Length > 0; )
        {
            // Five characters at a time: 58 to the fifth fits a limb.
            var (value, scale, count) = (0u, 1u, Math.Min(5, rest.Length));
            foreach (var character in rest[..count])
            {
                if (character >= Digits.Length || Digits[character] is var digit && digit < 0)
                    return false;
                (value, scale) = ((value * 58) + (uint)digit, scale * 58);
            }
            var carry = (ulong)value;
            for (var i = limbs.Length - 1; i >= 0; i--)
            {
                carry += (ulong)limbs[i] * scale;
                limbs[i] = (uint)carry;
                carry >>= 32;
            }
            if (carry != 0)
                return false;
            rest = rest[count..];
        }
        for (var i = 0; i < limbs.Length; i++)
            BinaryPrimitives.WriteUInt32BigEndian(bytes[(i * sizeof(uint))..], limbs[i]);
        // One text for one value: as many ones at its beginning as there are bytes of zero.
        return (bytes.IndexOfAnyExcept((byte)0) is var first && first < 0 ? bytes.Length : first) == zeros;
    }

    private static sbyte[] DigitsOf()
    {
        var digits = new sbyte[128];
        Array.Fill(digits, (sbyte)-1);
        for (var i = 0; i < Alphabet.Length; i++)
            digits[Alphabet[i]] = (sbyte)i;
        return digits;
    }

    private static void Checksum(ReadOnlySpan<byte> payload, Span<byte> destination)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(payload, hash);
        SHA256.HashData(hash, hash);
        hash[..4].CopyTo(destination);
    }
}
