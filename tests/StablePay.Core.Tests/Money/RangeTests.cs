using StablePay.Core.Errors;
using StablePay.Core.Primitives;

namespace StablePay.Core.Tests.Money;

/// <summary>What money cannot hold ends in an error; it never wraps around, and is never cut off.</summary>
public sealed class RangeTests
{
    private static readonly Token TwoDecimals = Draws.Tokens[0];
    private static readonly Token SixDecimals = Draws.Tokens[1];
    private static readonly Token EighteenDecimals = Draws.Tokens[^1];
    private static readonly Coverage Most = Coverage.Of(new TokenAmount(EighteenDecimals, UInt128.MaxValue));
    private static readonly Coverage Least = Coverage.Of(new TokenAmount(EighteenDecimals, 1));

    [Fact]
    public void Coverage_beyond_128_bits_is_an_error()
    {
        Should.Throw<OverflowException>(() => Coverage.FromCents(-1));
        Should.Throw<OverflowException>(() => Coverage.Of(new TokenAmount(TwoDecimals, UInt128.MaxValue)));
        Should.Throw<OverflowException>(() => Most + Least);
        Should.Throw<OverflowException>(() => Coverage.Zero - Least);
        (Most - Most).ShouldBe(Coverage.Zero);
    }

    [Theory]
    [InlineData(Rounding.Down)]
    [InlineData(Rounding.Up)]
    public void Coverage_that_is_more_cents_than_the_API_can_tell_is_an_error(Rounding rounding) =>
        Should.Throw<OverflowException>(() => Most.ToCents(rounding));

    [Fact]
    public void Cent_of_coverage_is_a_hundredth_of_a_dollar_in_every_token()
    {
        Coverage.FromCents(1).Value.ShouldBe((UInt128)10_000_000_000_000_000);
        foreach (var token in Draws.Tokens)
            Coverage.Of(new TokenAmount(token, token.AtomsPerCent)).ShouldBe(Coverage.FromCents(1));
    }

    [Fact]
    public void Amounts_of_one_token_add_up_to_what_128_bits_hold_and_are_never_below_nothing()
    {
        var (one, most) = (new TokenAmount(SixDecimals, 1), new TokenAmount(SixDecimals, UInt128.MaxValue));
        (new TokenAmount(SixDecimals, 41) + one).Atoms.ShouldBe((UInt128)42);
        (new TokenAmount(SixDecimals, 41) - one).Atoms.ShouldBe((UInt128)40);
        Should.Throw<OverflowException>(() => most + one);
        Should.Throw<OverflowException>(() => one - most);
    }

    [Fact]
    public void TOK_02_amounts_of_two_tokens_do_not_add_up()
    {
        var (six, eighteen) = (new TokenAmount(SixDecimals, 1), new TokenAmount(EighteenDecimals, 1));
        Should
            .Throw<InvariantBrokenException>(() => six + eighteen)
            .Message.ShouldContain($"{SixDecimals} and {EighteenDecimals} do not add up");
        Should.Throw<InvariantBrokenException>(() => six - eighteen);
    }

    [Theory]
    [InlineData("eip155:1", "eip155:1/erc20:c")]
    [InlineData("tron:728126428", "tron:728126428/trc20:c")]
    [InlineData("solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp", "solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp/token:c")]
    public void Token_is_named_by_its_network_and_contract(string network, string id) =>
        new Token(new NetworkId(network), Asset.Usdc, "c", 6).ToString().ShouldBe(id);

    [Fact]
    public void Amount_is_written_with_its_coin() =>
        new TokenAmount(SixDecimals, 41_440_000).ToString().ShouldBe("41.44 USDT");

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Price_of_nothing_or_less_is_refused_by_the_name_of_its_field(long minor)
    {
        var refused = Quote.Lock(new FiatAmount(Currency.Usd, minor), Rate.One, "par", new Instant(0)).Rejection!;
        refused.ShouldBe(new Rejection(ErrorCode.AmountTooSmall, "The amount is not above zero.", "amount"));
    }

    [Fact]
    public void Rate_that_is_none_or_out_of_range_says_which_it_was()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => Rate.From(0, 1)).Message.ShouldContain("A rate is above zero.");
        Should
            .Throw<ArgumentOutOfRangeException>(() => Rate.From(1, System.Numerics.BigInteger.Pow(10, 13)))
            .Message.ShouldContain("A rate is from 10^-12 to below 10^18.");
        Should
            .Throw<InvariantBrokenException>(() => new AssetPrice(Asset.Usdc, Rate.One))
            .Message.ShouldContain("a coin's price in a payment is from 0.05 to below 1");
    }
}
