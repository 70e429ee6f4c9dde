using System.Numerics;

namespace StablePay.Server.Pages;

/// <summary>
/// Money as people read it (ui.md section 7). Decimals come from our tables, never from the runtime's.
/// </summary>
internal static class MoneyText
{
    private const int RateDigits = 6;

    private static readonly Dictionary<string, string> Signs = new()
    {
        ["USD"] = "$",
        ["EUR"] = "€",
        ["GBP"] = "£",
        ["HKD"] = "HK$",
        ["SGD"] = "S$",
        ["AUD"] = "A$",
        ["CAD"] = "CA$",
        ["MXN"] = "MX$",
        ["JPY"] = "¥",
    };

    /// <summary>€38.22, ¥9,800, KWD 11.750. In Chinese the yen is named: ¥ reads as renminbi.</summary>
    public static string Fiat(FiatAmount amount, Language language)
    {
        var number = Grouped(amount.ToPlainText());
        var code = amount.Currency.Code;
        return Signs.TryGetValue(code, out var sign) && !(language.IsChinese && code == "JPY")
            ? sign + number
            : $"{code} {number}";
    }

    /// <summary>41.44 USDT, every non-zero decimal.</summary>
    public static string Coin(TokenAmount amount) => $"{Number(amount)} {amount.Token.Asset}";

    /// <summary>The number of it alone, grouped.</summary>
    public static string Number(TokenAmount amount) => Grouped(amount.ToPlainText());

    /// <summary>A coin amount that never breaks inside a sentence.</summary>
    public static Html CoinMarkup(TokenAmount amount) => Html.Of($"""<span class="num">{Coin(amount)}</span>""");

    /// <summary>A height or a count: 24,118,402.</summary>
    public static string Count(long number) => number.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>
    /// A rate with at most six significant digits, and whether that is all of it. What is computed with is the whole
    /// rate; a rounded one must say so.
    /// </summary>
    public static (string Text, bool IsExact) RateNumber(Rate rate)
    {
        var digits = rate.Unscaled.ToString(CultureInfo.InvariantCulture);
        var dropped = Math.Max(0, digits.Length - RateDigits);
        var unit = BigInteger.Pow(10, dropped);
        var rounded = (rate.Unscaled + (unit / 2)) / unit * unit;
        return (Grouped(Decimals.Format((UInt128)rounded, Rate.Scale, 0)), rounded == rate.Unscaled);
    }

    private static string Grouped(string plain)
    {
        var dot = plain.IndexOf('.', StringComparison.Ordinal);
        var whole = dot < 0 ? plain : plain[..dot];
        var grouped = BigInteger
            .Parse(whole, CultureInfo.InvariantCulture)
            .ToString("#,0", CultureInfo.InvariantCulture);
        return dot < 0 ? grouped : grouped + plain[dot..];
    }
}
