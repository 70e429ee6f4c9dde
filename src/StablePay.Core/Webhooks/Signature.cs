using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace StablePay.Core.Webhooks;

/// <summary>
/// The signature of requests to us and of webhooks from us (contract sections 2 and 8): lower-case hex of
/// HMAC-SHA256(secret, <c>{timestamp}.{nonce}.{raw body}</c>).
/// </summary>
public static class Signature
{
    private const int MostOnStack = 1024;

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
        ReadOnlySpan<byte> secret,
        string timestamp,
        string nonce,
        ReadOnlySpan<byte> body,
        string signature
    )
    {
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Compute(secret, timestamp, nonce, body, mac);
        Span<byte> expected = stackalloc byte[HMACSHA256.HashSizeInBytes * 2];
        Span<byte> given = stackalloc byte[HMACSHA256.HashSizeInBytes * 2];
        Convert.TryToHexStringLower(mac, expected, out _);
        return signature.Length == given.Length
            && Ascii.FromUtf16(signature, given, out _) == OperationStatus.Done
            && CryptographicOperations.FixedTimeEquals(expected, given);
    }

    /// <summary>
    /// The Standard Webhooks signature: <c>v1,</c> and the base64 of HMAC-SHA256(key, <c>{id}.{timestamp}.{raw
    /// body}</c>).
    /// </summary>
    public static string SignStandard(ReadOnlySpan<byte> key, string id, string timestamp, ReadOnlySpan<byte> body)
    {
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Compute(key, id, timestamp, body, mac);
        return "v1," + Convert.ToBase64String(mac);
    }

    private static void Compute(
        ReadOnlySpan<byte> secret,
        string first,
        string second,
        ReadOnlySpan<byte> body,
        Span<byte> mac
    )
    {
        // One contiguous message: the one-shot MAC allocates nothing, and copying a body of a few hundred bytes costs
        // a twentieth of an incremental hash object.
        var most = Encoding.UTF8.GetMaxByteCount(first.Length + second.Length) + 2 + body.Length;
        byte[]? rented = null;
        var message = most <= MostOnStack ? stackalloc byte[MostOnStack] : rented = ArrayPool<byte>.Shared.Rent(most);
        var length = Encoding.UTF8.GetBytes(first, message);
        message[length++] = (byte)'.';
        length += Encoding.UTF8.GetBytes(second, message[length..]);
        message[length++] = (byte)'.';
        body.CopyTo(message[length..]);
        HMACSHA256.HashData(secret, message[..(length + body.Length)], mac);
        if (rented is not null)
            ArrayPool<byte>.Shared.Return(rented, clearArray: true);
    }
}
