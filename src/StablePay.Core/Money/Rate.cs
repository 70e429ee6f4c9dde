using System.Numerics;

namespace StablePay.Core.Money;

/// <summary>How a fractional result becomes a whole one. Every division names it.</summary>
public enum Rounding
{
    Down,
    Up,
}

/// <summary>
/// US dollars per one unit of a currency, an exact decimal: <see cref="Unscaled"/> ÷ 10^<see cref="Scale"/>. What is
/// shown is what is computed with.
/// </summary>
public readonly record struct Rate
{
    /// <summary>Decimals that a chosen rate is cut to: a millionth of a dong is far below any cent.</summary>
    public const int Scale = 12;

    private static readonly BigInteger Limit = BigInteger.Pow(10, 18 + Scale);

    private Rate(BigInteger unscaled) => Unscaled = unscaled;

    public BigInteger Unscaled { get; }

    public static readonly Rate One = new(BigInteger.Pow(10, Scale));

    /// <summary>
    /// Numerator ÷ denominator, rounded to nearest at <see cref="Scale"/> decimals. Both must be above zero, and the
    /// result must neither vanish nor have more than 18 digits before the dot, as <see cref="TryParse"/> reads it.
    /// </summary>
    public static Rate From(BigInteger numerator, BigInteger denominator)
    {
        if (numerator.Sign <= 0 || denominator.Sign <= 0)
            throw new ArgumentOutOfRangeException(nameof(numerator), "A rate is above zero.");
        var scaled = ((numerator * BigInteger.Pow(10, Scale) * 2) + denominator) / (denominator * 2);
        return scaled.IsZero || scaled >= Limit
            ? throw new ArgumentOutOfRangeException(nameof(numerator), "A rate is from 10^-12 to below 10^18.")
            : new Rate(scaled);
    }

    /// <summary>Reads plain digits with at most <see cref="Scale"/> decimals; zero is refused (FX-03).</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Rate rate)
    {
        rate = default;
        if (!Decimals.TryParse(text, Scale, out var unscaled) || unscaled == 0)
            return false;
        rate = new Rate(unscaled);
        return true;
    }

    /// <summary>The amount in US cents at this rate. What is owed to us is rounded up (FX-05).</summary>
    public BigInteger ToUsCents(FiatAmount amount, Rounding rounding)
    {
        var numerator = amount.Minor * Unscaled * 100;
        var denominator = BigInteger.Pow(10, Scale + amount.Currency.MinorUnits);
        var down = BigInteger.DivRem(numerator, denominator, out var rest);
        return rounding switch
        {
            Rounding.Down => down,
            Rounding.Up => rest.IsZero ? down : down + 1,
        };
    }

    /// <summary>Plain digits and a dot without trailing zeros: <c>1.0842</c>.</summary>
    public override string ToString() => Decimals.Format((UInt128)Unscaled, Scale, 0);
}
