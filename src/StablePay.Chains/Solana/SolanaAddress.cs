using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using StablePay.Chains.Keys;

namespace StablePay.Chains.Solana;

/// <summary>
/// An account of Solana: 32 bytes, shown in base 58 without a checksum, so that a typing mistake can be another address
/// (SOL-14).
/// </summary>
public readonly record struct SolanaAddress
{
    public const int Length = 32;

    /// <summary>SLIP-44's number for Solana.</summary>
    public const uint CoinType = 501;

    private const int ShortestText = 32;
    private const int LongestText = 44;

    private readonly UInt128 _high;
    private readonly UInt128 _low;

    /// <exception cref="ArgumentException">There are not exactly 32 bytes.</exception>
    public SolanaAddress(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Length)
            throw new ArgumentException("An address has 32 bytes.", nameof(bytes));
        _high = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        _low = BinaryPrimitives.ReadUInt128BigEndian(bytes[16..]);
    }

    /// <summary>
    /// Whether a private key for it can exist. Accounts of programs are made so that none can.
    /// </summary>
    public bool IsOnCurve => Ed25519.IsOnCurve(ToArray());

    /// <summary>
    /// Its first 63 bits: tells the accounts of one transaction apart. That two addresses of ours agree in them has a
    /// chance of one in 2^63, and nobody can choose them.
    /// </summary>
    public long Ordinal => (long)(_high >> 65);

    public static bool TryParse([NotNullWhen(true)] string? text, out SolanaAddress address)
    {
        address = default;
        Span<byte> ascii = stackalloc byte[LongestText];
        return text is { Length: >= ShortestText and <= LongestText }
            && Ascii.IsValid(text)
            && TryRead(ascii[..Encoding.ASCII.GetBytes(text, ascii)], out address);
    }

    /// <exception cref="FormatException">The text is not an address.</exception>
    public static SolanaAddress Parse(string text) =>
        TryParse(text, out var address)
            ? address
            : throw new FormatException("Not a Solana address: 32 bytes in base 58 are needed.");

    /// <summary>Reads the base 58 form from a node's answer.</summary>
    public static bool TryRead(ReadOnlySpan<byte> utf8, out SolanaAddress address)
    {
        Span<byte> bytes = stackalloc byte[Length];
        var ok = utf8.Length is >= ShortestText and <= LongestText && Base58.TryFill(utf8, bytes);
        address = ok ? new SolanaAddress(bytes) : default;
        return ok;
    }

    public void WriteTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt128BigEndian(destination, _high);
        BinaryPrimitives.WriteUInt128BigEndian(destination[16..], _low);
    }

    public byte[] ToArray()
    {
        var bytes = new byte[Length];
        WriteTo(bytes);
        return bytes;
    }

    /// <summary>The base 58 form.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Length];
        WriteTo(bytes);
        return Base58.Encode(bytes);
    }
}
