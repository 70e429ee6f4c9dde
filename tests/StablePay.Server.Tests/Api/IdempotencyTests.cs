using System.Net;
using StablePay.Engine.Access;
using StablePay.Storage;

namespace StablePay.Server.Tests.Api;

public sealed class IdempotencyTests(TestServer server) : IClassFixture<TestServer>
{
    private const string Create = "/api/v1/checkout/sessions/create";

    private static (string, string)[] Key(string key) => [("Idempotency-Key", key)];

    /// <summary>A good call of every POST of the route table. A new POST without one here fails the test below.</summary>
    private static readonly Dictionary<string, (string Path, string Body)> Posts = new()
    {
        ["/api/v1/checkout/sessions/create"] = (Create, """{"amount":100,"currency":"USD","order_id":"ORDER"}"""),
        ["/api/v1/checkout/sessions/{id}/cancel"] = ("/api/v1/checkout/sessions/SESSION/cancel", "{}"),
        ["/api/v1/quotes"] = ("/api/v1/quotes", """{"amount":100,"currency":"USD"}"""),
        ["/api/v1/webhook_endpoints"] = ("/api/v1/webhook_endpoints", """{"url":"https://shop.example/hooks"}"""),
        ["/api/v1/webhook_endpoints/{id}"] = ("/api/v1/webhook_endpoints/ENDPOINT", """{"description":"new"}"""),
        ["/api/v1/networks/{id}/acceptance"] = (
            "/api/v1/networks/sandbox:ethereum/acceptance",
            """{"tiers":[{"up_to":100,"confirmations":1}]}"""
        ),
        ["/api/v1/test/sessions/{id}/pay"] = ("/api/v1/test/sessions/SESSION/pay", "{}"),
        ["/api/v1/test/sessions/{id}/simulate"] = (
            "/api/v1/test/sessions/SESSION/simulate",
            """{"scenario":"exact"}"""
        ),
        ["/api/v1/test/clock/advance"] = ("/api/v1/test/clock/advance", """{"seconds":60}"""),
    };

    [Fact]
    public async Task Every_post_is_replayed_byte_for_byte()
    {
        await server.WatchAsync();
        var routes = server.Routes.All.Where(r => r.Method == "POST").Select(r => r.Path).ToList();
        routes.ShouldBe(Posts.Keys, ignoreOrder: true);
        foreach (var route in routes)
        {
            var client = await server.NewClientAsync();
            var session = (await client.PostAsync(Create, """{"amount":5,"currency":"USD","order_id":"for-others"}"""))
                .ShouldBeOk()
                .Id;
            var endpoint = (await client.PostAsync("/api/v1/webhook_endpoints", """{"url":"https://shop.example/h"}"""))
                .ShouldBeOk()
                .Id;
            var path = Posts[route]
                .Path.Replace("SESSION", session, StringComparison.Ordinal)
                .Replace("ENDPOINT", endpoint, StringComparison.Ordinal);
            var first = (await client.PostAsync(path, Posts[route].Body, Key("key-1"))).ShouldBeOk();
            first.Headers.ShouldNotContainKey("Idempotency-Replayed");
            server.Clock.Advance(TimeSpan.FromSeconds(5));
            var second = await client.PostAsync(path, Posts[route].Body, Key("key-1"));
            second.Status.ShouldBe(first.Status, route);
            second.Headers["Idempotency-Replayed"].ShouldBe("true", route);
            second.Bytes.ShouldBe(first.Bytes, route);
            (await client.PostAsync(path, Posts[route].Body + " ", Key("key-1"))).ShouldBeRefused(
                ErrorCode.IdempotencyMismatch
            );
            var other = path == Create ? "/api/v1/quotes" : Create;
            (await client.PostAsync(other, Posts[route].Body, Key("key-1"))).ShouldBeRefused(
                ErrorCode.IdempotencyMismatch
            );
        }
    }

    [Fact]
    public async Task A_refusal_is_kept_with_its_status_and_its_request_id()
    {
        var client = await server.NewClientAsync();
        var first = await client.PostAsync(Create, """{"amount":0}""", Key("k"));
        first.Status.ShouldBe(HttpStatusCode.BadRequest);
        var second = await client.PostAsync(Create, """{"amount":0}""", ("X-Idempotency-Key", "k"));
        second.Status.ShouldBe(first.Status);
        second.Bytes.ShouldBe(first.Bytes);
        second.Headers["X-Request-Id"].ShouldNotBe(first.Headers["X-Request-Id"]);
    }

    [Fact]
    public async Task API_13_of_a_hundred_parallel_requests_with_one_key_one_has_an_effect()
    {
        var client = await server.NewClientAsync();
        var body = """{"amount":100,"currency":"USD","order_id":"race"}""";
        var replies = await Task.WhenAll(
            Enumerable.Range(0, 100).Select(_ => client.PostAsync(Create, body, Key("race")))
        );
        var done = replies.Where(r => r.Status == HttpStatusCode.OK).ToList();
        done.ShouldNotBeEmpty();
        done.Select(r => r.Text).Distinct().Count().ShouldBe(1);
        done.Count(r => !r.Headers.ContainsKey("Idempotency-Replayed")).ShouldBe(1);
        replies.Except(done).ShouldAllBe(r => r.Code == "request_in_progress");
        (await client.GetAsync("/api/v1/checkout/sessions")).Json.GetProperty("data").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task API_14_another_body_with_the_key_has_no_effect()
    {
        var client = await server.NewClientAsync();
        (await client.PostAsync(Create, """{"amount":100,"currency":"USD","order_id":"a"}""", Key("k"))).ShouldBeOk();
        (
            await client.PostAsync(Create, """{"amount":100,"currency":"USD","order_id":"b"}""", Key("k"))
        ).ShouldBeRefused(ErrorCode.IdempotencyMismatch);
        (await client.GetAsync("/api/v1/checkout/sessions?order_id=b"))
            .Json.GetProperty("data")
            .GetArrayLength()
            .ShouldBe(0);
    }

    [Fact]
    public async Task API_15_after_the_key_has_been_forgotten_the_order_id_still_guards()
    {
        var client = await server.NewClientAsync();
        var body = """{"amount":100,"currency":"USD","order_id":"guarded"}""";
        var first = (await client.PostAsync(Create, body, Key("k"))).ShouldBeOk();
        server.Clock.Advance(TimeSpan.FromHours(25));
        await server.Database.Idempotency.PruneAsync(Instant.From(server.Clock.GetUtcNow()), default);
        var second = (await client.PostAsync(Create, body, Key("k"))).ShouldBeOk();
        second.Headers.ShouldNotContainKey("Idempotency-Replayed");
        second.Id.ShouldBe(first.Id);
    }

    [Fact]
    public async Task A_replay_needs_a_nonce_of_its_own()
    {
        var client = await server.NewClientAsync();
        var body = Encoding.UTF8.GetBytes("""{"amount":100,"currency":"USD","order_id":"n"}""");
        var once = new Forged(Nonce: SignedClient.NewNonce());
        (await client.SendAsync(HttpMethod.Post, Create, body, once, Key("k"))).ShouldBeOk();
        (await client.SendAsync(HttpMethod.Post, Create, body, once, Key("k"))).ShouldBeRefused(ErrorCode.NonceReused);
        var again = new Forged(Nonce: SignedClient.NewNonce());
        (await client.SendAsync(HttpMethod.Post, Create, body, again, Key("k"))).ShouldBeOk();
        (await client.SendAsync(HttpMethod.Post, Create, body, again, Key("k"))).ShouldBeRefused(ErrorCode.NonceReused);
    }

    [Fact]
    public async Task A_run_that_died_is_taken_over_when_its_lease_ends()
    {
        var client = await server.NewClientAsync();
        var body = """{"amount":100,"currency":"USD","order_id":"died"}""";
        var known = (await server.Engine.Keys.FindAsync(client.Keys.ApiKey)).ShouldNotBeNull();
        // What a process leaves behind that dies between the claim and the effect.
        var now = Instant.From(server.Clock.GetUtcNow());
        var hash = RequestClaims.HashOf("POST", Create, Encoding.UTF8.GetBytes(body));
        var claim = new IdempotencyClaim(
            $"{known.Store.Id}:test",
            "died",
            hash,
            "somebody",
            now + RequestClaims.RunningLease,
            now + RequestClaims.IdempotencyMemory
        );
        (await server.Database.Commits.RunAsync(new Commit().Claim(claim), default)).IsDone.ShouldBeTrue();
        (await client.PostAsync(Create, body, Key("died"))).ShouldBeRefused(ErrorCode.RequestInProgress);
        server.Clock.Advance(RequestClaims.RunningLease);
        var done = (await client.PostAsync(Create, body, Key("died"))).ShouldBeOk();
        (await client.PostAsync(Create, body, Key("died"))).Bytes.ShouldBe(done.Bytes);
    }

    [Fact]
    public async Task A_failure_of_ours_is_not_kept_so_that_the_key_can_be_tried_again()
    {
        // No rate source is asked in tests, so live sessions have no rate but par.
        var client = await server.NewClientAsync(live: true);
        var body = """{"amount":100,"currency":"EUR","order_id":"later"}""";
        for (var i = 0; i < 2; i++)
        {
            var reply = (await client.PostAsync(Create, body, Key("k"))).ShouldBeRefused(ErrorCode.RateUnavailable);
            reply.Headers.ShouldNotContainKey("Idempotency-Replayed");
        }
        var once = new Forged(Nonce: SignedClient.NewNonce());
        var bytes = Encoding.UTF8.GetBytes(body);
        (await client.SendAsync(HttpMethod.Post, Create, bytes, once)).ShouldBeRefused(ErrorCode.RateUnavailable);
        (await client.SendAsync(HttpMethod.Post, Create, bytes, once)).ShouldBeRefused(ErrorCode.NonceReused);
    }

    [Theory]
    [InlineData(129, 'k')]
    [InlineData(3, '\t')]
    public async Task A_key_of_another_form_is_refused(int length, char letter)
    {
        var client = await server.NewClientAsync();
        var headers = new[] { ("Idempotency-Key", "a" + new string(letter, length - 2) + "b") };
        (await client.PostAsync(Create, "{}", headers)).ShouldBeRefused(ErrorCode.ParameterInvalid, "Idempotency-Key");
        (await client.PostAsync(Create, "{}", ("Idempotency-Key", "a"), ("X-Idempotency-Key", "b"))).ShouldBeRefused(
            ErrorCode.ParametersExclusive,
            "Idempotency-Key"
        );
        (await client.PostAsync(Create, "{}", ("Idempotency-Key", new string('k', 128)))).ShouldBeRefused(
            ErrorCode.ParameterMissing
        );
    }
}
