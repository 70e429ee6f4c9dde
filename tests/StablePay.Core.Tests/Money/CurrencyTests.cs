namespace StablePay.Core.Tests.Money;

public sealed class CurrencyTests
{
    [Fact]
    public void FX_06_the_ledger_currencies_have_the_minor_units_of_ISO_4217()
    {
        string.Join(' ', Currency.All.Select(c => $"{c}{c.MinorUnits}"))
            .ShouldBe(
                "USD2 EUR2 GBP2 AUD2 CAD2 JPY0 HKD2 SGD2 KRW0 IDR2 PHP2 VND0 THB2 MYR2 MXN2 BRL2 AED2 SAR2 QAR2 KWD3 OMR3 BHD3"
            );
    }

    [Theory]
    [InlineData("JPY", 2599, "2599 JPY")]
    [InlineData("KRW", 0, "0 KRW")]
    [InlineData("KWD", 11750, "11.750 KWD")]
    [InlineData("BHD", 5, "0.005 BHD")]
    [InlineData("USD", 2599, "25.99 USD")]
    [InlineData("IDR", 100, "1.00 IDR")]
    [InlineData("EUR", 1, "0.01 EUR")]
    public void FX_06_an_amount_is_written_with_exactly_its_currency_s_decimals(string code, long minor, string text) =>
        new FiatAmount(Currency.Find(code)!, minor).ToString().ShouldBe(text);

    [Fact]
    public void FX_06_what_is_written_is_read_back() =>
        Gen.Select(Draws.Currencies, Draws.Minors)
            .Sample(
                (currency, minor) =>
                    Decimals.TryParse(new FiatAmount(currency, minor).ToPlainText(), currency.MinorUnits, out var read)
                    && read == (UInt128)minor
            );

    [Theory]
    [InlineData("JPY", "25.5")]
    [InlineData("JPY", "25.0")]
    [InlineData("USD", "25.999")]
    [InlineData("KWD", "1.2345")]
    public void FX_06_more_decimals_than_the_currency_has_are_refused_never_rounded(string code, string text) =>
        Decimals.TryParse(text, Currency.Find(code)!.MinorUnits, out _).ShouldBeFalse();

    [Theory]
    [InlineData("usd", "USD")]
    [InlineData("Idr", "IDR")]
    [InlineData("CHF", null)]
    [InlineData("", null)]
    [InlineData("USD ", null)]
    [InlineData("ıdr", null)]
    [InlineData("İDR", null)]
    [InlineData("ſgd", null)]
    [InlineData("\u212AWD", null)]
    public void A_code_is_found_in_any_ASCII_case_and_in_no_other_letters(string code, string? found)
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("tr-TR");
        try
        {
            Currency.Find(code)?.Code.ShouldBe(found);
            (Currency.Find(code) is null).ShouldBe(found is null);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void An_amount_below_zero_has_no_text_rather_than_a_wrong_one() =>
        Should.Throw<OverflowException>(() => new FiatAmount(Currency.Usd, -1).ToPlainText());
}
