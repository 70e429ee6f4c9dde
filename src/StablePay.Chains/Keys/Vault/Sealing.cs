using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace StablePay.Chains.Keys;

/// <summary>AES-256-GCM in one piece of bytes: nonce, ciphertext, tag.</summary>
internal static class Sealing
{
    public const int KeyLength = 32;

    private const int NonceLength = 12;
    private const int TagLength = 16;

    public static byte[] Seal(byte[] key, ReadOnlySpan<byte> plain, ReadOnlySpan<byte> bound, Action<Span<byte>> dice)
    {
        var box = new byte[NonceLength + plain.Length + TagLength];
        var nonce = box.AsSpan(0, NonceLength);
        dice(nonce);
        using var aes = new AesGcm(key, TagLength);
        aes.Encrypt(nonce, plain, box.AsSpan(NonceLength, plain.Length), box.AsSpan(NonceLength + plain.Length), bound);
        return box;
    }

    public static bool TryOpen(byte[] key, ReadOnlySpan<byte> box, ReadOnlySpan<byte> bound, out byte[] plain)
    {
        plain = [];
        var length = box.Length - NonceLength - TagLength;
        if (length < 0)
            return false;
        var opened = new byte[length];
        using var aes = new AesGcm(key, TagLength);
        try
        {
            var cipher = box.Slice(NonceLength, length);
            aes.Decrypt(box[..NonceLength], cipher, box[(NonceLength + length)..], opened, bound);
        }
        catch (AuthenticationTagMismatchException)
        {
            // The answer "no" of the cipher; whoever asked knows what it means.
            return false;
        }

        plain = opened;
        return true;
    }

    /// <summary>
    /// What a ciphertext is bound to. Every part carries its length, so that no two lists of parts look the same.
    /// </summary>
    public static byte[] Bind(params ReadOnlySpan<string> parts)
    {
        using var bytes = new MemoryStream();
        Span<byte> length = stackalloc byte[4];
        foreach (var part in parts)
        {
            var text = Encoding.UTF8.GetBytes(part);
            BinaryPrimitives.WriteInt32BigEndian(length, text.Length);
            bytes.Write(length);
            bytes.Write(text);
        }

        return bytes.ToArray();
    }

    /// <summary>
    /// Random bytes from a source that is not trusted blindly. A generator that stands still, repeats itself or counts
    /// in a few values has cost others their funds; true randomness fails these tests less than once in 10^18 draws.
    /// </summary>
    public static byte[] Draw(Action<Span<byte>> dice, int length)
    {
        var drawn = new byte[length];
        var again = new byte[length];
        dice(drawn);
        dice(again);
        var stuck = drawn.AsSpan().SequenceEqual(again);
        CryptographicOperations.ZeroMemory(again);
        if (!stuck && !LooksMade(drawn))
            return drawn;
        CryptographicOperations.ZeroMemory(drawn);
        throw new VaultException(VaultFault.WeakEntropy, "The random source repeats itself; no key was made.");
    }

    // 32 random bytes hold about 30 different values; fewer than 12, or one step throughout, is no accident.
    internal static bool LooksMade(ReadOnlySpan<byte> bytes)
    {
        Span<bool> seen = stackalloc bool[256];
        seen.Clear();
        var different = 0;
        var sameStep = true;
        for (var i = 0; i < bytes.Length; i++)
        {
            if (!seen[bytes[i]])
                different++;
            seen[bytes[i]] = true;
            if (i >= 2 && (byte)(bytes[i] - bytes[i - 1]) != (byte)(bytes[1] - bytes[0]))
                sameStep = false;
        }

        return bytes.Length < 16 || sameStep || different * 8 < bytes.Length * 3;
    }
}
