using System.Numerics;

namespace StablePay.Core.Tests.Money;

public sealed class QuoteTests
{
    private static readonly Instant Now = Instant.FromUnixSeconds(1_795_510_800);

    /// <summary>
    /// In units of 10^-12 × 10^-minor of a dollar, so that nothing divides: the due amount covers the price, and one
    /// coin cent less does not. The same holds of its atoms in a token, down to one atom.
    /// </summary>
    [Fact]
    public void FX_05_what_is_due_is_the_least_amount_that_covers_the_price() =>
        Gen.Select(Draws.Minors, Draws.Rates, Draws.Currencies, Draws.OneOf(Draws.Tokens))
            .Sample(
                (minor, rate, currency, token) =>
                {
                    var quote = Quote.Lock(new FiatAmount(currency, minor), rate, "a source", Now);
                    var price = minor * rate.Unscaled * 100;
                    var cent = BigInteger.Pow(10, Rate.Scale + currency.MinorUnits);
                    if (!quote.IsOk)
                        return price > Coverage.MaxCents * cent;
                    var due = quote.Value.DueCents;
                    var atoms = quote.Value.Due.In(token, Rounding.Up).Atoms;
                    return due * cent >= price
                        && (due - 1) * cent < price
                        && atoms == (UInt128)due * token.AtomsPerCent
                        && new TokenAmount(token, atoms).ToPlainText() == Decimals.Format((UInt128)due, 2, 2);
                },
                iter: Draws.Times(1_000_000)
            );

    [Fact]
    public void FX_05_what_is_due_in_a_token_is_rounded_up_by_less_than_one_atom() =>
        Gen.Select(Gen.ULong, Draws.OneOf(Draws.Tokens))
            .Sample(
                (value, token) =>
                {
                    var due = new Coverage(value);
                    var (up, down) = (due.In(token, Rounding.Up), due.In(token, Rounding.Down));
                    return Coverage.Of(up) >= due
                        && Coverage.Of(down) <= due
                        && up.Atoms - down.Atoms <= 1
                        && (Coverage.Of(down) == due) == (up == down);
                }
            );

    [Theory]
    [InlineData("EUR", 2399, "1.0842", 2601)] // 26.009958
    [InlineData("EUR", 10000, "1.08", 10800)] // exact: nothing is added
    [InlineData("JPY", 1, "0.006471", 1)]
    [InlineData("VND", 1, "0.00003935", 1)]
    [InlineData("KWD", 1, "3.2516", 1)] // 0.0032516 dollars
    [InlineData("KWD", 1000, "3.2516", 326)]
    [InlineData("USD", 2599, "1", 2599)]
    public void FX_05_examples(string currency, long minor, string rate, long dueCents)
    {
        Rate.TryParse(rate, out var parsed).ShouldBeTrue();
        var quote = Quote.Lock(new FiatAmount(Currency.Find(currency)!, minor), parsed, "a source", Now).Value;
        quote.DueCents.ShouldBe(dueCents);
        quote.IsConverted.ShouldBe(currency != "USD");
    }

    [Fact]
    public void A_quote_is_refused_above_what_every_token_can_hold()
    {
        var most = new FiatAmount(Currency.Usd, Coverage.MaxCents);
        Quote.Lock(most, Rate.One, "par", Now).Value.DueCents.ShouldBe(Coverage.MaxCents);
        var refusal = Quote
            .Lock(most with { Minor = most.Minor + 1 }, Rate.One, "par", Now)
            .Rejection.ShouldNotBeNull();
        refusal.Code.ShouldBe(ErrorCode.AmountTooLarge);
        Quote
            .Lock(new FiatAmount(Currency.Find("KWD")!, long.MaxValue), Rate.From(999_999_999, 1), "x", Now)
            .IsOk.ShouldBeFalse();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(long.MinValue)]
    public void A_quote_is_refused_for_an_amount_that_is_not_above_zero(long minor) =>
        Quote
            .Lock(new FiatAmount(Currency.Usd, minor), Rate.One, "par", Now)
            .Rejection.ShouldNotBeNull()
            .Code.ShouldBe(ErrorCode.AmountTooSmall);

    [Fact]
    public void A_rate_that_was_never_set_prices_nothing() =>
        Should.Throw<InvariantBrokenException>(() =>
            Quote.Lock(new FiatAmount(Currency.Usd, 100), default, "", new Instant(0))
        );
}
