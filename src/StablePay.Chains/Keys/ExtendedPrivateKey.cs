using System.Buffers.Binary;
using System.Diagnostics;
using System.Security.Cryptography;
using Org.BouncyCastle.Math;

namespace StablePay.Chains.Keys;

/// <summary>A BIP-32 private key with its chain code. Its memory is cleared when it is disposed of.</summary>
[DebuggerDisplay("***")]
public sealed class ExtendedPrivateKey : IDisposable
{
    private readonly TreePlace _place;
    private readonly byte[] _chainCode;
    private readonly byte[] _key;
    private readonly byte[] _publicKey;
    private bool _disposed;

    private ExtendedPrivateKey(TreePlace place, ReadOnlySpan<byte> chainCode, ReadOnlySpan<byte> key)
    {
        _place = place;
        _publicKey = Secp256k1.PublicKey(key);
        _chainCode = chainCode.ToArray();
        _key = key.ToArray();
    }

    /// <summary>The master key of a seed of 16 to 64 bytes.</summary>
    public static ExtendedPrivateKey FromSeed(ReadOnlySpan<byte> seed)
    {
        if (seed.Length is < 16 or > 64)
            throw new ArgumentException("A seed has 16 to 64 bytes.", nameof(seed));
        Span<byte> hash = stackalloc byte[64];
        HMACSHA512.HashData("Bitcoin seed"u8, seed, hash);
        if (!Secp256k1.IsPrivateKey(hash[..32]))
            throw new KeyDerivationException("The seed has no master key.");
        var master = new ExtendedPrivateKey(default, hash[32..], hash[..32]);
        CryptographicOperations.ZeroMemory(hash);
        return master;
    }

    /// <exception cref="FormatException">The text is not an <c>xprv</c>.</exception>
    public static ExtendedPrivateKey Parse(string text)
    {
        var (place, material) = ExtendedKeyText.Read(ExtendedKeyText.PrivateVersion, text);
        try
        {
            if (material[32] != 0 || !Secp256k1.IsPrivateKey(material.AsSpan(33)))
                throw new FormatException("Not an extended private key: the key is out of range.");
            return new ExtendedPrivateKey(place, material.AsSpan(0, 32), material.AsSpan(33));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(material);
        }
    }

    /// <summary>The child of this number; hardened from <see cref="KeyPath.Hardened"/> on.</summary>
    /// <exception cref="KeyDerivationException">BIP-32 has no key there; the next number is to be used.</exception>
    public ExtendedPrivateKey Derive(uint index)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        Span<byte> data = stackalloc byte[37];
        if (index >= KeyPath.Hardened)
        {
            data[0] = 0;
            _key.CopyTo(data[1..]);
        }
        else
        {
            _publicKey.CopyTo(data);
        }

        BinaryPrimitives.WriteUInt32BigEndian(data[33..], index);
        Span<byte> hash = stackalloc byte[64];
        HMACSHA512.HashData(_chainCode, data, hash);
        var key = Add(_key, hash[..32]);
        var child = new ExtendedPrivateKey(_place.Child(index, _publicKey), hash[32..], key);
        CryptographicOperations.ZeroMemory(data);
        CryptographicOperations.ZeroMemory(hash);
        CryptographicOperations.ZeroMemory(key);
        return child;
    }

    /// <summary>The key at a path whose <c>m</c> is this key; the keys between are cleared.</summary>
    public ExtendedPrivateKey Derive(KeyPath path)
    {
        ArgumentNullException.ThrowIfNull(path);
        ObjectDisposedException.ThrowIf(_disposed, this);
        var key = new ExtendedPrivateKey(_place, _chainCode, _key);
        foreach (var step in path.Steps)
        {
            using var parent = key;
            key = parent.Derive(step);
        }

        return key;
    }

    /// <summary>The same place of the tree without the power to spend.</summary>
    public ExtendedPublicKey ToPublic() => new(_place, _chainCode, _publicKey);

    /// <summary>Writes the 32 bytes of the key; the caller clears them.</summary>
    public void CopyKeyTo(Span<byte> destination)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _key.CopyTo(destination);
    }

    /// <summary>The <c>xprv</c> text: a secret.</summary>
    public string ExportText()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        Span<byte> key = stackalloc byte[33];
        key[0] = 0;
        _key.CopyTo(key[1..]);
        var text = ExtendedKeyText.Write(ExtendedKeyText.PrivateVersion, _place, _chainCode, key);
        CryptographicOperations.ZeroMemory(key);
        return text;
    }

    public void Dispose()
    {
        _disposed = true;
        CryptographicOperations.ZeroMemory(_key);
        CryptographicOperations.ZeroMemory(_chainCode);
    }

    public override string ToString() => "***";

    internal static byte[] Add(ReadOnlySpan<byte> parent, ReadOnlySpan<byte> tweak)
    {
        var left = new BigInteger(1, tweak);
        if (left.CompareTo(Secp256k1.N) >= 0)
            throw new KeyDerivationException("BIP-32 has no key at this number.");
        var sum = left.Add(new BigInteger(1, parent)).Mod(Secp256k1.N);
        return sum.SignValue == 0
            ? throw new KeyDerivationException("BIP-32 has no key at this number.")
            : Secp256k1.ToBytes(sum);
    }
}
