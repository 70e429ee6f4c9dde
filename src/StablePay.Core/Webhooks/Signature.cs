using System.Security.Cryptography;
using System.Text;

namespace StablePay.Core.Webhooks;

/// <summary>
/// The signature of requests to us and of webhooks from us (contract sections 2 and 8): lower-case hex of
/// HMAC-SHA256(secret, <c>{timestamp}.{nonce}.{raw body}</c>).
/// </summary>
public static class Signature
{
    public static string Sign(string secret, string timestamp, string nonce, ReadOnlySpan<byte> body)
    {
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Compute(Encoding.UTF8.GetBytes(secret), timestamp, nonce, body, mac);
        return Convert.ToHexStringLower(mac);
    }

    /// <summary>
    /// Whether the signature fits, compared in constant time (WH-09). Upper-case hex is refused: the contract says
    /// lower-case.
    /// </summary>
    public static bool Verify(
        ReadOnlySpan<byte> secret, string timestamp, string nonce, ReadOnlySpan<byte> body, string signature)
    {
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Compute(secret, timestamp, nonce, body, mac);
        Span<byte> expected = stackalloc byte[HMACSHA256.HashSizeInBytes * 2];
        Span<byte> given = stackalloc byte[HMACSHA256.HashSizeInBytes * 2];
        Convert.TryToHexStringLower(mac, expected, out _);
        return signature.Length == given.Length
            && Ascii.FromUtf16(signature, given, out _) == System.Buffers.OperationStatus.Done
            && CryptographicOperations.FixedTimeEquals(expected, given);
    }

    private static void Compute(
        ReadOnlySpan<byte> secret, string timestamp, string nonce, ReadOnlySpan<byte> body, Span<byte> mac)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret);
        hmac.AppendData(Encoding.UTF8.GetBytes($"{timestamp}.{nonce}."));
        hmac.AppendData(body);
        hmac.GetHashAndReset(mac);
    }
}
