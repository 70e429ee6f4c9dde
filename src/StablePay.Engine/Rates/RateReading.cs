using System.Numerics;

namespace StablePay.Engine.Rates;

/// <summary>
/// What one source says of one currency. Sources quote currency units for one US dollar, or both against the euro, so a
/// reading is an exact ratio.
/// </summary>
/// <param name="Source">The source's name.</param>
/// <param name="Rate">US dollars per one unit of the currency.</param>
/// <param name="AsOf">The instant, or the end of the day, that the source itself names.</param>
public sealed record RateReading(string Source, Currency Currency, Rate Rate, Instant AsOf);

/// <summary>Why something a source said is not used.</summary>
public sealed record RateFault(string Source, string Reason);

/// <summary>What a source's answer holds.</summary>
public sealed record RateAnswer(IReadOnlyList<RateReading> Readings, IReadOnlyList<RateFault> Faults)
{
    public static RateAnswer Failed(string source, string reason) => new([], [new RateFault(source, reason)]);
}

/// <summary>A public source of mid-market rates.</summary>
public interface IRateSource
{
    string Name { get; }

    /// <summary>Where its current answer is read.</summary>
    Uri Address { get; }

    /// <summary>Reads an answer. Never throws: whatever cannot be believed is a fault with its reason (FX-03).</summary>
    RateAnswer Parse(ReadOnlyMemory<byte> answer);
}

/// <summary>Exact numbers of rate feeds.</summary>
internal static class RateNumber
{
    /// <summary>More digits than any feed prints; a longer text is an attack on memory.</summary>
    private const int MostLength = 40;

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
        if (whole.Length == 0 || (dot >= 0 && fraction.Length == 0)
            || whole.ContainsAnyExceptInRange('0', '9') || fraction.ContainsAnyExceptInRange('0', '9'))
            return false;
        numerator = BigInteger.Parse(string.Concat(whole, fraction), NumberStyles.None, CultureInfo.InvariantCulture);
        var scale = fraction.Length - exponent;
        if (scale >= 0)
            denominator = BigInteger.Pow(10, scale);
        else
            numerator *= BigInteger.Pow(10, -scale);
        return numerator.Sign > 0;
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
