using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using StablePay.Core.Webhooks;
using StablePay.Server.Demo;

namespace StablePay.Browser.Tests.Demo;

/// <summary>The demo shop checks its webhooks as every receiver should.</summary>
public sealed class DemoInboxTests : IAsyncLifetime
{
    private const string Secret = "whsec_demo";
    private const string Body = """{"id":"evt_1","type":"payment.completed","data":{"order_id":"A-1042"}}""";

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));
    private readonly HttpClient _http = new();
    private WebApplication _app = null!;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _app = builder.Build();
        // Nothing listens there: the shop must say so instead of failing.
        var credentials = new DemoCredentials("http://127.0.0.1:1", "sk_test_x", "secret", Secret);
        DemoShop.Map(_app, credentials, _http, _clock, new SeededDice(1));
        await _app.StartAsync();
        _http.BaseAddress = new Uri(_app.Urls.First());
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task A_signed_webhook_is_shown_as_valid_and_its_repetition_as_such()
    {
        (await SendAsync(Body, 0, Secret, "evt_1")).ShouldBe(HttpStatusCode.OK);
        (await PageAsync()).ShouldContain("A-1042 · signature valid<");
        (await SendAsync(Body, 0, Secret, "evt_1")).ShouldBe(HttpStatusCode.OK);
        (await PageAsync()).ShouldContain("signature valid, sent again");
    }

    [Fact]
    public async Task A_webhook_of_another_secret_or_another_body_is_refused()
    {
        (await SendAsync(Body, 0, "whsec_other", "evt_1")).ShouldBe(HttpStatusCode.BadRequest);
        (
            await SendAsync(Body, 0, Secret, "evt_1", sent: Body.Replace("1042", "1043", StringComparison.Ordinal))
        ).ShouldBe(HttpStatusCode.BadRequest);
        var page = await PageAsync();
        page.ShouldContain("signature wrong, refused");
        page.ShouldNotContain("signature valid<");
    }

    [Theory]
    [InlineData(-301)]
    [InlineData(301)]
    public async Task A_webhook_of_another_time_is_refused(int seconds)
    {
        (await SendAsync(Body, seconds, Secret, "evt_1")).ShouldBe(HttpStatusCode.BadRequest);
        (await PageAsync()).ShouldContain("too old, refused");
    }

    [Fact]
    public async Task The_newest_webhook_stands_first_and_only_the_last_thirty_are_kept()
    {
        for (var i = 0; i < 35; i++)
            await SendAsync(Body.Replace("A-1042", $"B-{i:00}", StringComparison.Ordinal), 0, Secret, $"evt_{i}");
        var page = await PageAsync();
        page.IndexOf("B-34", StringComparison.Ordinal).ShouldBeLessThan(page.IndexOf("B-33", StringComparison.Ordinal));
        page.ShouldNotContain("B-04 ");
        page.ShouldContain("B-05 ");
    }

    [Fact]
    public async Task UI_02_what_a_webhook_says_is_text()
    {
        await SendAsync(
            """{"type":"<script>alert(1)</script>","data":{"order_id":"\"><img src=x onerror=alert(1)>"}}""",
            0,
            "wrong",
            "evt_1"
        );
        var page = await PageAsync();
        page.ShouldNotContain("<script>alert");
        page.ShouldNotContain("<img");
        page.ShouldContain("&lt;script&gt;alert(1)");
    }

    [Fact]
    public async Task The_shop_says_when_the_api_does_not_answer()
    {
        using var form = new FormUrlEncodedContent([new("quantity", "1"), new("currency", "EUR")]);
        using var answer = await _http.PostAsync("/demo/buy", form);
        answer.StatusCode.ShouldBe(HttpStatusCode.BadGateway);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("The API at http://127.0.0.1:1 did not answer");
    }

    private async Task<string> PageAsync() => await _http.GetStringAsync("/demo?lang=en");

    private async Task<HttpStatusCode> SendAsync(
        string body,
        int seconds,
        string secret,
        string eventId,
        string? sent = null
    )
    {
        var timestamp = (_clock.GetUtcNow().ToUnixTimeSeconds() + seconds).ToString(CultureInfo.InvariantCulture);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/demo/webhooks")
        {
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes(sent ?? body)),
        };
        request.Headers.Add("X-StablePay-Timestamp", timestamp);
        request.Headers.Add("X-StablePay-Nonce", "550e8400-e29b-41d4-a716-446655440000");
        request.Headers.Add("X-StablePay-Event-ID", eventId);
        request.Headers.Add(
            "X-StablePay-Signature",
            Signature.Sign(secret, timestamp, "550e8400-e29b-41d4-a716-446655440000", Encoding.UTF8.GetBytes(body))
        );
        using var answer = await _http.SendAsync(request);
        return answer.StatusCode;
    }
}
