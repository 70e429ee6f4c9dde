using System.Numerics;
using StablePay.Chains.Evm;

namespace StablePay.Fuzz.Targets;

/// <summary>Hex data, quantities and 256-bit words, beside big integers and the framework's own hex.</summary>
internal sealed class HexTarget : IFuzzTarget
{
    public string Name => "hex";

    public void Run(byte[] input)
    {
        var text = Encoding.Latin1.GetString(input);
        Data(input, text);
        Quantity(input, text);
        Word(input);
    }

    private static void Data(byte[] utf8, string text)
    {
        var digits = text.StartsWith("0x", StringComparison.Ordinal) ? text[2..] : text;
        var isHex = digits.Length % 2 == 0 && digits.All(char.IsAsciiHexDigit);
        var (fromText, fromBytes) = (new byte[digits.Length / 2], new byte[digits.Length / 2]);
        Must.Equal(Hex.TryParse(text, fromText), isHex, "whether a text is hex");
        Must.Equal(Hex.TryParse(utf8, fromBytes), isHex, "whether bytes are hex");
        Must.Hold(!Hex.TryParse(text, new byte[fromText.Length + 1]), "hex of another length is refused");
        if (isHex)
        {
            Must.Hold(fromText.AsSpan().SequenceEqual(fromBytes), "text and bytes read alike");
            Must.Hold(
                Hex.Parse(text).AsSpan().SequenceEqual(Convert.FromHexString(digits)),
                "hex is what it is elsewhere"
            );
            Must.Equal(Hex.ToData(fromText), "0x" + digits.ToLowerInvariant(), "hex that is written again");
            return;
        }
        try
        {
            Hex.Parse(text);
        }
        catch (FormatException)
        {
            return;
        }
        throw new PropertyBrokenException("what is no hex was parsed");
    }

    private static void Quantity(byte[] utf8, string text)
    {
        var digits = text.StartsWith("0x", StringComparison.Ordinal) ? text[2..] : "";
        var isQuantity =
            digits.Length is > 0 and <= 64 && digits.All(char.IsAsciiHexDigit) && (digits[0] != '0' || digits == "0");
        Must.Equal(Hex.TryParseQuantity(utf8, out UInt256 wide), isQuantity, "whether it is a quantity");
        var number = isQuantity
            ? BigInteger.Parse("0" + digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)
            : 0;
        Must.Equal(wide.ToString(), number.ToString(CultureInfo.InvariantCulture), "a quantity");
        var fits = isQuantity && number <= ulong.MaxValue;
        Must.Equal(Hex.TryParseQuantity(utf8, out ulong small), fits, "whether it fits 64 bits");
        Must.Equal(wide.TryToUInt128(out var amount), number <= UInt128.MaxValue, "whether it fits 128 bits");
        if (amount != 0)
            Must.Equal((BigInteger)amount, number, "a quantity of 128 bits");
        if (fits)
            Must.Equal(Hex.ToQuantity(small), "0x" + digits.ToLowerInvariant(), "a quantity that is written again");
    }

    /// <summary>The first 64 bytes as two words: written again they are the same, and they compare as numbers do.</summary>
    private static void Word(byte[] input)
    {
        var words = new byte[64];
        input.AsSpan(0, Math.Min(input.Length, 64)).CopyTo(words);
        var (a, b) = (UInt256.FromBigEndian(words.AsSpan(0, 32)), UInt256.FromBigEndian(words.AsSpan(32)));
        var again = new byte[64];
        a.WriteBigEndian(again);
        b.WriteBigEndian(again.AsSpan(32));
        Must.Hold(again.AsSpan().SequenceEqual(words), "a word that is written again");
        var (x, y) = (Number(words.AsSpan(0, 32)), Number(words.AsSpan(32)));
        Must.Equal(Math.Sign(a.CompareTo(b)), x.CompareTo(y), "an order");
        Must.Equal(a.ToString(), x.ToString(CultureInfo.InvariantCulture), "decimal digits");
    }

    private static BigInteger Number(ReadOnlySpan<byte> word) => new(word, isUnsigned: true, isBigEndian: true);
}
