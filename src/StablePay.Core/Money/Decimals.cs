namespace StablePay.Core.Money;

/// <summary>Scaled integers as text and back, without ever passing through a floating or a rounding type.</summary>
public static class Decimals
{
    /// <summary>
    /// The value ÷ 10^scale in plain digits and a dot. Trailing zeros go, but at least
    /// <paramref name="atLeast"/> decimals stay.
    /// </summary>
    public static string Format(UInt128 value, int scale, int atLeast)
    {
        var digits = value.ToString(CultureInfo.InvariantCulture).PadLeft(scale + 1, '0');
        var whole = digits[..^scale];
        var fraction = digits[^scale..].TrimEnd('0').PadRight(atLeast, '0');
        return fraction.Length == 0 ? whole : $"{whole}.{fraction}";
    }

    /// <summary>
    /// Reads <c>^(0|[1-9][0-9]{0,17})(\.[0-9]{1,scale})?$</c> (API-07) as value × 10^scale. Signs, exponents, spaces,
    /// other digits than ASCII and more decimals than the scale are refused, never rounded.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, int scale, out UInt128 value)
    {
        value = 0;
        var dot = text.IndexOf('.');
        var whole = dot < 0 ? text : text[..dot];
        var fraction = dot < 0 ? [] : text[(dot + 1)..];
        var badFraction = dot >= 0 && (fraction.Length == 0 || fraction.Length > scale);
        if (whole.Length is 0 or > 18 || badFraction || (whole.Length > 1 && whole[0] == '0'))
            return false;
        if (whole.ContainsAnyExceptInRange('0', '9') || fraction.ContainsAnyExceptInRange('0', '9'))
            return false;
        foreach (var digit in whole)
            value = checked((value * 10) + (uint)(digit - '0'));
        for (var i = 0; i < scale; i++)
            value = checked((value * 10) + (i < fraction.Length ? (uint)(fraction[i] - '0') : 0));
        return true;
    }

    /// <summary>10 to the power of n; n from 0 to 38.</summary>
    public static UInt128 PowerOfTen(int n)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(n, 38);
        ArgumentOutOfRangeException.ThrowIfNegative(n);
        UInt128 power = 1;
        for (var i = 0; i < n; i++)
            power *= 10;
        return power;
    }
}
