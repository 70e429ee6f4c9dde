using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using StablePay.Chains.Keys;

namespace StablePay.Chains.Evm;

/// <summary>
/// An account or contract of an EVM network: 20 bytes, compared as bytes and shown with the EIP-55 checksum.
/// </summary>
public readonly record struct EvmAddress
{
    public const int Length = 20;

    private const int TextLength = 42;

    private readonly ulong _first;
    private readonly ulong _second;
    private readonly uint _third;

    /// <exception cref="ArgumentException">There are not exactly 20 bytes.</exception>
    public EvmAddress(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Length)
            throw new ArgumentException("An address has 20 bytes.", nameof(bytes));
        _first = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        _second = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        _third = BinaryPrimitives.ReadUInt32BigEndian(bytes[16..]);
    }

    /// <summary>
    /// Reads an address that a person or a shop wrote: <c>0x</c> and 40 digits, all lower case, all upper case, or
    /// mixed with the right EIP-55 checksum. A wrong checksum is a typing mistake and is refused.
    /// </summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out EvmAddress address)
    {
        address = default;
        Span<byte> bytes = stackalloc byte[Length];
        if (text is not { Length: TextLength } || !text.StartsWith("0x", StringComparison.Ordinal))
            return false;
        if (!Hex.TryParse(text.AsSpan(2), bytes))
            return false;
        var read = new EvmAddress(bytes);
        var lower = text.AsSpan(2).IndexOfAnyInRange('a', 'f') >= 0;
        var upper = text.AsSpan(2).IndexOfAnyInRange('A', 'F') >= 0;
        if (lower && upper && !text.Equals(read.ToString(), StringComparison.Ordinal))
            return false;
        address = read;
        return true;
    }

    /// <exception cref="FormatException">The text is not an address, or its checksum is wrong.</exception>
    public static EvmAddress Parse(string text) =>
        TryParse(text, out var address)
            ? address
            : throw new FormatException("Not an EVM address: 0x and 40 digits with a right checksum are needed.");

    /// <summary>Reads an address from a node's answer, where upper and lower case mean nothing.</summary>
    public static bool TryReadHex(ReadOnlySpan<byte> utf8, out EvmAddress address)
    {
        address = default;
        Span<byte> bytes = stackalloc byte[Length];
        if (utf8.Length != TextLength || !Hex.TryParse(utf8, bytes))
            return false;
        address = new EvmAddress(bytes);
        return true;
    }

    /// <summary>
    /// Reads an indexed address of a log. The 12 bytes before it must be zero: a topic with dirty high bytes is not an
    /// address (it may be a number), and cutting it would credit somebody else's log.
    /// </summary>
    public static bool TryFromLogTopic(ReadOnlySpan<byte> topic, out EvmAddress address)
    {
        address = default;
        if (topic.Length != 32 || topic[..12].ContainsAnyExcept((byte)0))
            return false;
        address = new EvmAddress(topic[12..]);
        return true;
    }

    /// <exception cref="FormatException">The topic is not 32 bytes of which the first 12 are zero.</exception>
    public static EvmAddress FromLogTopic(ReadOnlySpan<byte> topic) =>
        TryFromLogTopic(topic, out var address) ? address : throw new FormatException("The topic is not an address.");

    /// <summary>The address that a secp256k1 public key controls: 33 bytes compressed or 65 uncompressed.</summary>
    /// <exception cref="FormatException">The bytes are not a point of the curve.</exception>
    public static EvmAddress FromPublicKey(ReadOnlySpan<byte> publicKey)
    {
        Span<byte> uncompressed = stackalloc byte[65];
        Secp256k1.Uncompress(publicKey, uncompressed);
        return FromPoint(uncompressed[1..]);
    }

    /// <summary>The address of a point given as its two coordinates, 64 bytes.</summary>
    internal static EvmAddress FromPoint(ReadOnlySpan<byte> coordinates)
    {
        Span<byte> hash = stackalloc byte[32];
        Keccak256.Hash(coordinates, hash);
        return new EvmAddress(hash[12..]);
    }

    public void WriteTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, _first);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], _second);
        BinaryPrimitives.WriteUInt32BigEndian(destination[16..], _third);
    }

    /// <summary>Writes the 32 bytes that stand for this address in a topic or in call data.</summary>
    public void WriteTopic(Span<byte> destination)
    {
        destination[..12].Clear();
        WriteTo(destination[12..]);
    }

    public byte[] ToArray()
    {
        var bytes = new byte[Length];
        WriteTo(bytes);
        return bytes;
    }

    // Seeded anew in every process, so nobody can grind addresses that fall into one bucket of our tables.
    public override int GetHashCode() => HashCode.Combine(_first, _second, _third);

    /// <summary>The EIP-55 form.</summary>
    public override string ToString() =>
        string.Create(
            TextLength,
            this,
            static (text, address) =>
            {
                const string Digits = "0123456789abcdef";
                Span<byte> bytes = stackalloc byte[Length];
                Span<byte> ascii = stackalloc byte[2 * Length];
                Span<byte> hash = stackalloc byte[32];
                address.WriteTo(bytes);
                for (var i = 0; i < ascii.Length; i++)
                    ascii[i] = (byte)Digits[(bytes[i / 2] >> (i % 2 == 0 ? 4 : 0)) & 15];
                Keccak256.Hash(ascii, hash);
                text[0] = '0';
                text[1] = 'x';
                for (var i = 0; i < ascii.Length; i++)
                {
                    var raised = ascii[i] >= 'a' && ((hash[i / 2] >> (i % 2 == 0 ? 4 : 0)) & 8) != 0;
                    text[i + 2] = (char)(raised ? ascii[i] - 32 : ascii[i]);
                }
            }
        );
}
