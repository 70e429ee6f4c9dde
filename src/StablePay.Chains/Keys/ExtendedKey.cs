using System.Buffers.Binary;
using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Digests;

namespace StablePay.Chains.Keys;

/// <summary>
/// What both kinds of BIP-32 key carry beside the key itself: where in the tree they stand.
/// </summary>
internal readonly record struct TreePlace(byte Depth, uint ParentFingerprint, uint ChildNumber)
{
    public TreePlace Child(uint index, ReadOnlySpan<byte> parentPublicKey)
    {
        if (Depth == byte.MaxValue)
            throw new KeyDerivationException("The key tree is 255 levels deep at most.");
        return new TreePlace((byte)(Depth + 1), Fingerprint(parentPublicKey), index);
    }

    private static uint Fingerprint(ReadOnlySpan<byte> publicKey)
    {
        var sha = SHA256.HashData(publicKey);
        var digest = new RipeMD160Digest();
        digest.BlockUpdate(sha, 0, sha.Length);
        var hash = new byte[20];
        digest.DoFinal(hash, 0);
        return BinaryPrimitives.ReadUInt32BigEndian(hash);
    }
}

/// <summary>The text form of BIP-32 keys: 78 bytes in Base58Check.</summary>
internal static class ExtendedKeyText
{
    public const uint PublicVersion = 0x0488B21E;
    public const uint PrivateVersion = 0x0488ADE4;

    private const int Size = 78;

    public static string Write(uint version, TreePlace place, ReadOnlySpan<byte> chainCode, ReadOnlySpan<byte> key33)
    {
        Span<byte> bytes = stackalloc byte[Size];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, version);
        bytes[4] = place.Depth;
        BinaryPrimitives.WriteUInt32BigEndian(bytes[5..], place.ParentFingerprint);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[9..], place.ChildNumber);
        chainCode.CopyTo(bytes[13..]);
        key33.CopyTo(bytes[45..]);
        var text = Base58.EncodeChecked(bytes);
        CryptographicOperations.ZeroMemory(bytes);
        return text;
    }

    /// <summary>The place, and the 65 bytes of chain code and key.</summary>
    public static (TreePlace Place, byte[] Material) Read(uint version, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!Base58.TryDecodeChecked(text, out var bytes) || bytes.Length != Size)
            throw new FormatException("Not an extended key: wrong length, character or checksum.");
        if (BinaryPrimitives.ReadUInt32BigEndian(bytes) != version)
            throw new FormatException("Not an extended key of the wanted kind.");
        var place = new TreePlace(
            bytes[4],
            BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(5)),
            BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(9))
        );
        if (place.Depth == 0 && (place.ParentFingerprint != 0 || place.ChildNumber != 0))
            throw new FormatException("Not an extended key: a master key has no parent and no number.");
        var material = bytes[13..];
        CryptographicOperations.ZeroMemory(bytes);
        return (place, material);
    }
}

/// <summary>
/// A child that BIP-32 declares invalid (about one in 2^127), or that lies outside what a key can derive.
/// </summary>
public sealed class KeyDerivationException(string message) : CryptographicException(message);
