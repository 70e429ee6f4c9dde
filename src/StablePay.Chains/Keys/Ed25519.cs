using NSec.Cryptography;
using Org.BouncyCastle.Math.EC.Rfc7748;

namespace StablePay.Chains.Keys;

/// <summary>The curve of Solana's keys (RFC 8032).</summary>
public static class Ed25519
{
    /// <summary>Bytes of a private key and of a public key.</summary>
    public const int Length = 32;

    public const int SignatureLength = 64;

    /// <summary>The curve's constant: −121665/121666.</summary>
    private static readonly int[] D = MakeD();

    /// <summary>The public key of a private key as RFC 8032 means it: 32 bytes before any hashing.</summary>
    public static byte[] PublicKeyOf(ReadOnlySpan<byte> privateKey)
    {
        using var key = Key.Import(SignatureAlgorithm.Ed25519, privateKey, KeyBlobFormat.RawPrivateKey);
        return key.PublicKey.Export(KeyBlobFormat.RawPublicKey);
    }

    /// <summary>Signs. The same key and message have one signature only (RFC 8032, 5.1.6).</summary>
    public static byte[] Sign(ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> message)
    {
        using var key = Key.Import(SignatureAlgorithm.Ed25519, privateKey, KeyBlobFormat.RawPrivateKey);
        return SignatureAlgorithm.Ed25519.Sign(key, message);
    }

    /// <summary>Whether the key's owner signed this message; false as well for what is no key.</summary>
    public static bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) =>
        PublicKey.TryImport(SignatureAlgorithm.Ed25519, publicKey, KeyBlobFormat.RawPublicKey, out var key)
        && SignatureAlgorithm.Ed25519.Verify(key!, message, signature);

    /// <summary>
    /// Whether 32 bytes are a point of the curve (RFC 8032, 5.1.3), so that a private key for them can exist: there is
    /// an x with x² = (y² − 1) / (d·y² + 1).
    /// </summary>
    public static bool IsOnCurve(ReadOnlySpan<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(bytes.Length, Length);
        int[] y2 = X25519Field.Create(),
            above = X25519Field.Create(),
            below = X25519Field.Create(),
            x = X25519Field.Create();
        // The highest bit is the sign of x and no part of y.
        X25519Field.Decode255(bytes, y2);
        X25519Field.Sqr(y2, y2);
        X25519Field.Mul(y2, D, below);
        X25519Field.AddOne(below);
        X25519Field.Copy(y2, 0, above, 0);
        X25519Field.SubOne(above);
        if (!X25519Field.SqrtRatioVar(above, below, x))
            return false;
        X25519Field.Normalize(x);
        // There is no negative zero.
        return bytes[Length - 1] < 0x80 || !X25519Field.IsZeroVar(x);
    }

    private static int[] MakeD()
    {
        int[] d = X25519Field.Create(),
            below = X25519Field.Create();
        X25519Field.One(d);
        X25519Field.Mul(d, 121_666, below);
        X25519Field.Inv(below, below);
        X25519Field.Mul(d, 121_665, d);
        X25519Field.Negate(d, d);
        X25519Field.Mul(d, below, d);
        X25519Field.Normalize(d);
        return d;
    }
}
