using System.Text;

namespace StablePay.Chains.Evm;

/// <summary>
/// The part of the contract ABI that an ERC-20 token needs. Readers answer false instead of throwing: what a contract
/// returns or logs is somebody else's text, and one bad log must not stop a block.
/// </summary>
public static class Abi
{
    /// <summary>
    /// Topic 0 of <c>Transfer(address,address,uint256)</c>; ERC-721 and native transfers use it as well.
    /// </summary>
    public static ReadOnlySpan<byte> TransferTopic =>
        [
            0xdd,
            0xf2,
            0x52,
            0xad,
            0x1b,
            0xe2,
            0xc8,
            0x9b,
            0x69,
            0xc2,
            0xb0,
            0x68,
            0xfc,
            0x37,
            0x8d,
            0xaa,
            0x95,
            0x2b,
            0xa7,
            0xf1,
            0x63,
            0xc4,
            0xa1,
            0x16,
            0x28,
            0xf5,
            0x5a,
            0x4d,
            0xf5,
            0x23,
            0xb3,
            0xef,
        ];

    /// <summary>Bytes of a payment reference after the call data of a transfer.</summary>
    public const int ReferenceLength = 16;

    private static ReadOnlySpan<byte> TransferSelector => [0xa9, 0x05, 0x9c, 0xbb];

    private static ReadOnlySpan<byte> BalanceOfSelector => [0x70, 0xa0, 0x82, 0x31];

    private static ReadOnlySpan<byte> DecimalsSelector => [0x31, 0x3c, 0xe5, 0x67];

    private static ReadOnlySpan<byte> SymbolSelector => [0x95, 0xd8, 0x9b, 0x41];

    /// <summary>The first four bytes of the hash of a signature such as <c>transfer(address,uint256)</c>.</summary>
    public static byte[] Selector(string signature) => Topic(signature)[..4];

    /// <summary>The hash of an event's signature: its topic 0.</summary>
    public static byte[] Topic(string signature) => Keccak256.Hash(Encoding.ASCII.GetBytes(signature));

    /// <summary>Call data of <c>transfer(address,uint256)</c>.</summary>
    public static byte[] Transfer(EvmAddress to, UInt256 atoms)
    {
        var call = new byte[4 + 64];
        TransferSelector.CopyTo(call);
        to.WriteTopic(call.AsSpan(4));
        atoms.WriteBigEndian(call.AsSpan(36));
        return call;
    }

    /// <summary>
    /// The same call with a payment reference after it. Contracts read their arguments and leave the rest alone; who
    /// knows the reference finds the payment by the transaction's data (256 more gas).
    /// </summary>
    /// <param name="reference"><see cref="ReferenceLength"/> bytes, or none.</param>
    public static byte[] Transfer(EvmAddress to, UInt256 atoms, ReadOnlySpan<byte> reference) =>
        reference.Length is 0 or ReferenceLength
            ? [.. Transfer(to, atoms), .. reference]
            : throw new ArgumentException("A payment reference has 16 bytes.", nameof(reference));

    /// <summary>Call data of <c>balanceOf(address)</c>.</summary>
    public static byte[] BalanceOf(EvmAddress owner)
    {
        var call = new byte[4 + 32];
        BalanceOfSelector.CopyTo(call);
        owner.WriteTopic(call.AsSpan(4));
        return call;
    }

    /// <summary>Call data of <c>decimals()</c>.</summary>
    public static byte[] Decimals() => DecimalsSelector.ToArray();

    /// <summary>Call data of <c>symbol()</c>.</summary>
    public static byte[] Symbol() => SymbolSelector.ToArray();

    /// <summary>One unsigned word; anything but 32 bytes is refused.</summary>
    public static bool TryReadUInt256(ReadOnlySpan<byte> data, out UInt256 value)
    {
        value = data.Length == 32 ? UInt256.FromBigEndian(data) : default;
        return data.Length == 32;
    }

    /// <summary>One word that holds a uint8, as <c>decimals()</c> returns it.</summary>
    public static bool TryReadUInt8(ReadOnlySpan<byte> data, out byte value)
    {
        var read = TryReadUInt256(data, out var word) && word <= byte.MaxValue;
        value = read ? (byte)word.Low : default;
        return read;
    }

    /// <summary>One word that is exactly 0 or 1.</summary>
    public static bool TryReadBool(ReadOnlySpan<byte> data, out bool value)
    {
        var read = TryReadUInt256(data, out var word) && word <= 1;
        value = read && word.Low == 1;
        return read;
    }

    /// <summary>One word that holds an address, its high bytes clean.</summary>
    public static bool TryReadAddress(ReadOnlySpan<byte> data, out EvmAddress value) =>
        EvmAddress.TryFromLogTopic(data, out value);

    /// <summary>
    /// A returned string: an offset of 32, a length, the UTF-8 bytes. A few old tokens return their symbol as
    /// bytes32 filled up with zeros; a single word is read as that.
    /// </summary>
    public static bool TryReadString(ReadOnlySpan<byte> data, out string value)
    {
        value = "";
        if (data.Length == 32)
        {
            var end = data.IndexOf((byte)0);
            if (end >= 0 && data[end..].ContainsAnyExcept((byte)0))
                return false;
            return TryReadUtf8(end < 0 ? data : data[..end], out value);
        }

        if (data.Length < 64 || data.Length % 32 != 0)
            return false;
        if (UInt256.FromBigEndian(data[..32]) != 32UL)
            return false;
        var length = UInt256.FromBigEndian(data[32..64]);
        return length <= (ulong)(data.Length - 64) && TryReadUtf8(data.Slice(64, (int)length.Low), out value);
    }

    private static bool TryReadUtf8(ReadOnlySpan<byte> bytes, out string value)
    {
        var valid = System.Text.Unicode.Utf8.IsValid(bytes);
        value = valid ? Encoding.UTF8.GetString(bytes) : "";
        return valid;
    }
}
