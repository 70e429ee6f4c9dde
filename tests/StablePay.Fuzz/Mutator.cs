using System.Text.RegularExpressions;

namespace StablePay.Fuzz;

/// <summary>Makes new inputs of old ones. The same seed and the same corpus make the same inputs.</summary>
internal sealed partial class Mutator(Dice dice)
{
    private const int MostBytes = 16 * 1024;

    private static readonly string[] Spices =
    [
        "0",
        "-0",
        "1e99",
        "1e-99",
        "9223372036854775807",
        "9223372036854775808",
        "18446744073709551616",
        "340282366920938463463374607431768211456",
        "0x",
        "0x0",
        "null",
        "{}",
        "[]",
        "\"\"",
        "\\u0000",
        "\\ud800",
        "\\udc00",
        "\u00e9",
        "\ud83d\ude00",
        "\0",
        "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
        "{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{",
        "127.0.0.1",
        "[::1]",
        "@",
        "..",
    ];

    private readonly List<byte[]> _words =
    [
        .. Spices.Select(Encoding.UTF8.GetBytes),
        [0xff],
        [0xc3],
        [0xed, 0xa0, 0x80],
    ];

    /// <summary>Takes the words of an input as words for others.</summary>
    public void Learn(byte[] input)
    {
        foreach (Match word in Words().Matches(Encoding.Latin1.GetString(input)))
        {
            var bytes = Encoding.Latin1.GetBytes(word.Value);
            if (_words.Count < 4_000 && !_words.Exists(w => w.AsSpan().SequenceEqual(bytes)))
                _words.Add(bytes);
        }
    }

    /// <summary>One to eight changes; <paramref name="other"/> lends a part of itself.</summary>
    public byte[] Change(byte[] input, byte[] other)
    {
        var changed = new List<byte>(input);
        for (var left = 1 << dice.Next(4); left > 0; left--)
            ChangeOnce(changed, other);
        if (changed.Count > MostBytes)
            changed.RemoveRange(MostBytes, changed.Count - MostBytes);
        return [.. changed];
    }

    private void ChangeOnce(List<byte> bytes, byte[] other)
    {
        var at = dice.Next(bytes.Count + 1);
        var length = Math.Min(1 << dice.Next(7), bytes.Count - at);
        switch (dice.Next(9))
        {
            case 0 when at < bytes.Count:
                bytes[at] ^= (byte)(1 << dice.Next(8));
                break;
            case 1 when at < bytes.Count:
                bytes[at] = (byte)dice.Next(256);
                break;
            case 2 when at < bytes.Count:
                bytes[at] = (byte)(bytes[at] + dice.Next(9) - 4);
                break;
            case 3:
                bytes.RemoveRange(at, length);
                break;
            case 4:
                bytes.InsertRange(dice.Next(bytes.Count + 1), bytes.GetRange(at, length));
                break;
            case 5 when other.Length > 0:
                var from = dice.Next(other.Length);
                bytes.InsertRange(at, other.AsSpan(from, Math.Min(1 << dice.Next(8), other.Length - from)).ToArray());
                break;
            case 6:
                bytes.InsertRange(at, _words[dice.Next(_words.Count)]);
                break;
            case 7:
                ReplaceWord(bytes, at);
                break;
            default:
                // The end of one input behind the beginning of another.
                if (other.Length > 0)
                {
                    bytes.RemoveRange(at, bytes.Count - at);
                    bytes.AddRange(other[Math.Min(at, other.Length)..]);
                }
                break;
        }
    }

    private void ReplaceWord(List<byte> bytes, int near)
    {
        var begin = near;
        while (begin < bytes.Count && !IsOfWord(bytes[begin]))
            begin++;
        var end = begin;
        while (end < bytes.Count && IsOfWord(bytes[end]))
            end++;
        bytes.RemoveRange(begin, end - begin);
        bytes.InsertRange(begin, _words[dice.Next(_words.Count)]);
    }

    private static bool IsOfWord(byte b) =>
        char.IsAsciiLetterOrDigit((char)b) || b is (byte)'.' or (byte)'_' or (byte)'-';

    [GeneratedRegex("[A-Za-z0-9._-]+|\"[^\"]{0,80}\":?")]
    private static partial Regex Words();
}
