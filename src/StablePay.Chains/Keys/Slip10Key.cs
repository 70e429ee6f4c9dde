using System.Buffers.Binary;
using System.Diagnostics;
using System.Security.Cryptography;

namespace StablePay.Chains.Keys;

/// <summary>
/// A private key of Ed25519 with its chain code (SLIP-10). Children are hardened only, so that no public key derives
/// the next one: whoever makes addresses holds the seed.
/// </summary>
[DebuggerDisplay("***")]
public sealed class Slip10Key : IDisposable
{
    /// <summary>The private key, then the chain code.</summary>
    private readonly byte[] _bytes;

    private Slip10Key(byte[] bytes) => _bytes = bytes;

    public static Slip10Key FromSeed(ReadOnlySpan<byte> seed) => new(HMACSHA512.HashData("ed25519 seed"u8, seed));

    public ReadOnlySpan<byte> PrivateKey => _bytes.AsSpan(0, Ed25519.Length);

    public ReadOnlySpan<byte> ChainCode => _bytes.AsSpan(Ed25519.Length);

    public byte[] PublicKey() => Ed25519.PublicKeyOf(PrivateKey);

    /// <summary>The key at a path from this one.</summary>
    /// <exception cref="KeyDerivationException">A step is not hardened: Ed25519 has no such children.</exception>
    public Slip10Key Derive(KeyPath path)
    {
        var key = new Slip10Key([.. _bytes]);
        foreach (var step in path.Steps)
        {
            var parent = key;
            key = parent.Child(step);
            parent.Dispose();
        }
        return key;
    }

    /// <inheritdoc cref="Derive"/>
    public Slip10Key Child(uint step)
    {
        if (step < KeyPath.Hardened)
            throw new KeyDerivationException("Ed25519 keys have hardened children only (SLIP-10).");
        Span<byte> message = stackalloc byte[1 + Ed25519.Length + sizeof(uint)];
        message[0] = 0;
        PrivateKey.CopyTo(message[1..]);
        BinaryPrimitives.WriteUInt32BigEndian(message[^sizeof(uint)..], step);
        var child = new Slip10Key(HMACSHA512.HashData(ChainCode, message));
        CryptographicOperations.ZeroMemory(message);
        return child;
    }

    /// <summary>The public key at a path of hardened steps, through another library at every step (PAY-12).</summary>
    internal byte[] PublicKeyAgain(ReadOnlySpan<uint> path)
    {
        byte[] node = [.. _bytes];
        var message = new byte[1 + Ed25519.Length + sizeof(uint)];
        foreach (var step in path)
        {
            node.AsSpan(0, Ed25519.Length).CopyTo(message.AsSpan(1));
            BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(1 + Ed25519.Length), step);
            var child = HmacSha512Again.Of(node.AsSpan(Ed25519.Length), message);
            CryptographicOperations.ZeroMemory(node);
            node = child;
        }
        var publicKey = new byte[Ed25519.Length];
        Org.BouncyCastle.Math.EC.Rfc8032.Ed25519.GeneratePublicKey(node, 0, publicKey, 0);
        CryptographicOperations.ZeroMemory(node);
        CryptographicOperations.ZeroMemory(message);
        return publicKey;
    }

    public void Dispose() => CryptographicOperations.ZeroMemory(_bytes);

    /// <summary>Never the key.</summary>
    public override string ToString() => "***";
}
