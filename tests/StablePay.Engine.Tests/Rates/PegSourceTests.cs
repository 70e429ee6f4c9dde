using System.Text;
using StablePay.Engine.Rates.Pegs;
using StablePay.Engine.Rates.Sources;

namespace StablePay.Engine.Tests.Rates;

/// <summary>
/// The sources of coins' prices. The answers have the form that the sources document; they were written, not recorded.
/// </summary>
public sealed class PegSourceTests
{
    private const string Bitstamp =
        """{"timestamp":"1795521600","open":"1.00","high":"1.01","low":"0.98","last":"0.9","bid":"0.87120","ask":"0.87140"}""";

    private const string Paprika =
        """{"id":"usdc-usd-coin","symbol":"USDC","last_updated":"2026-11-24T12:00:00Z","quotes":{"USD":{"price":0.8713}}}""";

    [Fact]
    public void TOK_21_coingecko_says_both_coins()
    {
        var answer = Parse(
            new CoinGeckoPrices(),
            """{"tether":{"usd":1.00023,"last_updated_at":1795521600},"usd-coin":{"usd":8.7123e-1,"last_updated_at":1795521599}}"""
        );
        answer.Faults.ShouldBeEmpty();
        answer
            .Readings.Select(r => $"{r.Asset} {r.Price} {r.AsOf.UnixSeconds}")
            .ShouldBe(["USDT 1.00023 1795521600", "USDC 0.87123 1795521599"]);
    }

    [Theory]
    [InlineData("""{"tether":{"usd":1,"last_updated_at":1795521600}}""", "USDC: it is not there")]
    [InlineData("""{"tether":{"usd":1,"last_updated_at":1795521600},"usd-coin":{"usd":1}}""", "USDC: it has no date")]
    [InlineData(
        """{"tether":{"usd":1,"last_updated_at":1795521600},"usd-coin":{"usd":null,"last_updated_at":1}}""",
        "USDC: it has no price"
    )]
    [InlineData(
        """{"tether":{"usd":1,"last_updated_at":1795521600},"usd-coin":{"usd":0,"last_updated_at":1}}""",
        "USDC: it has no price"
    )]
    public void TOK_21_coin_that_coingecko_leaves_out_costs_only_itself(string text, string fault)
    {
        var answer = Parse(new CoinGeckoPrices(), text);
        answer.Readings.ShouldHaveSingleItem().Asset.ShouldBe(Asset.Usdt);
        answer.Faults.ShouldHaveSingleItem().Reason.ShouldBe(fault);
    }

    [Fact]
    public void TOK_21_exchange_says_the_middle_of_bid_and_ask_and_not_its_last_trade()
    {
        var source = new BitstampTicker(Asset.Usdc);
        source.Address.AbsolutePath.ShouldBe("/api/v2/ticker/usdcusd/");
        var reading = Parse(source, Bitstamp).Readings.ShouldHaveSingleItem();
        (reading.Price.ToString(), reading.AsOf.UnixSeconds).ShouldBe(("0.8713", 1_795_521_600));
        foreach (
            var (part, other) in (IReadOnlyList<(string, string)>)
                [
                    ("\"bid\":\"0.87120\"", "\"bid\":\"0.9\""),
                    ("\"bid\":\"0.87120\"", "\"bid\":\"-1\""),
                    ("\"1795521600\"", "\"soon\""),
                    ("\"ask\"", "\"asks\""),
                ]
        )
            Parse(source, Bitstamp.Replace(part, other, StringComparison.Ordinal)).Readings.ShouldBeEmpty(other);
    }

    [Fact]
    public void TOK_21_coinpaprika_says_the_coin_that_was_asked_for()
    {
        var source = new CoinPaprikaTicker(Asset.Usdc);
        var reading = Parse(source, Paprika).Readings.ShouldHaveSingleItem();
        (reading.Price.ToString(), reading.AsOf.UnixSeconds).ShouldBe(("0.8713", 1_795_521_600));
        Parse(new CoinPaprikaTicker(Asset.Usdt), Paprika).Faults.ShouldHaveSingleItem();
        Parse(source, Paprika.Replace("0.8713", "\"a\"", StringComparison.Ordinal)).Readings.ShouldBeEmpty();
        Parse(source, Paprika.Replace("12:00:00Z", "noon", StringComparison.Ordinal)).Readings.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("<html>")]
    [InlineData("""{"tether":1,"tether":2}""")]
    public void TOK_21_answer_that_is_none_is_one_fault(string text)
    {
        foreach (
            var source in (IReadOnlyList<IPegSource>)
                [new CoinGeckoPrices(), new BitstampTicker(Asset.Usdt), new CoinPaprikaTicker(Asset.Usdt)]
        )
        {
            var answer = Parse(source, text);
            answer.Readings.ShouldBeEmpty();
            answer.Faults.ShouldNotBeEmpty();
        }
    }

    private static PegAnswer Parse(IPegSource source, string text) => source.Parse(Encoding.UTF8.GetBytes(text));
}
