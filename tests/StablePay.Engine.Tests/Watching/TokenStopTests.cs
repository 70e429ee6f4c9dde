using System.Diagnostics.Metrics;
using StablePay.Chains;
using StablePay.Core.Errors;
using StablePay.Engine.Checkout;
using StablePay.Engine.Offering;

namespace StablePay.Engine.Tests.Watching;

/// <summary>Issuers that stop, replace and change their tokens while payments are under way (threats.md A1).</summary>
public sealed class TokenStopTests() : SimPaymentTest(new FinalityRule.Depth(12))
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Theory]
    [InlineData(true, "paused")]
    [InlineData(false, "deprecated")]
    public async Task TOK_14_stopped_token_takes_no_new_payment_while_the_old_ones_go_on(bool paused, string why)
    {
        var (chosen, address) = await SessionAsync(2_599);
        var before = await World.OpenSessionAsync(2_599, live: true, TimeSpan.FromHours(3));

        await ToldAsync(new TokenReading(Usdt) { IsPaused = paused, IsDeprecated = !paused });

        var refused = await ChooseAsync(before, Asset.Usdt);
        (refused!.Code, refused.Param).ShouldBe((ErrorCode.TokenUnavailable, "token"));
        (await OptionAsync(before, Asset.Usdt)).WhyNot.ShouldBe(why);
        (await ChooseAsync(before, Asset.Usdc)).ShouldBeNull();
        Stopped().ShouldBe(["USDT"]);

        // Whoever was shown the token goes on with it, and its money is seen and credited.
        (await OptionAsync(chosen, Asset.Usdt)).IsAvailable.ShouldBeTrue();
        (await ChooseAsync(chosen, Asset.Usdt)).ShouldBeNull();
        World.Engine.Networks.Status(Id)!.Halted.ShouldBeNull();
        Chain.Mine(Transfer(address, 2_599));
        await MineAsync(12);
        (await StatusAsync(chosen)).ShouldBe("paid");
        (await CreditedAsync()).ShouldBe((UInt128)25_990_000);
    }

    [Fact]
    public async Task TOK_14_every_change_is_told_once_and_a_token_that_moves_again_is_offered_again()
    {
        var paused = new TokenReading(Usdt) { IsPaused = true };
        await ToldAsync(paused);
        await ToldAsync(paused);
        World
            .Alerts.ShouldHaveSingleItem()
            .ShouldContain("USDT (0xdAC17F958D2ee523a2206206994597C13D831ec7) is paused");
        await ToldAsync(paused with { IsPaused = false });
        await ToldAsync(paused with { IsPaused = false });
        World.Alerts.Count.ShouldBe(2);
        World.Alerts[1].ShouldContain("not paused any more");
        (await ChooseAsync(await World.OpenSessionAsync(2_599, live: true), Asset.Usdt)).ShouldBeNull();
        Stopped().ShouldBeEmpty();
    }

    [Fact]
    public async Task TOK_14_node_that_is_away_or_silent_proves_nothing_and_is_asked_again_soon()
    {
        await ToldAsync(new TokenReading(Usdt) { IsPaused = true });
        Chain.TokenFault = new NodeException(NodeFault.Unavailable, "scripted");
        await ToldAsync(new TokenReading(Usdt) { IsPaused = false });
        await MineAsync(1);
        Why(Usdt).ShouldBe(TokenStop.Paused);
        Chain.TokenFault = null;
        await ToldAsync(new TokenReading(Usdt));
        Why(Usdt).ShouldBe(TokenStop.Paused);

        Chain.TokenFault = new NodeException(NodeFault.Unavailable, "scripted");
        await ToldAsync(new TokenReading(Usdt) { IsPaused = false });
        Chain.TokenFault = null;
        await LaterAsync(TimeSpan.FromMinutes(1));
        Why(Usdt).ShouldBeNull();
    }

    [Fact]
    public async Task TOK_14_other_code_behind_a_proxy_is_told_and_stops_nothing()
    {
        await ToldAsync(new TokenReading(Usdt) { Implementation = "0x43506849D7C04F9138D1A2050bbF3A0c054402dd" });
        World.Alerts.ShouldBeEmpty();
        await ToldAsync(new TokenReading(Usdt) { Implementation = "0x0882477e7895bdC5cea7cB1552ed914aB157Fe56" });
        World
            .Alerts.ShouldHaveSingleItem()
            .ShouldContain(
                "0x0882477e7895bdC5cea7cB1552ed914aB157Fe56 in place of 0x43506849D7C04F9138D1A2050bbF3A0c054402dd"
            );
        Why(Usdt).ShouldBeNull();
    }

    [Fact]
    public async Task TOK_12_fee_that_is_switched_on_is_told_and_what_arrives_is_credited()
    {
        var (session, address) = await SessionAsync(2_599);
        await ToldAsync(new TokenReading(Usdt) { FeeBasisPoints = 20UL });
        World.Alerts.ShouldHaveSingleItem().ShouldContain("keeps 20 hundredths of a percent");
        Chain.Mine(Transfer(address, 2_594));
        await MineAsync(12);
        (await World.ReadAsync(session)).Exception.ShouldBe("underpaid");
        (await CreditedAsync()).ShouldBe((UInt128)25_940_000);
    }

    /// <summary>The contracts say this at the next hourly look.</summary>
    private async Task ToldAsync(params IReadOnlyList<TokenReading> readings)
    {
        Chain.Tokens = readings;
        await LaterAsync(Hour);
    }

    private TokenStop? Why(Token token) => World.Engine.Networks.Tokens.WhyNot(token);

    private async Task<Rejection?> ChooseAsync(SessionView session, Asset asset)
    {
        var answer = await World.Engine.Checkout.ChooseAsync(SessionId.From(session.Id), Id, asset, default);
        return answer.IsOk ? null : answer.Rejection;
    }

    private async Task<PageOption> OptionAsync(SessionView session, Asset asset) =>
        (await World.Engine.Checkout.PageAsync(SessionId.From(session.Id), default))!.Options.Single(o =>
            o.Token.Asset == asset
        );

    /// <summary>The coins that the metric calls stopped.</summary>
    private List<string> Stopped()
    {
        var stopped = new List<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, own) =>
            {
                if (instrument.Meter == World.Engine.Metrics.Meter && instrument.Name == "stablepay.token.stopped")
                    own.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<int>(
            (_, value, tags, _) =>
            {
                if (value == 1)
                    stopped.Add((string)tags.ToArray().Single(t => t.Key == "token").Value!);
            }
        );
        listener.Start();
        listener.RecordObservableInstruments();
        return stopped;
    }
}
