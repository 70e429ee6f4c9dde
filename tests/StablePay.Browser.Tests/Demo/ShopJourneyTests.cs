using System.Net;
using System.Text.RegularExpressions;

namespace StablePay.Browser.Tests.Demo;

/// <summary>A stranger buys a mug with test money and sees the shop being told.</summary>
public sealed partial class ShopJourneyTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Theory]
    [InlineData("sandbox:ethereum", "light", 390)]
    [InlineData("sandbox:bsc", "dark", 1440)]
    public async Task A_mug_is_paid_in_the_sandbox_and_the_shop_is_told(string network, string scheme, int width)
    {
        var folder = Environment.GetEnvironmentVariable("SCREENS") is null
            ? null
            : Path.Combine(Chromium.Root, "artifacts/shop-" + width);
        var seen = await Chromium.RunAsync(
            "shop.mjs",
            new
            {
                @base = server.BaseUrl,
                network,
                scheme,
                width,
                folder,
            }
        );
        var steps = seen.GetProperty("steps").EnumerateArray().Select(s => s.GetString()!).ToArray();
        steps[..3].ShouldBe(["Stoneware mug, 350 ml", "Choose what you will send", "Send exactly 35.50 USDT"]);
        steps[3].ShouldBeOneOf("We see your 35.50 USDT", "Paid");
        steps[4].ShouldBe("Paid");
        steps[5].ShouldStartWith("Order A-");
        seen.GetProperty("price").GetString().ShouldBe("$35.50");
        seen.GetProperty("total").GetString().ShouldBe("$35.50");
        var hooks = seen.GetProperty("hooks").EnumerateArray().Select(h => h.GetString()!).ToArray();
        hooks.ShouldContain(h =>
            h.Contains("payment.completed", StringComparison.Ordinal)
            && h.Contains("signature valid", StringComparison.Ordinal)
        );
        seen.GetProperty("reports").GetArrayLength().ShouldBe(0);
        seen.GetProperty("errors").GetArrayLength().ShouldBe(0, $"{seen.GetProperty("errors")}");
        seen.GetProperty("foreign").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task A_mug_is_paid_with_forms_alone()
    {
        using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false })
        {
            BaseAddress = new Uri(server.BaseUrl),
        };
        var page = await PostAsync(http, "/demo/buy", ("quantity", "1"), ("currency", "USD"));
        page.ShouldStartWith("/checkout/sess_");
        (await PostAsync(http, page + "/choose", ("asset", "USDC"), ("network", "sandbox:ethereum"))).ShouldBe(page);
        (await http.GetStringAsync(page)).ShouldContain("Send exactly");
        (await PostAsync(http, page + "/pay-test")).ShouldBe(page);
        await UntilAsync(http, page, "<h1 id=\"title\">Paid</h1>");
        var html = await http.GetStringAsync(page);
        var order = OrderLink().Match(WebUtility.HtmlDecode(html)).Groups[1].Value;
        (await http.GetStringAsync(order)).ShouldContain("Paid. We are packing your mug.");
        (await http.GetStringAsync("/demo")).ShouldContain("payment.completed");
    }

    [Fact]
    public async Task An_order_page_does_not_believe_that_a_browser_came_back()
    {
        using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false })
        {
            BaseAddress = new Uri(server.BaseUrl),
        };
        var page = await PostAsync(http, "/demo/buy", ("quantity", "3"), ("currency", "JPY"));
        var checkout = await http.GetStringAsync(page);
        var number = OrderNumber().Match(checkout).Groups[1].Value;
        (await http.GetStringAsync("/demo/orders/" + number)).ShouldContain("Not paid yet.");
        (await http.GetAsync("/demo/orders/A-NEVER")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_scenario_is_played_and_the_clock_is_moved_on_an_orders_page()
    {
        using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false })
        {
            BaseAddress = new Uri(server.BaseUrl),
        };
        var checkout = await PostAsync(http, "/demo/buy", ("quantity", "1"), ("currency", "USD"));
        var order = "/demo/orders/" + OrderNumber().Match(await http.GetStringAsync(checkout)).Groups[1].Value;
        (await PostAsync(http, order + "/simulate", ("scenario", "under"))).ShouldBe(order + "?played=under");
        (await http.GetStringAsync(order + "?played=under")).ShouldContain("A third of what is missing does not come.");
        await UntilAsync(http, order, "underpaid");

        var before = Clock().Match(await http.GetStringAsync(order)).Groups[1].Value;
        (await PostAsync(http, order + "/clock")).ShouldBe(order);
        await UntilAsync(http, order, "The payment expired.");
        var page = await http.GetStringAsync(order);
        DateTimeOffset
            .Parse(Clock().Match(page).Groups[1].Value, CultureInfo.InvariantCulture)
            .ShouldBeGreaterThanOrEqualTo(
                DateTimeOffset.Parse(before, CultureInfo.InvariantCulture) + TimeSpan.FromHours(1)
            );
        page.ShouldContain("Scenarios play while a payment is awaited.");
        using var form = new FormUrlEncodedContent([new("scenario", "exact")]);
        using var refused = await http.PostAsync(order + "/simulate", form);
        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await refused.Content.ReadAsStringAsync()).ShouldContain("Scenarios play on a session that waits for money");
    }

    private static async Task UntilAsync(HttpClient http, string path, string text)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (!(await http.GetStringAsync(path, limit.Token)).Contains(text, StringComparison.Ordinal))
            await Task.Delay(200, limit.Token);
    }

    private static async Task<string> PostAsync(
        HttpClient http,
        string path,
        params (string Name, string Value)[] fields
    )
    {
        using var form = new FormUrlEncodedContent(fields.ToDictionary(f => f.Name, f => f.Value));
        using var answer = await http.PostAsync(path, form);
        answer.StatusCode.ShouldBe(HttpStatusCode.SeeOther, await answer.Content.ReadAsStringAsync());
        return answer.Headers.Location!.ToString();
    }

    [GeneratedRegex("href=\"[^\"]*(/demo/orders/[^\"]+)\"")]
    private static partial Regex OrderLink();

    [GeneratedRegex("test clock of this shop shows <time datetime=\"([^\"]+)\"")]
    private static partial Regex Clock();

    [GeneratedRegex("<bdi>(A-[0-9A-V]+)</bdi>")]
    private static partial Regex OrderNumber();
}
