using System.Diagnostics.CodeAnalysis;
using StablePay.Chains.Evm;
using StablePay.Chains.Keys;

namespace StablePay.Chains.Tron;

/// <summary>
/// An account or contract of TRON: the 20 bytes that its virtual machine knows, shown as Base58Check over those bytes
/// with <c>0x41</c> before them. The three spellings that nodes use (20 bytes in logs, hex with 41 in messages,
/// Base58Check for people) are read by three methods, and compared only as bytes (TRX-09).
/// </summary>
public readonly record struct TronAddress(EvmAddress Bytes)
{
    /// <summary>SLIP-44's number for TRON.</summary>
    public const uint CoinType = 195;

    /// <summary>What stands before the 20 bytes on the main network and on every test network.</summary>
    private const byte Prefix = 0x41;

    private const int TextLength = 34;
    private const int HexLength = 42;

    /// <summary>Reads the Base58Check form; a wrong checksum is a typing mistake and is refused.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out TronAddress address)
    {
        address = default;
        if (
            text is not { Length: TextLength }
            || !Base58.TryDecodeChecked(text, out var payload)
            || payload.Length != 1 + EvmAddress.Length
            || payload[0] != Prefix
        )
            return false;
        address = new TronAddress(new EvmAddress(payload.AsSpan(1)));
        return true;
    }

    /// <exception cref="FormatException">The text is not an address, or its checksum is wrong.</exception>
    public static TronAddress Parse(string text) =>
        TryParse(text, out var address)
            ? address
            : throw new FormatException("Not a TRON address: T and 33 more characters with a right checksum.");

    /// <summary>Reads 42 hex digits that begin with 41, as messages of a node have them.</summary>
    public static bool TryParseHex([NotNullWhen(true)] string? text, out TronAddress address)
    {
        address = default;
        Span<byte> bytes = stackalloc byte[1 + EvmAddress.Length];
        if (text is not { Length: HexLength } || !Hex.TryParse(text.AsSpan(), bytes) || bytes[0] != Prefix)
            return false;
        address = new TronAddress(new EvmAddress(bytes[1..]));
        return true;
    }

    /// <summary>42 hex digits that begin with 41.</summary>
    public string ToHex() => "41" + Hex.ToHex(Bytes.ToArray());

    /// <summary>The Base58Check form.</summary>
    public override string ToString()
    {
        Span<byte> payload = stackalloc byte[1 + EvmAddress.Length];
        payload[0] = Prefix;
        Bytes.WriteTo(payload[1..]);
        return Base58.EncodeChecked(payload);
    }
}
