using StablePay.Core.Errors;
using StablePay.Engine.Offering;
using StablePay.Engine.Rates;
using StablePay.Engine.Rates.Pegs;

namespace StablePay.Engine.Tests.Rates;

/// <summary>Coins that are worth less than a dollar (threats.md A1).</summary>
public sealed class PegTests : PegTest
{
    [Theory]
    [InlineData("0.97 0.99", "0.99")]
    [InlineData("0.97 0.97", "0.97")]
    [InlineData("0.5 0.97 1", "0.97")]
    [InlineData("0.5 1 1", "1")]
    [InlineData("0.5 0.5 1 1", "1")]
    public void TOK_21_price_is_below_only_where_two_sources_say_so(string prices, string price)
    {
        var readings = prices.Split(' ').Select((p, i) => Reading($"source {i}", p, Now));
        PegDecision.Decide(readings, Now, [])!.Price.ToString().ShouldBe(price);
    }

    [Fact]
    public void TOK_21_one_voice_an_old_one_a_double_one_and_nonsense_decide_nothing()
    {
        var old = Now - PegDecision.Fresh - TimeSpan.FromSeconds(1);
        var refused = new List<RateFault>();
        PegDecision.Decide([Reading("a", "0.5", Now)], Now, refused).ShouldBeNull();
        PegDecision.Decide([Reading("a", "0.5", Now), Reading("a", "0.5", Now)], Now, refused).ShouldBeNull();
        PegDecision.Decide([Reading("a", "0.5", Now), Reading("b", "0.5", old)], Now, refused).ShouldBeNull();
        PegDecision
            .Decide([Reading("a", "0.5", Now), Reading("b", "0.5", Now + TimeSpan.FromMinutes(6))], Now, refused)
            .ShouldBeNull();
        PegDecision.Decide([Reading("a", "0.5", Now), Reading("b", "2", Now)], Now, refused).ShouldBeNull();
        refused.Select(f => f.Reason.Split(": ")[1].Split(' ')[0]).ShouldBe(["the", "dated", "dated", "2"]);
        // A price is as old as the second of its voices.
        var younger = Now - TimeSpan.FromMinutes(3);
        PegDecision.Decide([Reading("a", "1", younger), Reading("b", "1", Now)], Now, [])!.AsOf.ShouldBe(younger);
    }

    [Fact]
    public async Task TOK_21_coin_below_its_floor_is_told_once_and_once_more_when_it_is_back()
    {
        await using var world = await WorldAsync(BelowPeg.Warn);
        await SayAsync(world, "1", "1", "1");
        await SayAsync(world, "0.87", "1", "1");
        world.Alerts.ShouldBeEmpty();
        await SayAsync(world, "0.87", "0.88", "1");
        await SayAsync(world, "0.87", "0.88", "1");
        world.Alerts.ShouldHaveSingleItem().ShouldStartWith("USDC is worth 0.88 US dollars (3 sources: a, b, c)");
        // To warn is not to stop.
        (await ChooseAsync(world, await OpenAsync(world), Asset.Usdc)).ShouldBeNull();
        await SayAsync(world, "0.97", "0.985", "1");
        world.Alerts.Count.ShouldBe(2);
        world.Alerts[1].ShouldStartWith("USDC is worth 0.985 US dollars again");
    }

    [Fact]
    public async Task TOK_21_pause_stops_new_payments_in_that_coin_alone_and_open_ones_keep_their_price()
    {
        await using var world = await WorldAsync(BelowPeg.Pause);
        var chain = (SimChain)world.Chains[0];
        var (chosen, before) = (await OpenAsync(world), await OpenAsync(world));
        (await ChooseAsync(world, chosen, Asset.Usdc)).ShouldBeNull();
        await SayAsync(world, "0.87", "0.88", "1");

        (await ChooseAsync(world, before, Asset.Usdc))!.Code.ShouldBe(ErrorCode.TokenUnavailable);
        (await OptionAsync(world, before, Asset.Usdc)).WhyNot.ShouldBe("depegged");
        (await ChooseAsync(world, before, Asset.Usdt)).ShouldBeNull();
        // What was locked is honoured: 25.99 of the coin pay 25.99.
        var page = (await world.Engine.Checkout.PageAsync(SessionId.From(chosen.Id), default))!;
        chain.Mine(
            new SimTransfer(
                page.Chosen!.Token,
                page.Remaining!.Value.Atoms,
                page.Chosen.Address,
                "0x" + new string('1', 40)
            )
        );
        page.Remaining.Value.ToPlainText().ShouldBe("25.99");
        chain.MineEmpty(12);
        await world.WatchAsync();
        (await world.ReadAsync(chosen)).PaymentStatus.ShouldBe("paid");

        await SayAsync(world, "0.99", "0.99", "1");
        (await ChooseAsync(world, await OpenAsync(world), Asset.Usdc)).ShouldBeNull();
    }

    [Fact]
    public async Task TOK_21_price_that_nobody_tells_any_more_or_one_voice_alone_stops_nothing()
    {
        await using var world = await WorldAsync(BelowPeg.Pause);
        await SayAsync(world, "0.5", null, null);
        world.Alerts.ShouldBeEmpty();
        (await ChooseAsync(world, await OpenAsync(world), Asset.Usdc)).ShouldBeNull();

        await SayAsync(world, "0.87", "0.88", null);
        (await ChooseAsync(world, await OpenAsync(world), Asset.Usdc)).ShouldNotBeNull();
        // A restart remembers it, as long as it says something of now.
        await world.RestartAsync();
        await world.WatchAsync();
        (await ChooseAsync(world, await OpenAsync(world), Asset.Usdc)).ShouldNotBeNull();
        world.Clock.Advance(PegDecision.Fresh);
        await SayAsync(world, null, null, null);
        world.Alerts[^1].ShouldBe("What USDC is worth is not known any more, so it counts as a dollar again.");
        await world.WatchAsync();
        (await ChooseAsync(world, await OpenAsync(world), Asset.Usdc)).ShouldBeNull();
    }

    [Fact]
    public async Task TOK_21_test_payments_have_nothing_to_do_with_the_market()
    {
        await using var world = await WorldAsync(BelowPeg.Pause);
        await SayAsync(world, "0.5", "0.5", "0.5");
        var (live, sandbox) = (world.Chains[0].Network.Find(Asset.Usdc)!, new NetworkId("sandbox:ethereum"));
        world.Engine.Networks.Tokens.WhyNot(live).ShouldBe(TokenStop.Depegged);
        world.Engine.Networks.Tokens.WhyNot(live with { Network = sandbox }).ShouldBeNull();
    }
}
