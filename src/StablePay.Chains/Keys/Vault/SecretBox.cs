using System.Diagnostics;
using System.Security.Cryptography;

namespace StablePay.Chains.Keys;

/// <summary>A sealed secret did not open: another key, another purpose, or changed text.</summary>
public sealed class SecretBoxException() : CryptographicException("The sealed secret does not open here.");

/// <summary>
/// Seals small secrets that must be readable again (API secrets for HMAC, webhook secrets) before they go to the
/// database. Safe for use from several threads.
/// </summary>
[DebuggerDisplay("***")]
public sealed class SecretBox : IDisposable
{
    private const byte Version = 1;

    private readonly byte[] _key;
    private readonly Action<Span<byte>> _dice;
    private bool _disposed;

    private SecretBox(byte[] key, Action<Span<byte>> dice) => (_key, _dice) = (key, dice);

    /// <param name="key">32 bytes; they are copied.</param>
    /// <param name="dice">Where nonces come from; the operating system when it is not given.</param>
    public static SecretBox FromKey(ReadOnlySpan<byte> key, Action<Span<byte>>? dice = null)
    {
        if (key.Length != Sealing.KeyLength)
            throw new ArgumentException("The key has 32 bytes.", nameof(key));
        return new SecretBox(key.ToArray(), dice ?? RandomNumberGenerator.Fill);
    }

    /// <param name="purpose">
    /// What the secret is for, with the id of its row (<c>api_key:ak_1</c>): a text moved to another row does not open.
    /// </param>
    /// <param name="secret">The secret itself.</param>
    /// <returns>Base64 text.</returns>
    public string Seal(string purpose, ReadOnlySpan<byte> secret)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return Convert.ToBase64String([Version, .. Sealing.Seal(_key, secret, Bound(purpose), _dice)]);
    }

    /// <summary>The secret; the caller clears it when it is done.</summary>
    /// <exception cref="SecretBoxException">Another key or purpose sealed it, or it was changed.</exception>
    public byte[] Open(string purpose, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        ObjectDisposedException.ThrowIf(_disposed, this);
        var bytes = new byte[text.Length];
        // Base64 has several spellings of the same bytes; only the one that Seal wrote is taken.
        if (
            !Convert.TryFromBase64String(text, bytes, out var length)
            || !Convert.ToBase64String(bytes, 0, length).Equals(text, StringComparison.Ordinal)
            || length == 0
            || bytes[0] != Version
            || !Sealing.TryOpen(_key, bytes.AsSpan(1, length - 1), Bound(purpose), out var secret)
        )
            throw new SecretBoxException();
        return secret;
    }

    public void Dispose()
    {
        _disposed = true;
        CryptographicOperations.ZeroMemory(_key);
    }

    public override string ToString() => "***";

    private static byte[] Bound(string purpose)
    {
        ArgumentException.ThrowIfNullOrEmpty(purpose);
        return Sealing.Bind("stablepay.secret_box", purpose, "1");
    }
}
