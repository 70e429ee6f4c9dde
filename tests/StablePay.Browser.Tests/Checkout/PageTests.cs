using System.Net;
using System.Text.Json;

namespace StablePay.Browser.Tests.Checkout;

/// <summary>What the hosted page answers, without a browser.</summary>
public sealed class PageTests : IAsyncLifetime
{
    private readonly HttpClient _http = new(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false });
    private PageHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await PageHost.StartAsync();

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task CO_01_CO_07_every_answer_carries_the_headers_of_the_policy()
    {
        string[] urls =
        [
            _host.Show(Samples.Pay),
            _host.Show(Samples.Pay) + "nothing",
            new Uri(_host.BaseUrl, "/checkout/x").ToString(),
        ];
        foreach (var url in urls)
        {
            using var answer = await _http.GetAsync(url);
            string Header(string name) => string.Join(",", answer.Headers.NonValidated[name]);
            Header("Content-Security-Policy")
                .ShouldMatch(
                    "^default-src 'none'; script-src 'self' 'sha256-[A-Za-z0-9+/]{43}='; style-src 'self' 'sha256-[A-Za-z0-9+/]{43}='; "
                        + "img-src 'self' data:; connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; "
                        + "frame-ancestors 'none'; require-trusted-types-for 'script'; upgrade-insecure-requests$"
                );
            Header("Strict-Transport-Security").ShouldBe("max-age=63072000; includeSubDomains");
            Header("X-Content-Type-Options").ShouldBe("nosniff");
            Header("Referrer-Policy").ShouldBe("no-referrer");
            Header("Cross-Origin-Opener-Policy").ShouldBe("same-origin");
            Header("Cross-Origin-Resource-Policy").ShouldBe("same-origin");
            Header("Permissions-Policy").ShouldBe("geolocation=(), camera=(), microphone=(), payment=(), usb=()");
            Header("X-Frame-Options").ShouldBe("DENY");
            Header("X-Robots-Tag").ShouldBe("noindex");
            answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        }
    }

    [Fact]
    public async Task CO_06_the_status_has_exactly_its_members()
    {
        using var json = JsonDocument.Parse(await _http.GetStringAsync(_host.Show(Samples.Confirming) + "/status"));
        json.RootElement.EnumerateObject()
            .Select(p => p.Name)
            .ShouldBe([
                "state",
                "exception",
                "version",
                "confirmations",
                "confirmations_required",
                "last_block",
                "read_at_ms",
                "is_behind",
                "is_held",
                "now_ms",
                "clock_ms",
            ]);
        json.RootElement.GetProperty("state").GetString().ShouldBe("processing");
    }

    [Fact]
    public async Task The_stream_tells_the_state_now_and_ends_when_it_is_final()
    {
        var text = await _http.GetStringAsync(_host.Show(Samples.Paid) + "/events");
        text.ShouldStartWith("data: {\"state\":\"paid\"");
        text.ShouldEndWith("\n\n");
    }

    [Theory]
    [InlineData("confirming")]
    [InlineData("paid")]
    [InlineData("expired")]
    [InlineData("time-over")]
    [InlineData("expired-part")]
    [InlineData("late")]
    [InlineData("canceled")]
    [InlineData("failed")]
    [InlineData("frozen")]
    public async Task CO_09_no_address_is_in_the_page_once_nothing_should_be_sent(string state)
    {
        var html = await _http.GetStringAsync(_host.Show(Samples.All[state]));
        html.ShouldNotContain(Samples.Address, Case.Insensitive);
        html.ShouldNotContain("ethereum:");
        html.ShouldNotContain("class=\"addr\"");
        html.ShouldNotContain("class=\"qr\"");
    }

    [Fact]
    public async Task An_open_page_reloads_itself_without_script_and_a_final_one_does_not()
    {
        const string refresh = "<noscript><meta http-equiv=\"refresh\" content=\"15\"></noscript>";
        (await _http.GetStringAsync(_host.Show(Samples.Pay))).ShouldContain(refresh);
        (await _http.GetStringAsync(_host.Show(Samples.Confirming))).ShouldContain(refresh);
        (await _http.GetStringAsync(_host.Show(Samples.Paid))).ShouldNotContain("http-equiv=\"refresh\"");
    }

    [Theory]
    [InlineData("en-GB,en;q=0.9", "en", "Send exactly")]
    [InlineData("zh-CN,zh;q=0.9,en;q=0.8", "zh-Hans", "请准确发送")]
    [InlineData("zh-TW", "zh-Hans", "请准确发送")]
    [InlineData("de-DE,de;q=0.9,zh;q=0.1", "zh-Hans", "请准确发送")]
    [InlineData("fr", "en", "Send exactly")]
    public async Task The_language_is_the_browsers_where_we_have_it(string accepts, string tag, string words)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, _host.Show(Samples.Pay));
        request.Headers.Add("Accept-Language", accepts);
        var html = await (await _http.SendAsync(request)).Content.ReadAsStringAsync();
        html.ShouldContain($"<html lang=\"{tag}\"");
        html.ShouldContain(words);
    }

    [Fact]
    public async Task A_chosen_language_is_kept_and_the_switch_keeps_the_page()
    {
        var url = _host.Show(Samples.Pay);
        using var answer = await _http.GetAsync(url + "?from=exchange&lang=zh");
        (await answer.Content.ReadAsStringAsync()).ShouldContain(
            $"href=\"/checkout/{Samples.Pay.Id}?from=exchange&amp;lang=en\""
        );
        var cookie = answer.Headers.GetValues("Set-Cookie").Single();
        cookie.ShouldStartWith("lang=zh; ");
        cookie.ShouldContain("httponly", Case.Insensitive);
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.Add("Cookie", "lang=zh");
        (await (await _http.SendAsync(request)).Content.ReadAsStringAsync()).ShouldContain("<html lang=\"zh-Hans\"");
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site", 403)]
    [InlineData("Sec-Fetch-Site", "same-site", 403)]
    [InlineData("Sec-Fetch-Site", "same-origin", 303)]
    [InlineData("Origin", "https://evil.example", 403)]
    [InlineData("Origin", "garbage", 403)]
    [InlineData("Origin", "http://[6:0:0:0:0:0:0:e:/1]", 403)]
    [InlineData("Origin", "null", 303)]
    public async Task UI_01_a_form_from_elsewhere_changes_nothing(string header, string value, int status)
    {
        var page = _host.Fresh(Samples.Pay, "csrf" + value);
        using var request = new HttpRequestMessage(HttpMethod.Post, _host.Show(page) + "/cancel")
        {
            Content = new FormUrlEncodedContent([]),
        };
        request.Headers.Add(header, value);
        using var answer = await _http.SendAsync(request);
        ((int)answer.StatusCode).ShouldBe(status);
        _host[page.Id].State.ShouldBe(status == 303 ? SessionState.Canceled : SessionState.Awaiting);
    }

    [Fact]
    public async Task What_a_wallet_tells_is_checked_counted_and_named_and_changes_nothing()
    {
        var page = _host.Fresh(Samples.PayOnTron, "walletposts");
        var url = _host.Show(page);
        foreach (
            var (path, names) in new (string, string[])[]
            {
                ("/sent", ["transaction_hash"]),
                ("/transfer", ["payer"]),
                ("/transfer/signed", ["payer", "transaction"]),
            }
        )
        {
            (await Post(path, [])).ShouldBe((HttpStatusCode.BadRequest, "parameter_missing", names[0]));
            (await Post(path, [.. names.Select(n => (n, ""))])).ShouldBe(
                (HttpStatusCode.BadRequest, "parameter_missing", names[0])
            );
            (await Post(path, [.. names.Select(n => (n, new string('7', 17_000)))])).Status.ShouldBe(
                HttpStatusCode.RequestEntityTooLarge
            );
            (await Post(path, [.. names.Select(n => (n, "x"))], "cross-site")).Status.ShouldBe(
                HttpStatusCode.Forbidden
            );
            (await _http.PostAsync(url + path, new StringContent("{}"))).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
            _host.MayAsk = false;
            (await Post(path, [.. names.Select(n => (n, "x"))])).ShouldBe(
                (HttpStatusCode.TooManyRequests, "rate_limit_exceeded", null)
            );
            _host.MayAsk = true;
        }
        _host.Posts.ShouldBeEmpty();
        _host.NoteAnswer = new Rejection(ErrorCode.ParameterInvalid, "no hash", "transaction_hash");
        (await Post("/sent", [("transaction_hash", "0x1")])).ShouldBe(
            (HttpStatusCode.BadRequest, "parameter_invalid", "transaction_hash")
        );
        (await Post("/transfer", [("payer", "T1")])).ShouldBe(
            (HttpStatusCode.ServiceUnavailable, "network_unavailable", null)
        );
        _host[page.Id].ShouldBe(page);

        async Task<(HttpStatusCode Status, string? Code, string? Param)> Post(
            string path,
            (string Name, string Value)[] fields,
            string site = "same-origin"
        )
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, url + path)
            {
                Content = new FormUrlEncodedContent(fields.ToDictionary(f => f.Name, f => f.Value)),
            };
            request.Headers.Add("Sec-Fetch-Site", site);
            using var answer = await _http.SendAsync(request);
            if (answer.Content.Headers.ContentType?.MediaType != "application/json")
                return (answer.StatusCode, null, null);
            using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
            var error = json.RootElement.GetProperty("error");
            var param = error.TryGetProperty("param", out var name) ? name.GetString() : null;
            return (answer.StatusCode, error.GetProperty("code").GetString(), param);
        }
    }

    [Fact]
    public async Task A_get_never_changes_anything()
    {
        var url = _host.Show(_host.Fresh(Samples.Choose, "getonly"));
        foreach (var path in new[] { "/cancel", "/choose", "/pay-test", "/sent", "/transfer", "/transfer/signed" })
            (await _http.GetAsync(url + path)).StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
        _host.Posts.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_test_wallet_is_for_test_payments_only()
    {
        (await _http.GetStringAsync(_host.Show(Samples.Pay))).ShouldNotContain("pay-test");
        (await _http.PostAsync(_host.Show(Samples.Pay) + "/pay-test", null)).StatusCode.ShouldBe(
            HttpStatusCode.NotFound
        );
        (await _http.GetStringAsync(_host.Show(Samples.PayInTest))).ShouldContain("Pay with test wallet");
        (await _http.PostAsync(_host.Show(Samples.PayInTest) + "/pay-test", null)).StatusCode.ShouldBe(
            HttpStatusCode.SeeOther
        );
        _host.Posts.ShouldBe(["pay-test"]);
    }

    [Fact]
    public async Task A_choice_that_cannot_be_is_refused_in_words()
    {
        var url = _host.Show(_host.Fresh(Samples.Choose, "badchoice"));
        await Refused(url, "eip155:999", HttpStatusCode.BadRequest, "Choose a network to go on.");
        await Refused(url, "sandbox:tron", HttpStatusCode.ServiceUnavailable, "TRON cannot take payments right now.");
    }

    [Fact]
    public async Task What_was_chosen_once_is_offered_first_the_next_time()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, _host.Show(Samples.Choose));
        request.Headers.Add("Cookie", "coin=USDC%7Ceip155%3A56");
        var html = await (await _http.SendAsync(request)).Content.ReadAsStringAsync();
        html.ShouldContain("name=\"asset\" value=\"USDC\"");
        html.ShouldMatch("value=\"eip155:56\" required checked");
    }

    [Theory]
    [InlineData("JPY", "en", 980_000, "¥980,000")]
    [InlineData("JPY", "zh", 980_000, "JPY 980,000")]
    [InlineData("KWD", "en", 11_750, "KWD 11.750")]
    [InlineData("USD", "en", 123_456, "$1,234.56")]
    [InlineData("HKD", "zh", 5, "HK$0.05")]
    public async Task Money_is_written_by_our_own_tables(string currency, string language, long minor, string text)
    {
        var quote = Quote
            .Lock(new FiatAmount(Currency.Find(currency)!, minor), Rate.From(1, 150), "test", Samples.Now)
            .Value;
        var html = await _http.GetStringAsync(
            _host.Show(_host.Fresh(Samples.Choose, "money") with { Quote = quote }) + "?lang=" + language
        );
        WebUtility.HtmlDecode(html).ShouldContain($"<p class=\"co-sum num\">{text}</p>");
    }

    [Theory]
    [InlineData(10842, 10000, "1 EUR = 1.0842 USD")]
    [InlineData(1, 150, "1 EUR ≈ 0.00666667 USD")]
    [InlineData(1234567, 1, "1 EUR ≈ 1,234,570 USD")]
    public async Task A_rounded_rate_says_so(int numerator, int denominator, string text)
    {
        var quote = Quote
            .Lock(new FiatAmount(Currency.Find("EUR")!, 100), Rate.From(numerator, denominator), "test", Samples.Now)
            .Value;
        var html = await _http.GetStringAsync(_host.Show(_host.Fresh(Samples.Choose, "rate") with { Quote = quote }));
        WebUtility.HtmlDecode(html).ShouldContain(text);
    }

    [Theory]
    [InlineData("en", "paused", "Paused by the coin's issuer")]
    [InlineData("en", "deprecated", "Given up by the coin's issuer")]
    [InlineData("en", "halted", "Not available right now")]
    [InlineData("zh", "paused", "发行方已暂停转账")]
    [InlineData("en", "depegged", "Its price is too far from one dollar")]
    [InlineData("zh", "depegged", "当前价格偏离 1 美元过多")]
    [InlineData("zh", "deprecated", "发行方已停用")]
    [InlineData("zh", "not_reached", "暂不可用")]
    public async Task TOK_14_coin_that_cannot_be_chosen_says_why(string language, string why, string text)
    {
        var tron = Samples.Choose.Options.Single(o => !o.IsAvailable);
        var page = _host.Fresh(Samples.Choose, "stopped") with { Options = [tron with { WhyNot = why }] };
        var html = await _http.GetStringAsync(_host.Show(page) + "?lang=" + language);
        html.ShouldContain($"value=\"{tron.Network.Id}\" required disabled>");
        WebUtility.HtmlDecode(html).ShouldContain($"<span class=\"choice__note\">{text}</span>");
    }

    private async Task Refused(string url, string network, HttpStatusCode status, string words)
    {
        using var form = new FormUrlEncodedContent([new("asset", "USDT"), new("network", network)]);
        using var answer = await _http.PostAsync(url + "/choose", form);
        answer.StatusCode.ShouldBe(status);
        (await answer.Content.ReadAsStringAsync()).ShouldContain(words);
    }
}
