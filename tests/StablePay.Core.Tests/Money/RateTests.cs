using System.Numerics;

namespace StablePay.Core.Tests.Money;

public sealed class RateTests
{
    [Theory]
    [InlineData(1, 1, "1")]
    [InlineData(10842, 10000, "1.0842")]
    [InlineData(1, 3, "0.333333333333")]
    [InlineData(2, 3, "0.666666666667")]
    [InlineData(1, 25412, "0.000039351487")]
    public void A_ratio_is_rounded_to_nearest_at_twelve_decimals(long n, long d, string text) =>
        Rate.From(n, d).ToString().ShouldBe(text);

    [Fact]
    public void What_is_shown_is_what_is_computed_with() =>
        Draws.Rates.Sample(rate => Rate.TryParse(rate.ToString(), out var read) && read == rate);

    [Theory]
    [InlineData("0")]
    [InlineData("0.000000000000")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("1,08")]
    [InlineData("1.")]
    [InlineData(".5")]
    [InlineData("01")]
    [InlineData(" 1")]
    [InlineData("1e3")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("١")]
    [InlineData("0.1234567890123")]
    [InlineData("1000000000000000000")]
    [InlineData("")]
    public void FX_03_what_is_not_a_plain_number_above_zero_is_refused(string text) =>
        Rate.TryParse(text, out _).ShouldBeFalse();

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    [InlineData(-1, 1)]
    [InlineData(1, -1)]
    public void FX_03_no_rate_comes_of_nothing_or_less(long n, long d) =>
        Should.Throw<ArgumentOutOfRangeException>(() => Rate.From(n, d));

    [Fact]
    public void A_rate_neither_vanishes_nor_outgrows_its_text()
    {
        var twelve = BigInteger.Pow(10, 12);
        Rate.From(1, twelve).ToString().ShouldBe("0.000000000001");
        Should.Throw<ArgumentOutOfRangeException>(() => Rate.From(1, twelve * 3));
        var most = BigInteger.Pow(10, 18);
        Rate.TryParse(Rate.From(most - 1, 1).ToString(), out _).ShouldBeTrue();
        Should.Throw<ArgumentOutOfRangeException>(() => Rate.From(most, 1));
    }

    [Theory]
    [InlineData("de-DE")]
    [InlineData("ar-SA")]
    [InlineData("fa-IR")]
    public void Text_is_the_same_in_every_culture(string culture)
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
        try
        {
            Rate.From(10842, 10000).ToString().ShouldBe("1.0842");
            Rate.TryParse("1.0842", out var rate).ShouldBeTrue();
            rate.ShouldBe(Rate.From(10842, 10000));
            Rate.TryParse("1,0842", out _).ShouldBeFalse();
            new FiatAmount(Currency.Find("KWD")!, 1234567).ToString().ShouldBe("1234.567 KWD");
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
