using System.Text.Json;

namespace StablePay.Browser.Tests.Checkout;

/// <summary>Text of merchants and payers that attacks the page.</summary>
public sealed class HostileTextTests
{
    private static readonly string[] Payloads =
    [
        "<script>window.hit=true</script>",
        "\"><script>window.hit=true</script>",
        "'><img src=x onerror=window.hit=true>",
        "<svg onload=window.hit=true>",
        "<iframe src=javascript:window.hit=true>",
        "javascript:window.hit=true",
        "\" onmouseover=\"window.hit=true\" x=\"",
        "</title><script>window.hit=true</script>",
        "</style><script>window.hit=true</script>",
        "<base href=https://evil.example/>",
        "<form action=https://evil.example><input name=a>",
        "{{constructor.constructor('window.hit=true')()}}",
        "<a href=\"javascript:window.hit=true\">x</a>",
        "<math><mi xlink:href=\"data:x,<script>window.hit=true</script>\">",
        "&lt;script&gt;window.hit=true&lt;/script&gt;",
        "\u202eTDSU dnes\u202c Binance Support",
        "{amount}{shop}{order}",
        "<!--",
        "]]>",
        "\0<script>",
        "ＢＩＮＡＮＣＥ\u200b\u2066evil\u2069",
        "<style>*{display:none}</style>",
        "<meta http-equiv=refresh content=0;url=https://evil.example>",
        "<link rel=stylesheet href=https://evil.example/x.css>",
        new string('W', 10_000),
        new string('\u0301', 5000) + "x",
    ];

    [Fact]
    public async Task UI_02_CO_08_hostile_text_in_any_field_stays_text()
    {
        await using var host = await PageHost.StartAsync();
        var urls = new List<string>();
        foreach (var (payload, i) in Payloads.Select((p, i) => (p, i)))
        foreach (var state in new[] { "pay", "paid", "late", "choose" })
            urls.Add(host.Show(Poisoned(host.Fresh(Samples.All[state], $"hostile{i}{state}"), payload)));
        var answers = await Chromium.RunAsync("journeys.mjs", new { journey = "hostile", urls });
        foreach (var (answer, i) in answers.EnumerateArray().Select((a, i) => (a, i)))
        {
            var name = $"{urls[i]} {answer}";
            answer.GetProperty("hit").GetBoolean().ShouldBeFalse(name);
            answer.GetProperty("scripts").GetInt32().ShouldBe(2, name);
            answer.GetProperty("handlers").GetInt32().ShouldBe(0, name);
            answer.GetProperty("foreignElements").GetInt32().ShouldBe(0, name);
            answer.GetProperty("links").GetArrayLength().ShouldBe(0, name);
            answer.GetProperty("foreign").GetArrayLength().ShouldBe(0, name);
            answer.GetProperty("reports").GetArrayLength().ShouldBe(0, name);
            answer.GetProperty("overflow").GetInt32().ShouldBe(0, name);
        }
    }

    [Fact]
    public async Task CO_08_long_and_turning_text_is_cut_and_isolated()
    {
        await using var host = await PageHost.StartAsync();
        using var http = new HttpClient();
        var html = await http.GetStringAsync(
            host.Show(Poisoned(Samples.Pay, "\u202egnp.exe" + new string('W', 10_000)))
        );
        html.ShouldNotContain("\u202e");
        html.ShouldNotContain("&#x202E;");
        html.ShouldNotContain(new string('W', 241));
        html.ShouldContain("<bdi>gnp.exeWWW");
        System.Text.Encoding.UTF8.GetByteCount(html).ShouldBeLessThan(60 * 1024);
    }

    private static CheckoutPage Poisoned(CheckoutPage page, string text) =>
        page with
        {
            StoreName = text,
            Order = page.Order with
            {
                OrderId = text,
                Description = text,
                LineItems = [.. Enumerable.Range(0, 25).Select(_ => new LineItem(text, text, 1, 1))],
                SuccessUrl = text,
                CancelUrl = text,
            },
            Quote = page.Quote with { Source = text },
            Transfers = [.. page.Transfers.Select(t => t with { TransactionHash = text, From = text })],
        };
}
