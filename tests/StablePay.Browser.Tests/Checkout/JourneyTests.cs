using System.Text.Json;
using StablePay.Server.Pages;

namespace StablePay.Browser.Tests.Checkout;

/// <summary>What a payer does on the hosted page, in a real browser.</summary>
public sealed class JourneyTests : IAsyncLifetime
{
    private PageHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await PageHost.StartAsync();

    public async ValueTask DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task The_first_screen_of_a_phone_holds_the_whole_slip_and_the_first_button()
    {
        var first = await Run("first", _host.Fresh(Samples.Pay, "firstscreen"));
        first.GetProperty("slip").GetDouble().ShouldBeInRange(1, 844);
        first.GetProperty("button").GetDouble().ShouldBeInRange(1, 844);
    }

    [Fact]
    public async Task The_page_follows_the_payment_from_waiting_to_paid()
    {
        var seen = await Run("live", _host.Fresh(Samples.Pay, "live"));
        seen.GetProperty("titles")[1].GetString().ShouldBe("Confirming · Harbour & Kiln");
        seen.GetProperty("titles")[2].GetString().ShouldBe("Paid · Harbour & Kiln");
        seen.GetProperty("before").GetString().ShouldBe("7 of 12 confirmations");
        seen.GetProperty("after").GetString().ShouldBe("8 of 12 confirmations");
        seen.GetProperty("value").GetInt32().ShouldBe(8);
        seen.GetProperty("reloaded").GetBoolean().ShouldBeFalse("a confirmation must not reload the page");
        seen.GetProperty("reports").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task CO_09_the_address_leaves_the_open_page_at_the_end()
    {
        var page = _host.Fresh(Samples.Pay, "expires");
        var seen = await Run("expire", page with { ExpiresAt = page.Now + TimeSpan.FromSeconds(25) }, moving: true);
        seen.GetProperty("before").GetBoolean().ShouldBeTrue();
        seen.GetProperty("after").GetBoolean().ShouldBeFalse();
        seen.GetProperty("title").GetString().ShouldBe("This payment has expired");
    }

    [Fact]
    public async Task The_page_says_when_the_server_is_out_of_reach_and_when_it_is_back()
    {
        var seen = await Run("offline", _host.Fresh(Samples.Pay, "offline"));
        seen.GetProperty("hidden").GetBoolean().ShouldBeTrue();
        seen.GetProperty("said").GetString()!.ShouldContain("What you have sent is not affected.");
    }

    [Fact]
    public async Task One_can_choose_pay_by_transfer_and_cancel_without_script()
    {
        var seen = await Run("noscript", _host.Fresh(Samples.Choose, "noscript"));
        seen.GetProperty("refresh").GetBoolean().ShouldBeTrue();
        seen.GetProperty("scriptButtons").GetInt32().ShouldBe(0);
        seen.GetProperty("chosen").GetString()!.ShouldContain("BNB Smart Chain");
        seen.GetProperty("address").GetString().ShouldBe(Samples.Address);
        seen.GetProperty("canCopy").GetInt32().ShouldBe(0);
        seen.GetProperty("canceled").GetString()!.ReplaceLineEndings(" ").ShouldBe("This payment was canceled");
        _host.Posts.ShouldBe(["choose USDT eip155:56", "cancel"]);
    }

    [Fact]
    public async Task One_can_choose_and_copy_with_the_keyboard_alone()
    {
        var seen = await Run("keyboard", _host.Fresh(Samples.Choose, "keyboard"));
        seen.GetProperty("first").GetProperty("text").GetString().ShouldBe("Skip to payment");
        seen.GetProperty("picked").GetString().ShouldBe("eip155:56");
        seen.GetProperty("ring").GetBoolean().ShouldBeTrue();
        seen.GetProperty("amount").GetString().ShouldBe("41.44");
        seen.GetProperty("address").GetString().ShouldBe(Samples.Address);
    }

    [Fact]
    public async Task A_browser_wallet_is_asked_for_exactly_the_transfer_on_the_page()
    {
        var page = _host.Fresh(Samples.Pay, "wallet");
        var seen = await Wallet(page, ["One"], "0x89", refuse: false, canSwitch: true, "Waiting for the network");
        seen.GetProperty("reports").GetArrayLength().ShouldBe(0, $"{seen.GetProperty("reports")}");
        var asked = seen.GetProperty("asked").EnumerateArray().ToArray();
        asked
            .Select(a => a.GetProperty("method").GetString())
            .ShouldBe([
                "eth_requestAccounts",
                "eth_chainId",
                "wallet_switchEthereumChain",
                "eth_chainId",
                "eth_sendTransaction",
            ]);
        var transaction = asked[^1].GetProperty("params")[0];
        transaction.GetProperty("to").GetString().ShouldBe(page.Chosen!.Token.Contract);
        transaction.GetProperty("data").GetString().ShouldBe(page.TransferCallData);
        transaction.GetProperty("value").GetString().ShouldBe("0x0");
    }

    [Fact]
    public async Task A_refusal_in_the_wallet_is_said_and_nothing_is_sent()
    {
        var seen = await Wallet(
            _host.Fresh(Samples.Pay, "declined"),
            ["One"],
            "0x1",
            refuse: true,
            canSwitch: true,
            "declined"
        );
        seen.GetProperty("said").GetString().ShouldBe("You declined in your wallet. Nothing was sent.");
    }

    [Fact]
    public async Task A_wallet_on_another_network_never_gets_the_transfer()
    {
        var seen = await Wallet(
            _host.Fresh(Samples.Pay, "network"),
            ["One", "Two"],
            "0x89",
            refuse: false,
            canSwitch: false,
            "Switch to Ethereum"
        );
        seen.GetProperty("asked")
            .EnumerateArray()
            .ShouldNotContain(a => a.GetProperty("method").GetString() == "eth_sendTransaction");
    }

    [Fact]
    public async Task No_wallet_button_stands_where_no_wallet_is()
    {
        var seen = await Wallet(_host.Fresh(Samples.Pay, "nowallet"), [], "0x1", refuse: false, canSwitch: false, "");
        seen.GetProperty("shown").GetBoolean().ShouldBeFalse();
    }

    [Theory]
    [InlineData(390, "en-GB", true)]
    [InlineData(390, "zh-CN", false)]
    [InlineData(1440, "en-GB", false)]
    [InlineData(1440, "zh-CN", true)]
    public async Task A_scenario_is_played_on_a_test_page_by_touch_and_with_the_keyboard_alone(
        int width,
        string language,
        bool script
    )
    {
        var words = (language == "en-GB" ? Language.English : Language.Chinese).Words;
        var page = _host.Fresh(Samples.PayInTest, $"panel{width}{language}");
        var seen = await Panel(page, width, language, script, words["scenario.late.text"]);
        seen.GetProperty("hidden").GetBoolean().ShouldBeTrue("closed until it is asked for");
        seen.GetProperty("options").GetInt32().ShouldBe(StablePay.Engine.TestMode.Scenario.All.Count);
        seen.GetProperty("path").GetString().ShouldBe("?played=late");
        seen.GetProperty("errors").GetArrayLength().ShouldBe(0, $"{seen.GetProperty("errors")}");
        _host.Posts.ShouldBe(["play late"]);
    }

    [Fact]
    public async Task An_open_page_is_drawn_anew_when_the_shops_test_clock_is_moved()
    {
        var seen = await Run("clock", _host.Fresh(Samples.PayInTest, "clock"));
        seen.GetProperty("before").GetString()!.ShouldContain("Send exactly");
        seen.GetProperty("after").GetString().ShouldBe("This payment has expired");
    }

    [Fact]
    public async Task A_scenario_that_does_not_fit_is_said_and_leaves_the_page_as_it_was()
    {
        _host.PlayAnswer = _ => new Rejection(ErrorCode.ParameterInvalid, "no", "scenario");
        var page = _host.Fresh(Samples.PayInTest, "panelrefused");
        var said = Language.English.Words["panel.refused"];
        (await Panel(page, 390, "en-GB", script: true, said)).GetProperty("options").GetInt32().ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task PAY_17_a_live_page_has_no_scenarios_and_takes_none()
    {
        var page = _host.Fresh(Samples.Pay, "panellive");
        var url = new Uri(_host.Show(page));
        using var http = new HttpClient();
        (await http.GetStringAsync(url)).ShouldNotContain("scenario");
        using var form = new FormUrlEncodedContent([new("scenario", "exact")]);
        using var answer = await http.PostAsync(new Uri(url + "/play"), form);
        answer.StatusCode.ShouldBe(System.Net.HttpStatusCode.NotFound);
        (await http.GetStringAsync(new Uri(url + "?played=late"))).ShouldNotContain(
            Language.English.Words["scenario.late.text"]
        );
        _host.Posts.ShouldBeEmpty();
    }

    [Fact]
    public async Task Who_plays_too_much_waits()
    {
        _host.MayAsk = false;
        var url = new Uri(_host.Show(_host.Fresh(Samples.PayInTest, "paneltoomany")) + "/play");
        using var http = new HttpClient();
        using var form = new FormUrlEncodedContent([new("scenario", "exact")]);
        using var answer = await http.PostAsync(url, form);
        answer.StatusCode.ShouldBe(System.Net.HttpStatusCode.TooManyRequests);
        _host.Posts.ShouldBeEmpty();
    }

    private Task<JsonElement> Panel(CheckoutPage page, int width, string language, bool script, string said)
    {
        var words = (language == "en-GB" ? Language.English : Language.Chinese).Words;
        return Chromium.RunAsync(
            "journeys.mjs",
            new
            {
                journey = "panel",
                url = _host.Show(page),
                width,
                language,
                script,
                scenario = "late",
                said,
                words = new
                {
                    title = words["panel.title"],
                    label = words["panel.label"],
                    play = words["panel.play"],
                },
            }
        );
    }

    private Task<JsonElement> Wallet(
        CheckoutPage page,
        string[] wallets,
        string start,
        bool refuse,
        bool canSwitch,
        string expected
    ) =>
        Chromium.RunAsync(
            "journeys.mjs",
            new
            {
                journey = "wallet",
                url = _host.Show(page),
                wallets,
                start,
                refuse,
                canSwitch,
                expected,
            }
        );

    private Task<JsonElement> Run(string journey, CheckoutPage page, bool moving = false)
    {
        _host.ClockRuns = moving;
        return Chromium.RunAsync(
            "journeys.mjs",
            new
            {
                journey,
                url = _host.Show(page),
                id = page.Id.Value,
                address = Samples.Address,
                @base = _host.BaseUrl.ToString().TrimEnd('/'),
            }
        );
    }
}
