using System.Security.Cryptography;
using Org.BouncyCastle.Asn1.X9;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.EC;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Math.EC;
using Org.BouncyCastle.Math.EC.Multiplier;
using Org.BouncyCastle.Utilities;
using ECCurve = Org.BouncyCastle.Math.EC.ECCurve;
using ECPoint = Org.BouncyCastle.Math.EC.ECPoint;

namespace StablePay.Chains.Keys;

/// <summary>
/// A recoverable ECDSA signature: r, s (32 bytes each) and which of the candidate keys made it (0 to 3).
/// </summary>
public sealed record RecoverableSignature(ReadOnlyMemory<byte> R, ReadOnlyMemory<byte> S, byte RecoveryId);

/// <summary>
/// The curve of Bitcoin, Ethereum and TRON. The field arithmetic is BouncyCastle's; what is ours is the strictness at
/// the edges (ranges, lengths, low s, recovery).
/// </summary>
public static class Secp256k1
{
    private static readonly X9ECParameters Parameters = CustomNamedCurves.GetByName("secp256k1");
    private static readonly FixedPointCombMultiplier BaseMultiplier = new();

    internal static BigInteger N => Parameters.N;

    internal static ECCurve Curve => Parameters.Curve;

    private static BigInteger HalfN { get; } = Parameters.N.ShiftRight(1);

    /// <summary>Whether 32 bytes are a scalar between 1 and n - 1.</summary>
    public static bool IsPrivateKey(ReadOnlySpan<byte> key) => key.Length == 32 && IsScalar(new BigInteger(1, key));

    /// <summary>The compressed public key, 33 bytes.</summary>
    /// <exception cref="CryptographicException">The bytes are not a private key.</exception>
    public static byte[] PublicKey(ReadOnlySpan<byte> privateKey) =>
        TimesBase(Scalar(privateKey)).Normalize().GetEncoded(compressed: true);

    /// <summary>Writes the 65-byte form of a 33- or 65-byte public key.</summary>
    /// <exception cref="FormatException">The bytes are not a point of the curve.</exception>
    public static void Uncompress(ReadOnlySpan<byte> publicKey, Span<byte> uncompressed) =>
        Point(publicKey).EncodeTo(compressed: false, uncompressed);

    /// <summary>
    /// Signs a 32-byte hash with the nonce of RFC 6979 (no randomness that could fail or leak the key) and with s in
    /// the lower half, the only form that Ethereum accepts.
    /// </summary>
    public static RecoverableSignature Sign(ReadOnlySpan<byte> hash, ReadOnlySpan<byte> privateKey)
    {
        if (hash.Length != 32)
            throw new ArgumentException("The hash has 32 bytes.", nameof(hash));
        var d = Scalar(privateKey);
        var z = new BigInteger(1, hash);
        var nonces = new HMacDsaKCalculator(new Sha256Digest());
        nonces.Init(N, d, hash.ToArray());
        while (true)
        {
            var k = nonces.NextK();
            var point = TimesBase(k).Normalize();
            var x = point.AffineXCoord.ToBigInteger();
            var r = x.Mod(N);
            var s = BigIntegers.ModOddInverse(N, k).Multiply(z.Add(r.Multiply(d))).Mod(N);
            if (r.SignValue == 0 || s.SignValue == 0)
                continue;
            var recovery = (point.AffineYCoord.TestBitZero() ? 1 : 0) | (x.CompareTo(N) >= 0 ? 2 : 0);
            var high = s.CompareTo(HalfN) > 0;
            return new RecoverableSignature(
                ToBytes(r),
                ToBytes(high ? N.Subtract(s) : s),
                (byte)(high ? recovery ^ 1 : recovery)
            );
        }
    }

    /// <summary>The compressed public key that made a signature over a hash.</summary>
    /// <exception cref="CryptographicException">No key can have made it, or s is in the upper half.</exception>
    public static byte[] Recover(ReadOnlySpan<byte> hash, RecoverableSignature signature)
    {
        ArgumentNullException.ThrowIfNull(signature);
        if (hash.Length != 32)
            throw new ArgumentException("The hash has 32 bytes.", nameof(hash));
        var r = new BigInteger(1, signature.R.Span);
        var s = new BigInteger(1, signature.S.Span);
        if (!IsScalar(r) || !IsScalar(s) || s.CompareTo(HalfN) > 0 || signature.RecoveryId > 3)
            throw Unsigned();

        var x = (signature.RecoveryId & 2) == 0 ? r : r.Add(N);
        if (x.CompareTo(Curve.Field.Characteristic) >= 0)
            throw Unsigned();
        Span<byte> encoded = stackalloc byte[33];
        encoded[0] = (byte)(2 | (signature.RecoveryId & 1));
        ToBytes(x).CopyTo(encoded[1..]);
        if (!TryPoint(encoded, out var point))
            throw Unsigned();

        var inverse = BigIntegers.ModOddInverse(N, r);
        var z = new BigInteger(1, hash).Mod(N);
        var forBase = N.Subtract(z).Multiply(inverse).Mod(N);
        var forPoint = s.Multiply(inverse).Mod(N);
        var key = ECAlgorithms.SumOfTwoMultiplies(Parameters.G, forBase, point, forPoint).Normalize();
        return key.IsInfinity ? throw Unsigned() : key.GetEncoded(compressed: true);
    }

    internal static ECPoint TimesBase(BigInteger scalar) => BaseMultiplier.Multiply(Parameters.G, scalar);

    internal static bool IsScalar(BigInteger value) => value.SignValue > 0 && value.CompareTo(N) < 0;

    internal static BigInteger Scalar(ReadOnlySpan<byte> privateKey)
    {
        if (privateKey.Length == 32 && new BigInteger(1, privateKey) is var scalar && IsScalar(scalar))
            return scalar;
        throw new CryptographicException("Not a private key of secp256k1.");
    }

    internal static ECPoint Point(ReadOnlySpan<byte> publicKey) =>
        TryPoint(publicKey, out var point) ? point : throw new FormatException("Not a public key of secp256k1.");

    internal static bool TryPoint(ReadOnlySpan<byte> encoded, out ECPoint point)
    {
        point = Curve.Infinity;
        var known = (encoded.Length == 33 && encoded[0] is 2 or 3) || (encoded.Length == 65 && encoded[0] == 4);
        if (!known)
            return false;
        try
        {
            point = Curve.DecodePoint(encoded);
            return !point.IsInfinity;
        }
        catch (ArgumentException)
        {
            // The library's only way to say that no point of the curve has this coordinate.
            return false;
        }
    }

    internal static byte[] ToBytes(BigInteger value) => BigIntegers.AsUnsignedByteArray(32, value);

    private static CryptographicException Unsigned() => new("The signature belongs to no key.");
}
