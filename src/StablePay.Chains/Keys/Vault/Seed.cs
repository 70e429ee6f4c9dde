using System.Diagnostics;
using System.Security.Cryptography;

namespace StablePay.Chains.Keys;

/// <summary>
/// The seed of all keys of one instance, open in memory: 256 bits of BIP-39 entropy, cleared when disposed of. Public
/// keys come out freely; everything else has a name that says what it gives away.
/// </summary>
[DebuggerDisplay("***")]
public sealed class Seed : IDisposable
{
    internal const int Length = 32;

    private readonly byte[] _entropy;
    private readonly ExtendedPrivateKey _master;
    private readonly Slip10Key _ed25519;
    private bool _disposed;

    internal Seed(ReadOnlySpan<byte> entropy)
    {
        _entropy = entropy.ToArray();
        var seed = Bip39.ToSeed(Bip39.ToMnemonic(entropy));
        _master = ExtendedPrivateKey.FromSeed(seed);
        _ed25519 = Slip10Key.FromSeed(seed);
        CryptographicOperations.ZeroMemory(seed);
    }

    /// <summary>The account's extended public key, <c>m/44'/coin'/account'</c>, as <c>xpub</c> text.</summary>
    public string AccountPublicKey(uint coinType, uint account)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        using var key = _master.Derive(KeyPath.Account(coinType, account));
        return key.ToPublic().ExportText();
    }

    /// <summary>The private key at a path, for a signer; the caller disposes of it.</summary>
    public ExtendedPrivateKey PrivateKeyAt(KeyPath path)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _master.Derive(path);
    }

    /// <summary>The Ed25519 key at a path of hardened steps (SLIP-10); the caller disposes of it.</summary>
    public Slip10Key Ed25519KeyAt(KeyPath path)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _ed25519.Derive(path);
    }

    /// <summary>The 24 words that restore every key: to be shown to the owner once, never stored or logged.</summary>
    public string ExportMnemonic()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return Bip39.ToMnemonic(_entropy);
    }

    public void Dispose()
    {
        _disposed = true;
        _master.Dispose();
        _ed25519.Dispose();
        CryptographicOperations.ZeroMemory(_entropy);
    }

    public override string ToString() => "***";

    internal void CopyEntropyTo(Span<byte> destination)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _entropy.CopyTo(destination);
    }
}
