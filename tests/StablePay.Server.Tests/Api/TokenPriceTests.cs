using System.Net.Http.Headers;
using System.Text.Json;
using StablePay.Chains;
using StablePay.Core.Networks;
using StablePay.Storage;
using StablePay.Testing;
using static StablePay.Server.Tests.Api.SessionBodies;

namespace StablePay.Server.Tests.Api;

/// <summary>What merchants and payers see of a coin that counts for less than a dollar (threats.md A1).</summary>
public sealed class TokenPriceTests : IAsyncLifetime
{
    private static readonly NetworkId Id = new("eip155:31337");

    private readonly SimChain _chain = new(
        new Network(
            Id,
            ChainFamily.Evm,
            "Test network",
            "ERC20",
            TimeSpan.FromSeconds(12),
            new FinalityRule.Depth(12),
            [new Token(Id, Asset.Usdt, "0xdAC17F958D2ee523a2206206994597C13D831ec7", 6), Usdc],
            null,
            null
        ),
        Instant.From(TestServer.Start)
    );
    private readonly TestServer _server;
    private readonly List<string> _alerts = [];

    public TokenPriceTests()
    {
        _server = new TestServer { LiveChains = [_chain], OnAlert = _alerts.Add }.With("--Rates:Peg:Below", "requote");
    }

    private static Token Usdc => new(Id, Asset.Usdc, "0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48", 18);

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task TOK_21_session_tells_the_prices_it_locked_and_what_it_counts_for_in_dollars()
    {
        var (live, test) = await ClientsAsync();
        var before = (await live.PostAsync(Create, BodyOf(""))).ShouldBeOk();
        before.Json.TryGetProperty("token_prices", out _).ShouldBeFalse();
        await WorthAsync("0.87129");

        var made = (await live.PostAsync(Create, BodyOf(""))).ShouldBeOk();
        made.Text.ShouldContain("\"rate_source\":\"par\",\"token_prices\":{\"USDC\":\"0.8712\"},\"success_url\"");
        made.Json.GetProperty("target_amount_total").GetInt64().ShouldBe(2599);
        made.Json.GetProperty("amount_remaining").GetInt64().ShouldBe(2599);
        (await live.GetAsync($"/api/v1/checkout/sessions/{made.Id}")).ShouldBeOk().Text.ShouldBe(made.Text);
        // What was made before, and what is made in test mode, has nothing to tell.
        (await live.GetAsync($"/api/v1/checkout/sessions/{before.Id}"))
            .ShouldBeOk()
            .Text.ShouldBe(before.Text);
        (await test.PostAsync(Create, BodyOf(""))).Json.TryGetProperty("token_prices", out _).ShouldBeFalse();
        _alerts.ShouldHaveSingleItem().ShouldStartWith("USDC is worth 0.87129 US dollars");
    }

    [Fact]
    public async Task TOK_21_quote_is_what_a_session_would_ask_for()
    {
        var (live, test) = await ClientsAsync();
        (await QuoteAsync(live)).ShouldBe(
            """null [{"network":"eip155:31337","token":"USDT","amount":"25.99"},{"network":"eip155:31337","token":"USDC","amount":"25.99"}]"""
        );
        await WorthAsync("0.87129");
        (await QuoteAsync(live)).ShouldBe(
            """{"USDC":"0.8712"} [{"network":"eip155:31337","token":"USDT","amount":"25.99"},{"network":"eip155:31337","token":"USDC","amount":"29.84"}]"""
        );
        (await QuoteAsync(test)).ShouldStartWith("null ");
        // A coin that could not be chosen is not priced.
        await WorthAsync("0.03");
        (await QuoteAsync(live)).ShouldBe("""null [{"network":"eip155:31337","token":"USDT","amount":"25.99"}]""");
    }

    [Theory]
    [InlineData("en", "1 USD = 1 USDT", "1 USDC = 0.8712 USD</span>, its market price")]
    [InlineData("zh-CN", "USDT 与美元 1:1", "1 USDC = 0.8712 USD</span>（市场价）")]
    public async Task TOK_21_page_says_the_price_and_asks_for_that_much_of_the_coin(
        string language,
        string par,
        string priced
    )
    {
        var (live, _) = await ClientsAsync();
        await WorthAsync("0.87129");
        var id = (await live.PostAsync(Create, BodyOf(""))).ShouldBeOk().Id;
        var choose = await PageAsync(id, "?asset=USDC", language);
        choose.ShouldContain("USDT <small class=\"num\">25.99</small>");
        choose.ShouldContain("USDC <small class=\"num\">29.84</small>");
        choose.ShouldContain(priced);
        choose.ShouldNotContain(par);
        (await PageAsync(id, "?asset=USDT", language)).ShouldContain(par);

        await _server.WatchAsync();
        (await _server.Engine.Checkout.ChooseAsync(SessionId.From(id), Id, Asset.Usdc, default)).IsOk.ShouldBeTrue();
        var pay = await PageAsync(id, "", language);
        pay.ShouldContain("id=\"amount\">29.84</span>");
        pay.ShouldContain("data-copy=\"29.84\"");
        pay.ShouldContain("uint256=29840000000000000000");
        pay.ShouldContain(priced);
        pay.ShouldNotContain("25.99 USDC");

        // The receipt says what was sent, and at which price.
        var address = (await _server.Engine.Checkout.PageAsync(SessionId.From(id), default))!.Chosen!.Address;
        _chain.Mine(new SimTransfer(Usdc, 2_984 * Usdc.AtomsPerCent, address, "0x" + new string('1', 40)));
        _chain.MineEmpty(12);
        await _server.WatchAsync();
        var paid = await PageAsync(id, "", language);
        paid.ShouldContain("<b>29.84 USDC</b>");
        paid.ShouldContain("$25.99");
        paid.ShouldContain(priced);
    }

    [Theory]
    [InlineData("en", "Its price is too far from one dollar")]
    [InlineData("zh-CN", "当前价格偏离 1 美元过多")]
    public async Task TOK_21_page_asks_for_nothing_of_a_coin_that_is_worth_too_little(string language, string why)
    {
        var (live, _) = await ClientsAsync();
        await WorthAsync("0.03");
        await _server.WatchAsync();
        var id = (await live.PostAsync(Create, BodyOf(""))).ShouldBeOk().Id;
        var page = await PageAsync(id, "?asset=USDC", language);
        page.ShouldContain(why);
        page.ShouldContain(">USDC</a>");
        page.ShouldNotContain("1 USD = 1 USDC");
    }

    private async Task<(SignedClient Live, SignedClient Test)> ClientsAsync()
    {
        var store = await _server.Engine.Provision.RunAsync("Mugs Ltd", "Mugs", default);
        return (_server.ClientOf(store, live: true), _server.ClientOf(store));
    }

    /// <summary>What two sources said of USDC a moment ago.</summary>
    private async Task WorthAsync(string price)
    {
        Rate.TryParse(price, out var rate).ShouldBeTrue();
        var now = Instant.From(_server.Clock.GetUtcNow());
        await _server.Database.Rates.SaveAsync(new StoredRate("USDC", rate, "2 sources: a, b", now, now, ""), default);
        await _server.Engine.Pegs!.LoadAsync(default);
    }

    private static async Task<string> QuoteAsync(SignedClient client)
    {
        var json = (await client.PostAsync("/api/v1/quotes", """{"amount":2599,"currency":"USD"}""")).ShouldBeOk().Json;
        var prices = json.TryGetProperty("token_prices", out var told) ? told.GetRawText() : "null";
        return $"{prices} {json.GetProperty("tokens").GetRawText()}";
    }

    private async Task<string> PageAsync(string id, string query, string language)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/checkout/{id}{query}");
        request.Headers.AcceptLanguage.Add(new StringWithQualityHeaderValue(language));
        using var answer = await _server.Http.SendAsync(request);
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadAsStringAsync();
    }
}
