using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;

namespace StablePay.Chains.Keys;

/// <summary>
/// BIP-39: entropy as 12 to 24 English words and the words as a seed. The list beside this file is the standard's own
/// (BIP-39, english.txt).
/// </summary>
public static class Bip39
{
    private static readonly string[] Words = ReadWords();

    private static readonly FrozenDictionary<string, int> Numbers = Words
        .Select((word, number) => KeyValuePair.Create(word, number))
        .ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The words of 16, 20, 24, 28 or 32 bytes of entropy.</summary>
    public static string ToMnemonic(ReadOnlySpan<byte> entropy)
    {
        if (entropy.Length is < 16 or > 32 || entropy.Length % 4 != 0)
            throw new ArgumentException("Entropy has 16, 20, 24, 28 or 32 bytes.", nameof(entropy));
        Span<byte> bits = stackalloc byte[33];
        entropy.CopyTo(bits);
        bits[entropy.Length] = Checksum(entropy);
        var words = new string[entropy.Length * 3 / 4];
        for (var word = 0; word < words.Length; word++)
        {
            var number = 0;
            for (var bit = 11 * word; bit < 11 * (word + 1); bit++)
                number = (number << 1) | ((bits[bit / 8] >> (7 - (bit % 8))) & 1);
            words[word] = Words[number];
        }

        CryptographicOperations.ZeroMemory(bits);
        return string.Join(' ', words);
    }

    /// <summary>The entropy behind words. Case and the number of blanks between the words do not matter.</summary>
    /// <exception cref="FormatException">A word is unknown, their number is wrong, or so is the checksum.</exception>
    public static byte[] ToEntropy(string mnemonic)
    {
        ArgumentNullException.ThrowIfNull(mnemonic);
        var words = mnemonic.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (words.Length is < 12 or > 24 || words.Length % 3 != 0)
            throw new FormatException("A mnemonic has 12, 15, 18, 21 or 24 words.");
        Span<byte> bits = stackalloc byte[33];
        bits.Clear();
        for (var word = 0; word < words.Length; word++)
        {
            // The word is not quoted: a message may end up in a log, and a typo is nearly the secret.
            if (!Numbers.TryGetValue(words[word].ToLowerInvariant(), out var number))
                throw new FormatException("The mnemonic has a word that is not in the English list.");
            for (var bit = 0; bit < 11; bit++)
            {
                var at = (11 * word) + bit;
                bits[at / 8] |= (byte)(((number >> (10 - bit)) & 1) << (7 - (at % 8)));
            }
        }

        var entropy = bits[..(words.Length * 4 / 3)].ToArray();
        var right = bits[entropy.Length] == Checksum(entropy);
        CryptographicOperations.ZeroMemory(bits);
        return right ? entropy : throw new FormatException("The mnemonic's checksum is wrong: a word is mistyped.");
    }

    /// <summary>
    /// The 64-byte seed of words and an optional passphrase. As the standard has it, any text gives a seed; check words
    /// with <see cref="ToEntropy"/> first. The caller clears the seed.
    /// </summary>
    public static byte[] ToSeed(string mnemonic, string passphrase = "")
    {
        ArgumentNullException.ThrowIfNull(mnemonic);
        ArgumentNullException.ThrowIfNull(passphrase);
        var password = Encoding.UTF8.GetBytes(mnemonic.Normalize(NormalizationForm.FormKD));
        var salt = Encoding.UTF8.GetBytes("mnemonic" + passphrase.Normalize(NormalizationForm.FormKD));
        var seed = Rfc2898DeriveBytes.Pbkdf2(password, salt, 2048, HashAlgorithmName.SHA512, 64);
        CryptographicOperations.ZeroMemory(password);
        CryptographicOperations.ZeroMemory(salt);
        return seed;
    }

    // One checksum bit for four bytes of entropy, left-aligned as it follows the entropy.
    private static byte Checksum(ReadOnlySpan<byte> entropy)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(entropy, hash);
        return (byte)(hash[0] & (0xff << (8 - (entropy.Length / 4))));
    }

    private static string[] ReadWords()
    {
        using var stream =
            typeof(Bip39).Assembly.GetManifestResourceStream("StablePay.Chains.Keys.english.txt")
            ?? throw new InvalidOperationException("The word list is missing from the assembly.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var words = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return words.Length == 2048 ? words : throw new InvalidOperationException("The word list is damaged.");
    }
}
