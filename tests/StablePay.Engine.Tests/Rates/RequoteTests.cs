using StablePay.Core.Errors;
using StablePay.Engine.Checkout;
using StablePay.Engine.Offering;
using StablePay.Engine.Quorums;
using StablePay.Engine.Rates.Pegs;
using StablePay.Engine.Tests.Watching;

namespace StablePay.Engine.Tests.Rates;

/// <summary>New payments at the market price of a coin that is below its floor (threats.md A1).</summary>
public sealed class RequoteTests : PegTest
{
    [Fact]
    public async Task TOK_21_requote_locks_the_market_price_and_the_payment_is_paid_by_it()
    {
        await using var world = await WorldAsync(BelowPeg.Requote);
        await SayAsync(world, "0.87", "0.871299", "1");
        world
            .Alerts.ShouldHaveSingleItem()
            .ShouldEndWith("Payments that are open keep their price. New live payments take it at its market price.");
        var session = await OpenAsync(world);
        session.TokenPrices.ShouldBe(new Dictionary<string, string> { ["USDC"] = "0.8712" });
        (session.TargetAmountTotal, session.AmountRemaining).ShouldBe((2_599, 2_599));

        (await ChooseAsync(world, session, Asset.Usdt)).ShouldBeNull();
        (await PageAsync(world, session)).Remaining!.Value.ToPlainText().ShouldBe("25.99");
        (await ChooseAsync(world, session, Asset.Usdc)).ShouldBeNull();
        (await PageAsync(world, session)).Due!.Value.ToPlainText().ShouldBe("29.84");

        // What a dollar would have paid does not, and the rest is asked for at the same price.
        await PayAsync(world, session, "25.99");
        var part = await world.ReadAsync(session);
        (part.PaymentStatus, part.Exception).ShouldBe(("pending", "underpaid"));
        (part.AmountReceived, part.AmountRemaining).ShouldBe((2_264, 335));
        var page = await PageAsync(world, session);
        (page.Received!.Value.ToPlainText(), page.Remaining!.Value.ToPlainText()).ShouldBe(("25.99", "3.85"));
        page.PaymentUri!.ShouldContain("uint256=3850000000000000000");
        await PayAsync(world, session, "3.85");

        var paid = await world.ReadAsync(session);
        (paid.PaymentStatus, paid.Exception, paid.AmountReceived).ShouldBe(("paid", null, 2_599));
        paid.Transfers.Select(t => (t.Amount, t.AmountDecimal)).ShouldBe([(2_264, "25.99"), (335, "3.85")], true);
        paid.TokenPrices.ShouldBe(session.TokenPrices);
    }

    [Fact]
    public async Task TOK_21_open_payments_keep_what_they_locked_whatever_the_market_does()
    {
        await using var world = await WorldAsync(BelowPeg.Requote);
        await SayAsync(world, "1", "1", "1");
        var before = await OpenAsync(world);
        await SayAsync(world, "0.87", "0.87", "1");
        var during = await OpenAsync(world);
        await SayAsync(world, "0.5", "0.5", "0.5");
        (await DueAsync(world, before)).ShouldBe("25.99");
        (await DueAsync(world, during)).ShouldBe("29.88");
        await SayAsync(world, "1", "1", "1");
        await world.RestartAsync();
        await world.WatchAsync();
        (await DueAsync(world, before)).ShouldBe("25.99");
        (await DueAsync(world, during)).ShouldBe("29.88");
        var after = await OpenAsync(world);
        (await DueAsync(world, after)).ShouldBe("25.99");
        (before.TokenPrices, after.TokenPrices).ShouldBe((null, null));

        await PayAsync(world, before, "25.99");
        (await world.ReadAsync(before)).PaymentStatus.ShouldBe("paid");
        await PayAsync(world, during, "29.88");
        (await world.ReadAsync(during)).PaymentStatus.ShouldBe("paid");
    }

    /// <summary>Made while the coin could not be priced, a payment has no price of it, so it never takes it.</summary>
    [Fact]
    public async Task TOK_21_coin_that_is_worth_too_little_to_be_priced_is_not_offered_and_told()
    {
        await using var world = await WorldAsync(BelowPeg.Requote);
        await SayAsync(world, "0.5", "0.5", "1");
        var priced = await OpenAsync(world);
        await SayAsync(world, "0.0499", "0.0499", "1");
        await SayAsync(world, "0.0498", "0.0498", "1");
        world.Alerts.Count.ShouldBe(2);
        world.Alerts[1].ShouldEndWith("Below 0.05 nothing is priced, so no new live payment may choose it.");
        var unpriced = await OpenAsync(world);
        unpriced.TokenPrices.ShouldBeNull();
        foreach (var session in (SessionView[])[priced, unpriced])
        {
            (await ChooseAsync(world, session, Asset.Usdc))!.Code.ShouldBe(ErrorCode.TokenUnavailable);
            (await OptionAsync(world, session, Asset.Usdc)).WhyNot.ShouldBe("depegged");
            (await OptionAsync(world, session, Asset.Usdt)).WhyNot.ShouldBeNull();
        }
        world.Engine.Networks.Tokens.WhyNot(world.Chains[0].Network.Find(Asset.Usdc)!).ShouldBe(TokenStop.Depegged);

        await SayAsync(world, "0.6", "0.6", "1");
        world.Alerts.Count.ShouldBe(3);
        (await DueAsync(world, priced)).ShouldBe("51.98");
        (await ChooseAsync(world, unpriced, Asset.Usdc))!.Code.ShouldBe(ErrorCode.TokenUnavailable);
        (await OptionAsync(world, unpriced, Asset.Usdc)).WhyNot.ShouldBe("depegged");
        (await ChooseAsync(world, unpriced, Asset.Usdt)).ShouldBeNull();
    }

    [Fact]
    public async Task TOK_21_price_that_is_not_known_or_old_and_one_at_the_floor_count_as_a_dollar()
    {
        await using var world = await WorldAsync(BelowPeg.Requote);
        await SayAsync(world, "0.5", null, null);
        (await OpenAsync(world)).TokenPrices.ShouldBeNull();
        await SayAsync(world, "0.98", "0.98", "0.98");
        (await OpenAsync(world)).TokenPrices.ShouldBeNull();
        await SayAsync(world, "0.979999", "0.979999", "1");
        (await OpenAsync(world)).TokenPrices!["USDC"].ShouldBe("0.9799");
        // A restart remembers it, as long as it says something of now.
        await world.RestartAsync();
        await world.WatchAsync();
        (await OpenAsync(world)).TokenPrices!["USDC"].ShouldBe("0.9799");
        world.Clock.Advance(PegDecision.Fresh);
        (await OpenAsync(world)).TokenPrices.ShouldBeNull();
    }

    [Theory]
    [InlineData(BelowPeg.Warn)]
    [InlineData(BelowPeg.Pause)]
    [InlineData(BelowPeg.Requote)]
    public async Task TOK_21_only_requote_prices_a_coin_and_only_in_live_payments(BelowPeg below)
    {
        await using var world = await WorldAsync(below);
        await SayAsync(world, "0.87", "0.87", "0.87");
        var prices = below == BelowPeg.Requote ? new Dictionary<string, string> { ["USDC"] = "0.87" } : null;
        (await OpenAsync(world)).TokenPrices.ShouldBe(prices);
        (await world.OpenSessionAsync(2_599, live: false)).TokenPrices.ShouldBeNull();
        var token = world.Chains[0].Network.Find(Asset.Usdc)!;
        (world.Engine.Networks.Tokens.WhyNot(token) is not null).ShouldBe(below == BelowPeg.Pause);
    }

    /// <summary>What a node that lies could have us credit is coins, whatever they count for in the payment.</summary>
    [Fact]
    public void TOK_21_quorum_is_asked_by_the_coins_of_a_transfer_and_by_what_its_session_comes_to()
    {
        var chain = SimPaymentTest.ChainOf(Id, new FinalityRule.Depth(12));
        var quorum = new Quorum(new QuorumRule(Coverage.FromCents(100_000), 2), [new NodeSource("a", chain)]);
        var coins = new TokenAmount(chain.Network.Find(Asset.Usdt)!, 1_000_000_000);
        quorum.IsNeeded(coins, null).ShouldBeFalse();
        quorum.IsNeeded(coins with { Atoms = coins.Atoms + 1 }, null).ShouldBeTrue();
        var session = SessionOf(Coverage.FromCents(90_000));
        quorum.IsNeeded(coins, session).ShouldBeFalse();
        quorum.IsNeeded(coins with { Atoms = coins.Atoms + 1 }, session).ShouldBeTrue();
        quorum.IsNeeded(coins with { Atoms = 1 }, SessionOf(Coverage.FromCents(100_001))).ShouldBeTrue();
    }

    private static CheckoutSession SessionOf(Coverage included) =>
        new()
        {
            Id = new SessionId("sess_1"),
            Merchant = new MerchantId("mer_1"),
            Store = new StoreId("st_1"),
            Live = true,
            Order = new OrderDetails { OrderId = "A-1" },
            Quote = Quote.Lock(new FiatAmount(Currency.Usd, 90_000), Rate.One, "par", Now).Value,
            CreatedAt = Now,
            ExpiresAt = Now,
            ToleranceBasisPoints = 0,
            Included = included,
        };

    /// <summary>What the page asks of USDC.</summary>
    private static async Task<string> DueAsync(PaymentWorld world, SessionView session)
    {
        (await ChooseAsync(world, session, Asset.Usdc)).ShouldBeNull();
        return (await PageAsync(world, session)).Due!.Value.ToPlainText();
    }
}
