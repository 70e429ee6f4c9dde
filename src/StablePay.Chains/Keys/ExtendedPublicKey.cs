using System.Buffers.Binary;
using System.Security.Cryptography;
using Org.BouncyCastle.Math;

namespace StablePay.Chains.Keys;

/// <summary>
/// A BIP-32 public key with its chain code: derives addresses and cannot spend. It is private all the same, because it
/// links all of a shop's addresses, and with one leaked child key it gives away the parent; so it does not print
/// itself.
/// </summary>
public sealed class ExtendedPublicKey
{
    private readonly TreePlace _place;
    private readonly byte[] _chainCode;
    private readonly byte[] _publicKey;
    private readonly PublicPoint _point;

    internal ExtendedPublicKey(TreePlace place, ReadOnlySpan<byte> chainCode, ReadOnlySpan<byte> publicKey)
    {
        _place = place;
        _chainCode = chainCode.ToArray();
        _publicKey = publicKey.ToArray();
        _point = PublicPoint.Read(publicKey);
    }

    /// <summary>How many steps below the master key this one stands.</summary>
    public int Depth => _place.Depth;

    /// <summary>Which child of its parent this key is.</summary>
    public uint ChildNumber => _place.ChildNumber;

    /// <summary>The compressed public key, 33 bytes.</summary>
    public ReadOnlySpan<byte> PublicKey => _publicKey;

    /// <summary>The way to the same children through another library.</summary>
    internal PublicKeyAgain Again => new(_chainCode, _publicKey);

    /// <exception cref="FormatException">The text is not an <c>xpub</c>.</exception>
    public static ExtendedPublicKey Parse(string text)
    {
        var (place, material) = ExtendedKeyText.Read(ExtendedKeyText.PublicVersion, text);
        return new ExtendedPublicKey(place, material.AsSpan(0, 32), material.AsSpan(32));
    }

    /// <exception cref="KeyDerivationException">
    /// The number is hardened, or BIP-32 has no key there (then the next number is to be used).
    /// </exception>
    public ExtendedPublicKey Derive(uint index)
    {
        Span<byte> hash = stackalloc byte[64];
        Span<byte> encoded = stackalloc byte[33];
        ChildPoint(index, hash).WriteCompressed(encoded);
        return new ExtendedPublicKey(_place.Child(index, _publicKey), hash[32..], encoded);
    }

    /// <summary>The <c>xpub</c> text.</summary>
    public string ExportText() => ExtendedKeyText.Write(ExtendedKeyText.PublicVersion, _place, _chainCode, _publicKey);

    public override string ToString() => "***";

    /// <summary>
    /// The child's point; the buffer receives the 64 bytes of the hash, whose second half is its chain code.
    /// </summary>
    internal PublicPoint ChildPoint(uint index, Span<byte> hash)
    {
        if (index >= KeyPath.Hardened)
            throw new KeyDerivationException("A hardened child cannot be derived from a public key.");
        Span<byte> data = stackalloc byte[37];
        _publicKey.CopyTo(data);
        BinaryPrimitives.WriteUInt32BigEndian(data[33..], index);
        HMACSHA512.HashData(_chainCode, data, hash);
        return Add(_point, hash[..32]);
    }

    internal static PublicPoint Add(in PublicPoint parent, ReadOnlySpan<byte> tweak)
    {
        if (new BigInteger(1, tweak).CompareTo(Secp256k1.N) >= 0)
            throw new KeyDerivationException("BIP-32 has no key at this number.");
        return BasePoint.Times(tweak).Add(parent).ToPublic()
            ?? throw new KeyDerivationException("BIP-32 has no key at this number.");
    }
}
