using System.Numerics;

namespace StablePay.Engine.Rates;

/// <summary>Exact numbers of rate feeds.</summary>
internal static class RateNumber
{
    /// <summary>More digits than any feed prints; a longer text is an attack on memory.</summary>
    private const int MostLength = 40;

    private static readonly BigInteger Most = 1_000_000_000;

    /// <summary>
    /// Plain digits with an optional fraction and an optional exponent of at most two digits, above zero. No signs,
    /// spaces, commas or words; never through a floating type.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<char> text, out BigInteger numerator, out BigInteger denominator)
    {
        (numerator, denominator) = (0, 1);
        if (text.Length is 0 or > MostLength)
            return false;
        var exponent = 0;
        var e = text.IndexOfAny('e', 'E');
        if (e >= 0)
        {
            if (!TryExponent(text[(e + 1)..], out exponent))
                return false;
            text = text[..e];
        }
        var dot = text.IndexOf('.');
        var whole = dot < 0 ? text : text[..dot];
        var fraction = dot < 0 ? [] : text[(dot + 1)..];
        if (
            whole.Length == 0
            || (whole.Length > 1 && whole[0] == '0')
            || (dot >= 0 && fraction.Length == 0)
            || whole.ContainsAnyExceptInRange('0', '9')
            || fraction.ContainsAnyExceptInRange('0', '9')
        )
            return false;
        numerator = BigInteger.Parse(string.Concat(whole, fraction), NumberStyles.None, CultureInfo.InvariantCulture);
        var scale = fraction.Length - exponent;
        if (scale >= 0)
            denominator = BigInteger.Pow(10, scale);
        else
            numerator *= BigInteger.Pow(10, -scale);
        return numerator.Sign > 0;
    }

    /// <summary>
    /// Numerator ÷ denominator as a rate, unless it is outside what one unit of any currency is worth: the weakest is
    /// above a billionth of a dollar and the strongest below a billion dollars.
    /// </summary>
    public static bool TryRate(BigInteger numerator, BigInteger denominator, out Rate rate)
    {
        rate = default;
        if (
            numerator.Sign <= 0
            || denominator.Sign <= 0
            || numerator * Most < denominator
            || denominator * Most < numerator
        )
            return false;
        rate = Rate.From(numerator, denominator);
        return true;
    }

    private static bool TryExponent(ReadOnlySpan<char> text, out int exponent)
    {
        exponent = 0;
        var negative = text.StartsWith("-");
        if (negative || text.StartsWith("+"))
            text = text[1..];
        if (text.Length is 0 or > 2 || text.ContainsAnyExceptInRange('0', '9'))
            return false;
        exponent = int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
        exponent = negative ? -exponent : exponent;
        return true;
    }
}
