using System.Numerics;

namespace StablePay.Core.Tests.Money;

/// <summary>Coins that count for less than a dollar in a payment (threats.md A1).</summary>
public sealed class AssetPriceTests
{
    private static readonly Instant Now = Instant.FromUnixSeconds(1_795_510_800);

    /// <summary>Every price that can be locked, and longer ones, as a database of another version may hold them.</summary>
    private static readonly Gen<Rate> Prices = Gen.OneOf(
        Gen.Long[500, 9_999].Select(n => Rate.From(n, 10_000)),
        Gen.Long[50_000_000_000, 999_999_999_999].Select(n => Rate.From(n, 1_000_000_000_000)),
        Gen.Const(AssetPrice.Least)
    );

    private static readonly Gen<Token> Tokens = Draws.OneOf(Draws.Tokens);
    private static readonly Gen<long> Cents = Draws.Minors;

    /// <summary>Whole numbers that share no code with the program's: units of 10^-30 of a dollar.</summary>
    private static BigInteger Worth(TokenAmount amount, Rate price) =>
        (BigInteger)amount.Atoms * BigInteger.Pow(10, 18 - amount.Token.Decimals) * price.Unscaled;

    private static BigInteger Units(Coverage coverage) => (BigInteger)coverage.Value * BigInteger.Pow(10, 12);

    [Fact]
    public void TOK_21_least_amount_of_a_priced_coin_covers_and_one_atom_less_does_not() =>
        Gen.Select(Gen.ULong[1, ulong.MaxValue], Prices, Tokens)
            .Sample(
                (value, price, token) =>
                {
                    var (quote, due) = (QuoteOf(2599, price), new Coverage(value));
                    var least = quote.LeastFor(due, token);
                    var less = least with { Atoms = least.Atoms - 1 };
                    Worth(least, price).ShouldBeGreaterThanOrEqualTo(Units(due));
                    Worth(less, price).ShouldBeLessThan(Units(due));
                    quote.WorthOf(least).ShouldBeGreaterThanOrEqualTo(due);
                    quote.WorthOf(less).ShouldBeLessThan(due);
                },
                iter: Draws.Times(100_000)
            );

    [Fact]
    public void TOK_21_what_is_asked_of_a_priced_coin_covers_in_whole_cents_and_a_cent_less_does_not() =>
        Gen.Select(Cents, Prices, Tokens)
            .Sample(
                (cents, price, token) =>
                {
                    var quote = QuoteOf(cents, price);
                    var asked = quote.AskFor(quote.Due, token);
                    var less = asked with { Atoms = asked.Atoms - token.AtomsPerCent };
                    (asked.Atoms % token.AtomsPerCent).ShouldBe((UInt128)0);
                    quote.WorthOf(asked).ShouldBeGreaterThanOrEqualTo(quote.Due);
                    quote.WorthOf(less).ShouldBeLessThan(quote.Due);
                    // Less than a cent is asked too much, so it is never told as an overpayment.
                    quote.WorthOf(asked).Beyond(quote.Due).ToCents(Rounding.Down).ShouldBe(0);
                    // What came is told as what was asked.
                    quote.ShownIn(quote.WorthOf(asked), token).ShouldBe(asked);
                },
                iter: Draws.Times(100_000)
            );

    [Fact]
    public void TOK_21_worth_is_rounded_down_and_by_less_than_one_unit() =>
        Gen.Select(Gen.ULong, Gen.ULong, Prices, Tokens)
            .Sample(
                (high, low, price, token) =>
                {
                    var amount = new TokenAmount(token, new UInt128(high, low) % (token.MaxTransferAtoms + 1));
                    var (exact, told) = (Worth(amount, price), Units(QuoteOf(2599, price).WorthOf(amount)));
                    told.ShouldBeLessThanOrEqualTo(exact);
                    (exact - told).ShouldBeLessThan(BigInteger.Pow(10, 12));
                },
                iter: Draws.Times(100_000)
            );

    /// <summary>However a payment is split over two coins, what is asked at the end covers the rest, and only just.</summary>
    [Fact]
    public void TOK_21_parts_in_two_coins_add_up() =>
        Gen.Select(Cents, Prices, Gen.Select(Gen.Bool, Gen.Int[0, 1000]).Array[0, 12], Tokens, Tokens)
            .Sample(
                (cents, price, parts, priced, other) =>
                {
                    var quote = QuoteOf(cents, price);
                    var usdc = other with { Asset = Asset.Usdc };
                    var (received, exact) = (Coverage.Zero, BigInteger.Zero);
                    foreach (var (inPriced, share) in parts)
                    {
                        var token = inPriced ? priced : usdc;
                        var left = quote.LeastFor(quote.Due.Missing(received), token);
                        var part = left with { Atoms = left.Atoms * (UInt128)share / 1000 };
                        received += quote.WorthOf(part);
                        exact += Worth(part, inPriced ? price : Rate.One);
                    }
                    Units(received).ShouldBeLessThanOrEqualTo(exact);
                    foreach (var token in (Token[])[priced, usdc])
                    {
                        var last = quote.AskFor(quote.Due.Missing(received), token);
                        var all = received + quote.WorthOf(last);
                        all.ShouldBeGreaterThanOrEqualTo(quote.Due);
                        all.Beyond(quote.Due).ToCents(Rounding.Down).ShouldBe(0);
                    }
                },
                iter: Draws.Times(50_000)
            );

    [Fact]
    public void TOK_21_coin_without_a_price_is_asked_for_to_the_atom_as_ever() =>
        Gen.Select(Gen.ULong, Prices, Tokens)
            .Sample(
                (value, price, token) =>
                {
                    var (quote, due, usdc) = (
                        QuoteOf(2599, price),
                        new Coverage(value),
                        token with
                        {
                            Asset = Asset.Usdc,
                        }
                    );
                    quote.AskFor(due, usdc).ShouldBe(due.In(usdc, Rounding.Up));
                    quote.LeastFor(due, usdc).ShouldBe(due.In(usdc, Rounding.Up));
                    quote.ShownIn(due, usdc).ShouldBe(due.In(usdc, Rounding.Down));
                    quote.WorthOf(due.In(usdc, Rounding.Down)).ShouldBe(Coverage.Of(due.In(usdc, Rounding.Down)));
                }
            );

    [Fact]
    public void TOK_21_largest_payment_at_the_lowest_price_is_a_transfer_that_counts()
    {
        foreach (var token in Draws.Tokens)
        {
            var quote = QuoteOf(Coverage.MaxCents, AssetPrice.Least);
            var asked = quote.AskFor(quote.Due, token);
            asked.Atoms.ShouldBeLessThanOrEqualTo(token.MaxTransferAtoms);
            quote.WorthOf(asked).ShouldBe(quote.Due);
        }
    }

    [Theory]
    [InlineData(2599, "0.87", 6, "29.88")] // 29.873563…
    [InlineData(2599, "0.87", 18, "29.88")]
    [InlineData(8700, "0.87", 6, "100.00")] // exact: nothing is added
    [InlineData(1, "0.05", 6, "0.20")]
    [InlineData(1, "0.9999", 18, "0.02")] // 0.010001
    public void TOK_21_examples(long cents, string price, int decimals, string asked)
    {
        var quote = QuoteOf(cents, RateOf(price));
        var token = Draws.Tokens.Single(t => t.Decimals == decimals);
        quote.AskFor(quote.Due, token).ToPlainText().ShouldBe(asked);
    }

    [Theory]
    [InlineData("0.871299999999", "0.8712")]
    [InlineData("0.979999999999", "0.9799")]
    [InlineData("0.999999999999", "0.9999")]
    [InlineData("0.05", "0.05")]
    [InlineData("0.050099", "0.05")]
    [InlineData("0.049999999999", null)]
    [InlineData("0.000000000001", null)]
    public void TOK_21_market_price_is_cut_to_four_decimals_or_too_low_to_be_quoted(string market, string? locked)
    {
        var price = AssetPrice.Lock(Asset.Usdc, RateOf(market));
        price.Asset.ShouldBe(Asset.Usdc);
        price.Price?.ToString().ShouldBe(locked);
        (price.Price is null).ShouldBe(locked is null);
    }

    [Fact]
    public void TOK_21_no_price_at_all_is_too_low_and_one_of_a_dollar_is_none_to_lock()
    {
        AssetPrice.Lock(Asset.Usdc, default).Price.ShouldBeNull();
        Should.Throw<InvariantBrokenException>(() => AssetPrice.Lock(Asset.Usdc, Rate.One));
        Should.Throw<InvariantBrokenException>(() => new AssetPrice(Asset.Usdc, RateOf("0.0499")));
    }

    [Fact]
    public void TOK_21_coin_that_is_not_taken_counts_for_nothing_and_is_never_asked_for()
    {
        var token = Draws.Tokens[1];
        var quote = QuoteOf(2599, null);
        quote.PriceOf(Asset.Usdt).ShouldBeNull();
        quote.PriceOf(Asset.Usdc).ShouldBe(Rate.One);
        quote.WorthOf(new TokenAmount(token, 1_000_000)).ShouldBe(Coverage.Zero);
        Should.Throw<InvariantBrokenException>(() => quote.AskFor(quote.Due, token));
        Should.Throw<InvariantBrokenException>(() => quote.ShownIn(quote.Due, token));
    }

    /// <summary>In this quote USDT has a price and USDC has none.</summary>
    private static Quote QuoteOf(long cents, Rate? price) =>
        Quote.Lock(new FiatAmount(Currency.Usd, cents), Rate.One, "par", Now).Value with
        {
            Prices = [new AssetPrice(Asset.Usdt, price)],
        };

    private static Rate RateOf(string text)
    {
        Rate.TryParse(text, out var rate).ShouldBeTrue();
        return rate;
    }
}
