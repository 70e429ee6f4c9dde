using System.Buffers.Binary;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.Macs;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Math.EC;

namespace StablePay.Chains.Keys;

/// <summary>
/// The public steps of BIP-32 a second time (PAY-12). Everything here is another library's: hash, field, curve and
/// multiplication. What both ways share is the parent's bytes, so a mistake in one of them shows as another address.
/// </summary>
internal sealed class PublicKeyAgain
{
    private readonly byte[] _chainCode;
    private readonly ECPoint _point;

    public PublicKeyAgain(ReadOnlySpan<byte> chainCode, ReadOnlySpan<byte> publicKey)
        : this(chainCode.ToArray(), Secp256k1.Point(publicKey)) { }

    private PublicKeyAgain(byte[] chainCode, ECPoint point) => (_chainCode, _point) = (chainCode, point);

    public PublicKeyAgain Child(uint index)
    {
        var message = new byte[37];
        _point.EncodeTo(compressed: true, message);
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(33), index);
        var hash = HmacSha512Again.Of(_chainCode, message);
        var tweak = new BigInteger(1, hash, 0, 32);
        return new PublicKeyAgain(hash[32..], Secp256k1.TimesBase(tweak).Add(_point).Normalize());
    }

    /// <summary>The last 20 bytes of the key's Keccak hash: its address for Ethereum and TRON.</summary>
    public byte[] Address()
    {
        var key = new byte[65];
        _point.EncodeTo(compressed: false, key);
        var keccak = new KeccakDigest(256);
        keccak.BlockUpdate(key, 1, 64);
        var hash = new byte[32];
        keccak.DoFinal(hash, 0);
        return hash[12..];
    }
}

/// <summary>HMAC-SHA512 of another library than the one that derives keys first.</summary>
internal static class HmacSha512Again
{
    public static byte[] Of(ReadOnlySpan<byte> key, ReadOnlySpan<byte> message)
    {
        var mac = new HMac(new Sha512Digest());
        mac.Init(new KeyParameter(key));
        mac.BlockUpdate(message);
        var hash = new byte[64];
        mac.DoFinal(hash, 0);
        return hash;
    }
}
