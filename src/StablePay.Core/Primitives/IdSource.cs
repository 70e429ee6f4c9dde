using System.Security.Cryptography;
using System.Text;

namespace StablePay.Core.Primitives;

/// <summary>
/// Makes ids: a prefix, ten digits of the time in milliseconds, 26 digits (130 bits) of chance. They are ascending by
/// creation time, cannot be guessed and tell nothing about volume (contract section 3, PAY-13).
/// </summary>
public sealed class IdSource(Dice dice)
{
    private const int TimeDigits = 10;
    private const int RandomDigits = 26;

    /// <summary>The length of an id without its prefix.</summary>
    public const int TailLength = TimeDigits + RandomDigits;

    /// <summary>A new id. <paramref name="prefix"/> includes its underscore, as in <c>sess_</c>.</summary>
    public string Next(string prefix, Instant now)
    {
        Span<byte> bytes = stackalloc byte[17];
        dice.Fill(bytes);
        return Compose(prefix, now, bytes);
    }

    /// <summary>
    /// The id of a child made by a decision: the same parent, version and ordinal give the same id, so that a
    /// decision that is replayed produces the same rows.
    /// </summary>
    public static string Derive(string prefix, Instant now, string parent, long version, long ordinal)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{prefix}|{parent}|{version}|{ordinal}");
        return Compose(prefix, now, SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    private static string Compose(string prefix, Instant now, ReadOnlySpan<byte> random)
    {
        Span<char> tail = stackalloc char[TailLength];
        Base32.Write(tail[..TimeDigits], (UInt128)now.UnixMs);
        var high = (UInt128)BitConverter.ToUInt64(random) << 1 | (uint)(random[16] & 1);
        Base32.Write(tail[TimeDigits..(TimeDigits + 13)], high);
        Base32.Write(
            tail[(TimeDigits + 13)..],
            (UInt128)BitConverter.ToUInt64(random[8..]) << 1 | (uint)(random[16] >> 1 & 1)
        );
        return string.Concat(prefix, tail);
    }
}
