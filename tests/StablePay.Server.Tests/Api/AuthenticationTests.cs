using System.Net;
using StablePay.Engine.Access;

namespace StablePay.Server.Tests.Api;

public sealed class AuthenticationTests(TestServer server) : IClassFixture<TestServer>
{
    private const string Networks = "/api/v1/networks";
    private const string Quotes = "/api/v1/quotes";
    private const string Body = """{"amount":2599,"currency":"USD"}""";

    public static TheoryData<string, string> Vectors =>
        new()
        {
            {
                """{"amount":2599,"currency":"USD","order_id":"A-1001"}""",
                "fb1e1aa6813039d265df49146cca4f8b8a3bbab5a70fdad1b3459d8d854137ef"
            },
            { "", "b2b53ad08ef1d27f19bdce17048aff70bf551057dc50682403100711692c2321" },
            {
                """{"amount":100,"currency":"USD","order_id":"A-1002","description":"茶杯"}""",
                "673e37aea1b969a4cd49c146b71ea10380f558f9c288cd2e03f41d7c655edd2e"
            },
        };

    [Theory]
    [MemberData(nameof(Vectors))]
    public async Task The_contracts_vectors_are_accepted(string body, string signature)
    {
        var keys = await StoreWithSecretAsync("test-secret-0001");
        var client = new SignedClient(server.Http, server.Clock, keys);
        // The vectors have one nonce between them, so each has a key of its own here.
        var forged = new Forged("1777500000", "550e8400-e29b-41d4-a716-446655440000", signature);
        var reply =
            body.Length == 0
                ? await client.SendAsync(HttpMethod.Get, Networks, null, forged)
                : await client.SendAsync(
                    HttpMethod.Post,
                    "/api/v1/checkout/sessions/create",
                    Encoding.UTF8.GetBytes(body),
                    forged
                );
        reply.ShouldBeOk();
    }

    [Fact]
    public async Task API_01_replayed_request_is_refused()
    {
        var client = await server.NewClientAsync();
        var once = new Forged(Nonce: SignedClient.NewNonce());
        (await client.SendAsync(HttpMethod.Get, Networks, null, once)).ShouldBeOk();
        (await client.SendAsync(HttpMethod.Get, Networks, null, once)).ShouldBeRefused(ErrorCode.NonceReused);
        // Refused, creating and replaying requests use their nonce up too.
        once = new Forged(Nonce: SignedClient.NewNonce());
        var bad = Encoding.UTF8.GetBytes("""{"amount":0}""");
        (await client.SendAsync(HttpMethod.Post, Quotes, bad, once)).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await client.SendAsync(HttpMethod.Post, Quotes, bad, once)).ShouldBeRefused(ErrorCode.NonceReused);
        once = new Forged(Nonce: SignedClient.NewNonce());
        var create = Encoding.UTF8.GetBytes("""{"amount":5,"currency":"USD","order_id":"replay-1"}""");
        (await client.SendAsync(HttpMethod.Post, "/api/v1/checkout/sessions/create", create, once)).ShouldBeOk();
        (await client.SendAsync(HttpMethod.Post, "/api/v1/checkout/sessions/create", create, once)).ShouldBeRefused(
            ErrorCode.NonceReused
        );
    }

    [Fact]
    public async Task API_01_of_a_hundred_equal_requests_one_is_accepted()
    {
        var client = await server.NewClientAsync();
        var once = new Forged(Nonce: SignedClient.NewNonce());
        var replies = await Task.WhenAll(
            Enumerable.Range(0, 100).Select(_ => client.SendAsync(HttpMethod.Get, Networks, null, once))
        );
        replies.Count(r => r.Status == HttpStatusCode.OK).ShouldBe(1);
        replies.Count(r => r.Code == "nonce_reused").ShouldBe(99);
    }

    [Fact]
    public async Task API_01_one_nonce_of_two_keys_is_two_nonces()
    {
        var once = new Forged(Nonce: SignedClient.NewNonce());
        (await (await server.NewClientAsync()).SendAsync(HttpMethod.Get, Networks, null, once)).ShouldBeOk();
        (await (await server.NewClientAsync()).SendAsync(HttpMethod.Get, Networks, null, once)).ShouldBeOk();
    }

    [Theory]
    [InlineData(-300, null)]
    [InlineData(300, null)]
    [InlineData(-301, "timestamp_expired")]
    [InlineData(301, "timestamp_expired")]
    [InlineData(-86_400, "timestamp_expired")]
    public async Task API_02_clock_skew_is_accepted_up_to_300_seconds(int skew, string? code)
    {
        var client = await server.NewClientAsync();
        var now = server.Clock.GetUtcNow().ToUnixTimeSeconds();
        var stamp = (now + skew).ToString(CultureInfo.InvariantCulture);
        var reply = await client.SendAsync(HttpMethod.Get, Networks, null, new Forged(Timestamp: stamp));
        reply.Code.ShouldBe(code);
        if (code is not null)
            reply.Text.ShouldContain(now.ToString(CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("1777500000.0")]
    [InlineData("+1777500000")]
    [InlineData("-1777500000")]
    [InlineData("0x69F27EA0")]
    [InlineData("1777500000000")]
    [InlineData("99999999999999999999")]
    [InlineData("yesterday")]
    public async Task A_timestamp_that_is_not_in_unix_seconds_is_invalid(string timestamp)
    {
        var client = await server.NewClientAsync();
        var reply = await client.SendAsync(HttpMethod.Get, Networks, null, new Forged(Timestamp: timestamp));
        reply.ShouldBeRefused(ErrorCode.TimestampInvalid);
    }

    [Theory]
    [InlineData("fifteen-letters")]
    [InlineData("with a space in it")]
    public async Task A_nonce_of_another_form_is_invalid(string nonce)
    {
        var client = await server.NewClientAsync();
        (await client.SendAsync(HttpMethod.Get, Networks, null, new Forged(Nonce: nonce))).ShouldBeRefused(
            ErrorCode.NonceInvalid
        );
        (
            await client.SendAsync(HttpMethod.Get, Networks, null, new Forged(Nonce: new string('n', 65)))
        ).ShouldBeRefused(ErrorCode.NonceInvalid);
        (
            await client.SendAsync(
                HttpMethod.Get,
                Networks,
                null,
                new Forged(Nonce: $"{nonce[..3]}{SignedClient.NewNonce()}".PadRight(64, 'n'))
            )
        ).Status.ShouldNotBe(HttpStatusCode.InternalServerError);
    }

    [Fact]
    public async Task API_03_a_flip_of_any_byte_of_timestamp_nonce_signature_or_body_is_refused()
    {
        var client = await server.NewClientAsync();
        var body = Encoding.UTF8.GetBytes(Body);
        var stamp = server.Clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        for (var bit = 0; bit < 7; bit++)
        {
            var nonce = SignedClient.NewNonce();
            var signature = SignedClient.Sign(client.Keys.SecretKey, stamp, nonce, body);
            foreach (var flipped in Flips(stamp, bit))
                await RefusedAsync(new Forged(flipped, nonce, signature), body);
            foreach (var flipped in Flips(nonce, bit))
                await RefusedAsync(new Forged(stamp, flipped, signature), body);
            foreach (var flipped in Flips(signature, bit))
                await RefusedAsync(new Forged(stamp, nonce, flipped), body);
            for (var i = 0; i < body.Length; i++)
            {
                var changed = (byte[])body.Clone();
                changed[i] ^= (byte)(1 << bit);
                await RefusedAsync(new Forged(stamp, nonce, signature), changed);
            }
            // None of them has used the nonce up.
            (await client.SendAsync(HttpMethod.Post, Quotes, body, new Forged(stamp, nonce, signature))).ShouldBeOk();
        }

        async Task RefusedAsync(Forged forged, byte[] sent)
        {
            var reply = await client.SendAsync(HttpMethod.Post, Quotes, sent, forged);
            reply.Status.ShouldBe(HttpStatusCode.Unauthorized, $"{forged}: {reply.Text}");
        }
    }

    [Fact]
    public async Task API_03_the_signature_is_over_the_bytes_not_over_the_meaning()
    {
        var client = await server.NewClientAsync();
        var signed = """{"amount":2599,"currency":"USD"}"""u8.ToArray();
        var same = """{"currency":"USD","amount":2599}"""u8.ToArray();
        var forged = new Forged(Body: same);
        (await client.SendAsync(HttpMethod.Post, Quotes, signed, forged)).ShouldBeRefused(ErrorCode.SignatureInvalid);
    }

    [Fact]
    public async Task API_04_the_signed_parts_cannot_be_shifted_into_each_other()
    {
        var client = await server.NewClientAsync();
        var stamp = server.Clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var nonce = SignedClient.NewNonce();
        // "{stamp}.{nonce}.x.y" is also the message of nonce "{nonce}.x" and body "y".
        var signature = SignedClient.Sign(client.Keys.SecretKey, stamp, nonce, Encoding.UTF8.GetBytes("x." + Body));
        var forged = new Forged(stamp, nonce, signature, Body: Encoding.UTF8.GetBytes(Body));
        (await client.SendAsync(HttpMethod.Post, Quotes, [], forged)).ShouldBeRefused(ErrorCode.SignatureInvalid);
    }

    [Fact]
    public async Task Upper_case_hex_and_cut_signatures_are_refused()
    {
        var client = await server.NewClientAsync();
        var (stamp, nonce) = (
            server.Clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
            SignedClient.NewNonce()
        );
        var signature = SignedClient.Sign(client.Keys.SecretKey, stamp, nonce, []);
        foreach (var wrong in new[] { signature.ToUpperInvariant(), signature[..63], signature + "0" })
            (await client.SendAsync(HttpMethod.Get, Networks, null, new Forged(stamp, nonce, wrong))).ShouldBeRefused(
                ErrorCode.SignatureInvalid
            );
    }

    [Fact]
    public async Task Missing_headers_have_their_codes()
    {
        var client = await server.NewClientAsync();
        (await client.SendAsync(HttpMethod.Get, Networks, null, new Forged(Authorization: ""))).ShouldBeRefused(
            ErrorCode.ApiKeyMissing
        );
        (
            await client.SendAsync(HttpMethod.Get, Networks, null, new Forged(Authorization: "Basic eDp5"))
        ).ShouldBeRefused(ErrorCode.ApiKeyMissing);
        (
            await client.SendAsync(HttpMethod.Get, Networks, null, new Forged(Authorization: "Bearer sk_test_nobody"))
        ).ShouldBeRefused(ErrorCode.ApiKeyInvalid);
        (await client.SendAsync(HttpMethod.Get, Networks, null, new Forged(Authorization: "Bearer"))).ShouldBeRefused(
            ErrorCode.ApiKeyMissing
        );
        (await client.SendAsync(HttpMethod.Get, Networks, null, new Forged(Timestamp: ""))).ShouldBeRefused(
            ErrorCode.TimestampInvalid
        );
        (await client.SendAsync(HttpMethod.Get, Networks, null, new Forged(Nonce: ""))).ShouldBeRefused(
            ErrorCode.NonceInvalid
        );
        (await client.SendAsync(HttpMethod.Get, Networks, null, new Forged(Signature: ""))).ShouldBeRefused(
            ErrorCode.SignatureMissing
        );
    }

    [Theory]
    [InlineData("X-StablePay-Signature", "signature_invalid")]
    [InlineData("X-StablePay-Timestamp", "timestamp_invalid")]
    [InlineData("X-StablePay-Nonce", "nonce_invalid")]
    [InlineData("Authorization", "api_key_invalid")]
    public async Task API_12_a_header_that_stands_twice_is_refused(string header, string code)
    {
        var client = await server.NewClientAsync();
        using var request = Signed(client, Networks);
        var value = request.Headers.GetValues(header).Single();
        request.Headers.Remove(header);
        request.Headers.TryAddWithoutValidation(header, [value, value]);
        var reply = await client.SendAsync(request);
        reply.Code.ShouldBe(code);
    }

    [Fact]
    public async Task The_store_of_a_key_must_be_open_for_its_mode()
    {
        foreach (
            var (status, live, expected) in new[]
            {
                (StoreStatus.Pending, false, null),
                (StoreStatus.Pending, true, "store_not_approved"),
                (StoreStatus.Disabled, false, "store_disabled"),
                (StoreStatus.Disabled, true, "store_disabled"),
                (StoreStatus.Approved, true, null),
            }
        )
        {
            var client = await ClientAsync(status, live);
            (await client.GetAsync(Networks)).Code.ShouldBe(expected, $"{status} {live}");
        }
    }

    [Fact]
    public async Task A_revoked_key_an_unlisted_address_and_a_missing_permission_are_refused()
    {
        var revoked = await ClientAsync(change: key => key with { RevokedAt = Instant.From(TestServer.Start) });
        (await revoked.GetAsync(Networks)).ShouldBeRefused(ErrorCode.ApiKeyInvalid);
        var elsewhere = await ClientAsync(change: key =>
            key with
            {
                AllowedAddresses = ["203.0.113.7", "2001:db8::/32"],
            }
        );
        (await elsewhere.GetAsync(Networks)).ShouldBeRefused(ErrorCode.IpNotAllowed);
        var here = await ClientAsync(change: key => key with { AllowedAddresses = ["127.0.0.0/8"] });
        (await here.GetAsync(Networks)).ShouldBeOk();
        var reader = await ClientAsync(change: key => key with { Permissions = Permissions.SessionsRead });
        (await reader.GetAsync(Networks)).ShouldBeOk();
        (await reader.PostAsync("/api/v1/checkout/sessions/create", "{}")).ShouldBeRefused(ErrorCode.PermissionMissing);
        (await reader.GetAsync("/api/v1/events")).ShouldBeRefused(ErrorCode.PermissionMissing);
    }

    [Fact]
    public async Task Two_secrets_are_valid_at_once_while_rotating()
    {
        var keys = await StoreWithSecretAsync("secret-new", "secret-old");
        (await new SignedClient(server.Http, server.Clock, keys).GetAsync(Networks)).ShouldBeOk();
        (
            await new SignedClient(server.Http, server.Clock, keys with { SecretKey = "secret-old" }).GetAsync(Networks)
        ).ShouldBeOk();
        (
            await new SignedClient(server.Http, server.Clock, keys with { SecretKey = "secret-other" }).GetAsync(
                Networks
            )
        ).ShouldBeRefused(ErrorCode.SignatureInvalid);
    }

    [Fact]
    public async Task A_key_that_is_revoked_by_another_process_ends_within_its_freshness()
    {
        var keys = await StoreWithSecretAsync("secret-1");
        var client = new SignedClient(server.Http, server.Clock, keys);
        (await client.GetAsync(Networks)).ShouldBeOk();
        var found = (await server.Database.Access.FindKeyAsync(keys.ApiKey, default)).ShouldNotBeNull();
        var revoked = found.Key with { RevokedAt = Instant.From(server.Clock.GetUtcNow()) };
        (await server.Database.Commits.RunAsync(new Storage.Commit().Update(revoked), default)).IsDone.ShouldBeTrue();
        server.Engine.Keys.Forget(keys.ApiKey);
        (await client.GetAsync(Networks)).ShouldBeRefused(ErrorCode.ApiKeyInvalid);
    }

    private HttpRequestMessage Signed(SignedClient client, string path)
    {
        var stamp = server.Clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var nonce = SignedClient.NewNonce();
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {client.Keys.ApiKey}");
        request.Headers.TryAddWithoutValidation("X-StablePay-Timestamp", stamp);
        request.Headers.TryAddWithoutValidation("X-StablePay-Nonce", nonce);
        request.Headers.TryAddWithoutValidation(
            "X-StablePay-Signature",
            SignedClient.Sign(client.Keys.SecretKey, stamp, nonce, [])
        );
        return request;
    }

    private static IEnumerable<string> Flips(string text, int bit)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var flipped = (char)(text[i] ^ (1 << bit));
            // What cannot stand in a header is refused by the server before anything is read.
            if (flipped is > ' ' and <= '~')
                yield return text[..i] + flipped + text[(i + 1)..];
        }
    }

    private async Task<SignedClient> ClientAsync(
        StoreStatus status = StoreStatus.Approved,
        bool live = false,
        Func<ApiKey, ApiKey>? change = null
    ) => new(server.Http, server.Clock, await AddAsync(status, live, change, "a-secret"));

    private Task<NewKeyPair> StoreWithSecretAsync(params string[] secrets) =>
        AddAsync(StoreStatus.Approved, false, null, secrets);

    private async Task<NewKeyPair> AddAsync(
        StoreStatus status,
        bool live,
        Func<ApiKey, ApiKey>? change,
        params string[] secrets
    )
    {
        var now = Instant.From(server.Clock.GetUtcNow());
        var merchant = new Merchant(server.Engine.Ids.Next<MerchantId>(now), "M", now);
        var store = new Store(
            server.Engine.Ids.Next<StoreId>(now),
            merchant.Id,
            "S",
            status,
            TimeSpan.FromMinutes(30),
            0,
            now
        );
        var text = server.Engine.Ids.Next(live ? ApiKey.LivePrefix : ApiKey.TestPrefix, now);
        var sealedSecrets = secrets.Select(s => ApiSecrets.Seal(server.Box, text, s));
        var key = new ApiKey(text, store.Id, live, Permissions.All, [.. sealedSecrets], [], now, null);
        var commit = new Storage.Commit().Insert(merchant).Insert(store).Insert(change?.Invoke(key) ?? key);
        (await server.Database.Commits.RunAsync(commit, default)).IsDone.ShouldBeTrue();
        return new NewKeyPair(text, secrets[0]);
    }
}
