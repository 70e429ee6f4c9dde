using System.Net;
using System.Net.Http.Headers;
using StablePay.Server.Api;

namespace StablePay.Server.Tests.Api;

public sealed class RateLimitTests : IAsyncLifetime
{
    private const string Path = "/api/v1/networks";

    private readonly TestServer _server = new TestServer().With(
        "--RateLimits:Test",
        "25",
        "--RateLimits:Live",
        "100",
        "--RateLimits:Anonymous",
        "10"
    );

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData(false, 25)]
    [InlineData(true, 100)]
    public async Task A_key_has_its_requests_per_second_and_not_one_more(bool live, int limit)
    {
        var client = await _server.NewClientAsync(live);
        var now = _server.Clock.GetUtcNow().ToUnixTimeSeconds();
        for (var left = limit - 1; left >= 0; left--)
        {
            var reply = (await client.GetAsync(Path)).ShouldBeOk();
            reply.Headers["X-RateLimit-Limit"].ShouldBe(limit.ToString(CultureInfo.InvariantCulture));
            reply.Headers["X-RateLimit-Remaining"].ShouldBe(left.ToString(CultureInfo.InvariantCulture));
            reply.Headers["X-RateLimit-Reset"].ShouldBe((now + 1).ToString(CultureInfo.InvariantCulture));
        }
        var nonce = new Forged(Nonce: SignedClient.NewNonce());
        var refused = (await client.SendAsync(HttpMethod.Get, Path, null, nonce)).ShouldBeRefused(
            ErrorCode.RateLimitExceeded
        );
        refused.Headers["Retry-After"].ShouldBe("1");
        refused.Headers["X-RateLimit-Remaining"].ShouldBe("0");
        // Another key is not concerned.
        (await (await _server.NewClientAsync(live)).GetAsync(Path)).ShouldBeOk();
        _server.Clock.Advance(TimeSpan.FromSeconds(1));
        // What was refused for its number has not used its nonce.
        (await client.SendAsync(HttpMethod.Get, Path, null, nonce)).ShouldBeOk();
    }

    [Fact]
    public async Task API_19_requests_that_no_key_answers_for_count_on_their_address_and_spend_nobodys_second()
    {
        var client = await _server.NewClientAsync();
        for (var i = 0; i < 10; i++)
            (
                await client.SendAsync(HttpMethod.Get, Path, null, new Forged(Signature: new string('0', 64)))
            ).ShouldBeRefused(ErrorCode.SignatureInvalid);
        (
            await client.SendAsync(HttpMethod.Get, Path, null, new Forged(Signature: new string('0', 64)))
        ).ShouldBeRefused(ErrorCode.RateLimitExceeded);
        (
            await client.SendAsync(
                HttpMethod.Get,
                "/API/v1/NETWORKS/",
                null,
                new Forged(Authorization: "Bearer sk_test_x")
            )
        ).ShouldBeRefused(ErrorCode.RateLimitExceeded);
        (await client.GetAsync(Path)).ShouldBeOk().Headers["X-RateLimit-Remaining"].ShouldBe("24");
    }

    [Fact]
    public async Task API_19_case_slashes_and_forwarding_headers_do_not_make_another_caller()
    {
        var client = await _server.NewClientAsync();
        string[] ways = [Path, Path + "/", "/API/V1/networks", "/api/v1/Networks/"];
        for (var i = 0; i < 25; i++)
            (
                await client.SendAsync(
                    HttpMethod.Get,
                    ways[i % ways.Length],
                    null,
                    null,
                    ("X-Forwarded-For", $"203.0.113.{i}")
                )
            ).ShouldBeOk();
        (
            await client.SendAsync(HttpMethod.Get, ways[1], null, null, ("X-Forwarded-For", "198.51.100.1"))
        ).ShouldBeRefused(ErrorCode.RateLimitExceeded);
    }

    [Fact]
    public void API_19_an_ipv6_caller_is_its_64_bit_network()
    {
        var limits = new RateLimits(1, 1, 2, _server.Clock);
        limits.Take(IPAddress.Parse("2001:db8:1:2::1")).IsAllowed.ShouldBeTrue();
        limits.Take(IPAddress.Parse("2001:db8:1:2:ffff::9")).IsAllowed.ShouldBeTrue();
        limits.Take(IPAddress.Parse("2001:db8:1:2:3::7")).IsAllowed.ShouldBeFalse();
        limits.Take(IPAddress.Parse("2001:db8:1:3::1")).IsAllowed.ShouldBeTrue();
        limits.Take(IPAddress.Parse("::ffff:192.0.2.1")).Remaining.ShouldBe(1);
        limits.Take(IPAddress.Parse("192.0.2.1")).Remaining.ShouldBe(0);
    }

    [Fact]
    public async Task Of_many_at_once_exactly_the_limit_is_let_through()
    {
        var client = await _server.NewClientAsync();
        var replies = await Task.WhenAll(Enumerable.Range(0, 80).Select(_ => client.GetAsync(Path)));
        replies.Count(r => r.Status == HttpStatusCode.OK).ShouldBe(25);
        replies.Count(r => r.Status == HttpStatusCode.TooManyRequests).ShouldBe(55);
    }

    [Fact]
    public async Task The_forwarded_address_is_believed_of_configured_proxies_only()
    {
        await using var behind = new TestServer().With(
            "--Server:TrustedProxies",
            "127.0.0.0/8",
            "--RateLimits:Anonymous",
            "1"
        );
        await behind.InitializeAsync();
        foreach (var address in new[] { "203.0.113.1", "203.0.113.2" })
        {
            (await UnsignedAsync(behind, address)).ShouldBe(HttpStatusCode.Unauthorized);
            (await UnsignedAsync(behind, address)).ShouldBe(HttpStatusCode.TooManyRequests);
        }
    }

    private static async Task<HttpStatusCode> UnsignedAsync(TestServer server, string forwardedFor)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Path);
        request.Headers.Add("X-Forwarded-For", forwardedFor);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "sk_test_nobody");
        using var answer = await server.Http.SendAsync(request);
        return answer.StatusCode;
    }
}
