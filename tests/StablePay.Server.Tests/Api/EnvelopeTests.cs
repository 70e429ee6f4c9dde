using System.Net;
using System.Net.Sockets;

namespace StablePay.Server.Tests.Api;

public sealed class EnvelopeTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task The_envelope_has_exactly_these_members()
    {
        var client = await server.NewClientAsync();
        var reply = await client.PostAsync("/api/v1/quotes", """{"amount":0,"currency":"USD"}""");
        var id = reply.Headers["X-Request-Id"];
        reply.Text.ShouldBe(
            $$$"""
            {"error":{"type":"invalid_request_error","code":"amount_too_small","message":"amount must be at least 1.",
            "param":"amount","doc_url":"https://pay.example/docs/errors#amount_too_small","request_id":"{{{id}}}"}}
            """.ReplaceLineEndings("")
        );
        reply.Headers["Content-Type"].ShouldBe("application/json; charset=utf-8");
        // Where there is no member, there is no param.
        var other = await client.GetAsync("/api/v1/checkout/sessions/sess_1");
        other.Json.GetProperty("error").TryGetProperty("param", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Unknown_paths_and_methods_are_told_in_the_envelope_with_all_headers()
    {
        foreach (
            var (method, path, code) in new[]
            {
                ("GET", "/api/v1/nothing", ErrorCode.ResourceNotFound),
                ("POST", "/api", ErrorCode.ResourceNotFound),
                ("GET", "/api/v2/quotes", ErrorCode.ResourceNotFound),
                ("GET", "/api/v1/quotes", ErrorCode.MethodNotAllowed),
                ("PUT", "/api/v1/networks", ErrorCode.MethodNotAllowed),
                ("PATCH", "/api/v1/events/evt_1", ErrorCode.MethodNotAllowed),
            }
        )
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            var reply = await (await server.NewClientAsync()).SendAsync(request);
            reply.ShouldBeRefused(code);
            ShouldHaveHeaders(reply);
        }
    }

    [Fact]
    public async Task Every_answer_carries_the_security_headers_and_the_limits()
    {
        var client = await server.NewClientAsync();
        ShouldHaveHeaders((await client.GetAsync("/api/v1/networks")).ShouldBeOk());
        ShouldHaveHeaders(await client.PostAsync("/api/v1/quotes", "{"));
        ShouldHaveHeaders(await client.SendAsync(HttpMethod.Get, "/api/v1/networks", null, new Forged(Signature: "x")));
    }

    [Fact]
    public async Task The_request_id_is_ours_whatever_the_caller_sends()
    {
        var client = await server.NewClientAsync();
        var reply = await client.PostAsync("/api/v1/quotes", "{}", ("X-Request-Id", "req_mine"));
        reply.Headers["X-Request-Id"].ShouldStartWith("req_");
        reply.Headers["X-Request-Id"].ShouldNotBe("req_mine");
    }

    [Fact]
    public async Task API_09_a_body_above_256_kib_is_refused_with_and_without_a_length()
    {
        var client = await server.NewClientAsync();
        var fits = Encoding.UTF8.GetBytes("{\"x\":" + new string(' ', (256 * 1024) - 7) + "1}");
        fits.Length.ShouldBe(256 * 1024);
        (await client.SendAsync(HttpMethod.Post, "/api/v1/quotes", fits)).ShouldBeRefused(
            ErrorCode.ParameterUnknown,
            "x"
        );
        (await client.SendAsync(HttpMethod.Post, "/api/v1/quotes", [.. fits, (byte)' '])).ShouldBeRefused(
            ErrorCode.BodyTooLarge
        );
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/quotes");
        request.Headers.TransferEncodingChunked = true;
        request.Content = new StreamContent(new MemoryStream([.. fits, .. fits]));
        (await client.SendAsync(request)).ShouldBeRefused(ErrorCode.BodyTooLarge);
    }

    [Fact]
    public async Task A_chunked_body_is_read_whole()
    {
        var client = await server.NewClientAsync();
        var body = Encoding.UTF8.GetBytes("{\"amount\":100," + new string(' ', 40_000) + "\"currency\":\"USD\"}");
        var stamp = server.Clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var nonce = SignedClient.NewNonce();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/quotes");
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {client.Keys.ApiKey}");
        request.Headers.Add("X-StablePay-Timestamp", stamp);
        request.Headers.Add("X-StablePay-Nonce", nonce);
        request.Headers.Add("X-StablePay-Signature", SignedClient.Sign(client.Keys.SecretKey, stamp, nonce, body));
        request.Headers.TransferEncodingChunked = true;
        request.Content = new StreamContent(new MemoryStream(body));
        request.Content.Headers.ContentType = new("application/json");
        (await client.SendAsync(request)).ShouldBeOk();
    }

    [Theory]
    [InlineData("application/json", true)]
    [InlineData("application/json; charset=utf-8", true)]
    [InlineData("Application/JSON;charset=\"UTF-8\"", true)]
    [InlineData("application/json; charset=utf-16", false)]
    [InlineData("text/plain", false)]
    [InlineData("application/x-www-form-urlencoded", false)]
    [InlineData("application/jsonp", false)]
    [InlineData("", false)]
    public async Task A_body_must_say_that_it_is_json(string type, bool fits)
    {
        var client = await server.NewClientAsync();
        var reply = await client.PostAsync(
            "/api/v1/quotes",
            """{"amount":1,"currency":"USD"}""",
            ("Content-Type", type)
        );
        if (fits)
            reply.ShouldBeOk();
        else
            reply.ShouldBeRefused(ErrorCode.ContentTypeInvalid);
    }

    [Fact]
    public async Task A_compressed_body_is_refused()
    {
        var client = await server.NewClientAsync();
        (
            await client.PostAsync(
                "/api/v1/quotes",
                "{}",
                ("Content-Type", "application/json"),
                ("Content-Encoding", "gzip")
            )
        ).ShouldBeRefused(ErrorCode.ContentTypeInvalid);
    }

    [Theory]
    [InlineData("GET /api/v1/networks HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n")]
    [InlineData("GET /api/v1/networks HTTP/1.1\r\nHost: a\r\nX-A: b\r\n folded\r\n\r\n")]
    [InlineData(
        "POST /api/v1/quotes HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n"
    )]
    [InlineData("POST /api/v1/quotes HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n")]
    [InlineData("POST /api/v1/quotes HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx")]
    [InlineData("GET /api/v1/networks HTTP/1.1\r\nHost: a\r\nX A: b\r\n\r\n")]
    public async Task API_11_requests_that_can_be_read_in_two_ways_are_refused_or_closed(string request)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, server.Http.BaseAddress!.Port);
        var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request));
        using var reader = new StreamReader(stream, Encoding.ASCII);
        try
        {
            var answer = await reader.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(30));
            answer.ShouldStartWith("HTTP/1.1 400");
        }
        catch (IOException reset)
        {
            // Closing with bytes unread resets the connection, which can overtake the answer.
            reset
                .InnerException.ShouldBeOfType<SocketException>()
                .SocketErrorCode.ShouldBe(SocketError.ConnectionReset);
        }
    }

    [Fact]
    public async Task API_12_links_come_from_the_settings_whatever_the_host_header_says()
    {
        var client = await server.NewClientAsync();
        var reply = await client.PostAsync(
            "/api/v1/checkout/sessions/create",
            """{"amount":5,"currency":"USD","order_id":"host"}""",
            ("Host", "evil.example"),
            ("X-Forwarded-Host", "evil.example"),
            ("X-Forwarded-Proto", "http")
        );
        reply.ShouldBeOk().Json.GetProperty("url").GetString()!.ShouldStartWith("https://pay.example/checkout/");
        reply.Text.ShouldNotContain("evil");
    }

    private static void ShouldHaveHeaders(Reply reply)
    {
        foreach (
            var (name, value) in new Dictionary<string, string>
            {
                ["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains",
                ["X-Content-Type-Options"] = "nosniff",
                ["Referrer-Policy"] = "no-referrer",
                ["Cross-Origin-Opener-Policy"] = "same-origin",
                ["Cross-Origin-Resource-Policy"] = "same-origin",
                ["Permissions-Policy"] = "geolocation=(), camera=(), microphone=(), payment=(), usb=()",
                ["Cache-Control"] = "no-store",
                ["X-Frame-Options"] = "DENY",
                ["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'",
                ["Content-Type"] = "application/json; charset=utf-8",
            }
        )
            reply.Headers[name].ShouldBe(value);
        foreach (
            var name in new[] { "X-Request-Id", "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset" }
        )
            reply.Headers.ShouldContainKey(name);
        reply.Headers.ShouldNotContainKey("Server");
        reply.Headers.ShouldNotContainKey("X-Powered-By");
        reply.Headers.ShouldNotContainKey("Access-Control-Allow-Origin");
    }
}
