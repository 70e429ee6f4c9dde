using System.Text.RegularExpressions;
using StablePay.Engine.Access;

namespace StablePay.Server.Tests.Api;

public sealed class LeakTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task API_18_no_key_secret_or_signature_gets_into_a_log_or_an_answer()
    {
        var client = await server.NewClientAsync();
        List<Reply> replies =
        [
            await client.GetAsync("/api/v1/networks"),
            await client.PostAsync(
                "/api/v1/checkout/sessions/create",
                """{"amount":5,"currency":"USD","order_id":"leak"}"""
            ),
            await client.PostAsync("/api/v1/checkout/sessions/create", "{"),
            await client.SendAsync(
                HttpMethod.Get,
                "/api/v1/networks",
                null,
                new Forged(Signature: new string('a', 64))
            ),
            await client.SendAsync(
                HttpMethod.Get,
                "/api/v1/networks",
                null,
                new Forged(Authorization: $"Bearer {client.Keys.ApiKey}x")
            ),
            await client.GetAsync("/api/v1/nothing"),
            await client.PostAsync("/api/v1/quotes", "{}", ("Idempotency-Key", "one"), ("X-Idempotency-Key", "two")),
        ];
        var endpoint = (
            await client.PostAsync("/api/v1/webhook_endpoints", """{"url":"https://shop.example/h"}""")
        ).ShouldBeOk();
        var signing = endpoint.Json.GetProperty("secret").GetString()!;
        replies.Add(await client.GetAsync($"/api/v1/webhook_endpoints/{endpoint.Id}"));
        replies.Add(await client.GetAsync("/api/v1/webhook_endpoints"));
        server.Log.Lines.ShouldNotBeEmpty();
        foreach (var secret in new[] { client.Keys.ApiKey, client.Keys.SecretKey, CoreOf(signing) })
        {
            server.Log.Lines.ShouldAllBe(line => !line.Contains(secret, StringComparison.Ordinal));
            foreach (var reply in replies)
            {
                reply.Text.ShouldNotContain(secret);
                reply.Headers.Values.ShouldAllBe(value => !value.Contains(secret, StringComparison.Ordinal));
            }
        }
        var known = (await server.Engine.Keys.FindAsync(client.Keys.ApiKey)).ShouldNotBeNull();
        new Caller(known.Key, known.Store, known.Merchant, RequestScope.Empty())
            .ToString()
            .ShouldNotContain(client.Keys.ApiKey);
        known.ToString()!.ShouldNotContain(client.Keys.ApiKey);
    }

    [Fact]
    public async Task API_18_the_database_file_holds_no_secret_in_clear()
    {
        var client = await server.NewClientAsync();
        var signing = (
            await client.PostAsync(
                "/api/v1/webhook_endpoints",
                """{"url":"https://shop.example/h"}""",
                ("Idempotency-Key", "kept")
            )
        )
            .ShouldBeOk()
            .Json.GetProperty("secret")
            .GetString()!;
        // The replay must hold the secret all the same: the caller may never have seen the first answer.
        (
            await client.PostAsync(
                "/api/v1/webhook_endpoints",
                """{"url":"https://shop.example/h"}""",
                ("Idempotency-Key", "kept")
            )
        )
            .ShouldBeOk()
            .Json.GetProperty("secret")
            .GetString()
            .ShouldBe(signing);
        foreach (
            var file in Directory
                .GetFiles(server.Folder, "test.db*")
                .Where(f => !f.EndsWith(".lock", StringComparison.Ordinal))
        )
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var bytes = new MemoryStream();
            await stream.CopyToAsync(bytes);
            foreach (var secret in new[] { client.Keys.SecretKey, CoreOf(signing) })
                bytes.ToArray().AsSpan().IndexOf(Encoding.UTF8.GetBytes(secret)).ShouldBe(-1, file);
        }
    }

    [Fact]
    public async Task API_20_keys_are_long_and_never_repeat()
    {
        var keys = new HashSet<string>();
        for (var i = 0; i < 20; i++)
        {
            var client = await server.NewClientAsync();
            keys.Add(client.Keys.ApiKey).ShouldBeTrue();
            keys.Add(client.Keys.SecretKey).ShouldBeTrue();
            // At five bits a digit: more than 128 bits of chance in each.
            (client.Keys.SecretKey.Length - "sec_".Length).ShouldBeGreaterThanOrEqualTo(26);
        }
    }

    /// <summary>
    /// The longest part that every way of writing leaves as it is: JSON writes a plus sign as an escape, and a leak in
    /// that form must be found too.
    /// </summary>
    private static string CoreOf(string secret) =>
        Regex.Matches(secret, "[A-Za-z0-9]+").Select(run => run.Value).MaxBy(run => run.Length)!;
}
