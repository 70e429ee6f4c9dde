using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using StablePay.Engine.Webhooks;

namespace StablePay.Engine.Tests.Webhooks;

/// <summary>The real sender against real sockets.</summary>
public sealed class EgressSenderTests : IDisposable
{
    private static readonly EgressGuard Sandbox = new(EgressPolicy.Production with { AllowLoopbackForTestMode = true });

    /// <summary>The production's limits, shortened so that a receiver that hangs does not stop the suite.</summary>
    private static readonly EgressLimits Short = EgressLimits.Default with
    {
        Connect = TimeSpan.FromMilliseconds(700),
        Total = TimeSpan.FromMilliseconds(1_500),
        Drain = TimeSpan.FromMilliseconds(300),
    };

    /// <summary>Global unicast by its range, but given to nobody: a public address that no test can disturb.</summary>
    private const string Nowhere = "3ffe::1";

    private readonly EgressSender _sender = new(Sandbox, Short, TimeProvider.System);

    public void Dispose() => _sender.Dispose();

    [Fact]
    public void Limits_are_those_of_the_contract()
    {
        EgressLimits.Default.Connect.ShouldBe(TimeSpan.FromSeconds(5));
        EgressLimits.Default.Total.ShouldBe(TimeSpan.FromSeconds(30));
        EgressLimits.Default.ResponseBytes.ShouldBe(64 * 1024);
    }

    [Fact]
    public async Task Request_is_the_stored_bytes_with_the_signed_headers()
    {
        await using var receiver = new Receiver(Answers.Status(204, ""));
        var request = RequestTo(receiver.Url);

        (await SendAsync(request)).ShouldBe(new DeliveryOutcome(204, null));

        receiver.Requests.TryDequeue(out var got).ShouldBeTrue();
        got!.Path.ShouldBe("/hook");
        got.Body.ShouldBe(request.Body);
        got.Headers["Content-Type"].ShouldBe("application/json");
        got.Headers["User-Agent"].ShouldBe("StablePay-Webhook/1.0");
        got.Headers["X-StablePay-Signature"].ShouldBe(request.Headers.Signature);
        got.Headers.Keys.Order(StringComparer.Ordinal)
            .ShouldBe([
                "Content-Length",
                "Content-Type",
                "Host",
                "User-Agent",
                "X-StablePay-Event-ID",
                "X-StablePay-Event-Type",
                "X-StablePay-Nonce",
                "X-StablePay-Signature",
                "X-StablePay-Timestamp",
                "webhook-id",
                "webhook-signature",
                "webhook-timestamp",
            ]);
    }

    [Fact]
    public async Task Connection_is_used_again_when_the_receiver_is_well_behaved()
    {
        await using var receiver = new Receiver(Answers.Status(200, new string('x', 10_000)));

        for (var i = 0; i < 20; i++)
            (await SendAsync(RequestTo(receiver.Url))).IsSuccess.ShouldBeTrue();

        receiver.Connections.ShouldBe(1);
    }

    [Theory]
    [InlineData("http://127.0.0.1:{0}/")]
    [InlineData("https://127.0.0.1:{0}/")]
    [InlineData("http://localhost:{0}/")]
    [InlineData("http://[::1]:{0}/")]
    [InlineData("http://127.1:{0}/")]
    [InlineData("http://2130706433:{0}/")]
    [InlineData("http://0x7f.1:{0}/")]
    [InlineData("http://[::ffff:7f00:1]:{0}/")]
    [InlineData("http://0.0.0.0:{0}/")]
    public async Task WH_01_loopback_is_refused_at_the_socket_when_the_delivery_is_live(string url)
    {
        await using var receiver = new Receiver(Answers.Ok);
        var target = new Uri(string.Format(CultureInfo.InvariantCulture, url, receiver.Port));

        (await SendAsync(RequestTo(target, live: true))).ShouldBe(new DeliveryOutcome(null, "address_refused"));

        receiver.Connections.ShouldBe(0);
    }

    [Fact]
    public async Task WH_01_loopback_is_refused_in_test_mode_too_unless_the_operator_allows_it()
    {
        await using var receiver = new Receiver(Answers.Ok);
        using var strict = new EgressSender(new EgressGuard(EgressPolicy.Production), Short, TimeProvider.System);

        (await strict.SendAsync(RequestTo(receiver.Url), CancellationToken.None)).Error.ShouldBe("address_refused");

        receiver.Connections.ShouldBe(0);
    }

    [Fact]
    public async Task WH_01_live_delivery_never_rides_on_a_connection_that_test_mode_has_opened()
    {
        await using var receiver = new Receiver(Answers.Ok);

        (await SendAsync(RequestTo(receiver.Url, live: false))).IsSuccess.ShouldBeTrue();
        (await SendAsync(RequestTo(receiver.Url, live: true))).Error.ShouldBe("address_refused");

        receiver.Requests.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("10.0.0.1")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("64:ff9b::7f00:1")]
    [InlineData("fd00:ec2::254")]
    public async Task WH_01_name_that_leads_to_a_special_address_is_refused_at_the_socket(string address)
    {
        using var sender = new EgressSender(
            Sandbox,
            Short,
            TimeProvider.System,
            (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse(address)])
        );

        (
            await sender.SendAsync(RequestTo(new("https://hooks.example.com/"), live: true), CancellationToken.None)
        ).Error.ShouldBe("address_refused");
    }

    [Fact]
    public async Task WH_02_name_that_was_public_when_saved_is_refused_when_it_leads_to_loopback_at_the_send()
    {
        await using var receiver = new Receiver(Answers.Ok);
        var lookups = 0;
        using var sender = new EgressSender(
            new EgressGuard(EgressPolicy.Production with { Ports = new HashSet<int> { receiver.Port } }),
            Short,
            TimeProvider.System,
            (_, _) =>
                Task.FromResult<IPAddress[]>([
                    IPAddress.Parse(Interlocked.Increment(ref lookups) == 1 ? Nowhere : "127.0.0.1"),
                ])
        );
        var request = RequestTo(new Uri($"https://rebind.example.com:{receiver.Port}/"), live: true);

        var first = await sender.SendAsync(request, CancellationToken.None);
        var second = await sender.SendAsync(request, CancellationToken.None);

        first.Error.ShouldNotBe("address_refused", "the public address was tried");
        second.ShouldBe(new DeliveryOutcome(null, "address_refused"));
        lookups.ShouldBe(2, "one lookup for each connection: what was checked is what was dialled");
        receiver.Connections.ShouldBe(0);
    }

    [Fact]
    public async Task WH_02_private_address_among_public_ones_is_never_dialled()
    {
        await using var receiver = new Receiver(Answers.Ok);
        using var sender = new EgressSender(
            new EgressGuard(EgressPolicy.Production),
            Short,
            TimeProvider.System,
            (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback, IPAddress.Parse(Nowhere)])
        );

        var outcome = await sender.SendAsync(
            RequestTo(new($"https://mixed.example.com:{receiver.Port}/"), live: true),
            CancellationToken.None
        );

        outcome.IsSuccess.ShouldBeFalse();
        receiver.Connections.ShouldBe(0);
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task WH_03_redirect_is_a_failure_and_is_not_followed(int status)
    {
        await using var inside = new Receiver(Answers.Ok);
        await using var receiver = new Receiver(
            Answers.Raw($"HTTP/1.1 {status} Moved\r\nLocation: {inside.Url}\r\nContent-Length: 0\r\n\r\n")
        );

        var outcome = await SendAsync(RequestTo(receiver.Url));

        outcome.ShouldBe(new DeliveryOutcome(status, null));
        outcome.IsSuccess.ShouldBeFalse();
        inside.Connections.ShouldBe(0);
    }

    [Fact]
    public async Task WH_06_nothing_of_the_answer_but_its_status_comes_out()
    {
        await using var receiver = new Receiver(
            Answers.Raw(
                "HTTP/1.1 500 secret-reason\r\nX-Secret: secret-header\r\nContent-Length: 11\r\n\r\nsecret-body"
            )
        );

        (await SendAsync(RequestTo(receiver.Url))).ShouldBe(new DeliveryOutcome(500, null));
    }

    [Theory]
    [InlineData("not http at all\r\n\r\n")]
    [InlineData("HTTP/1.1 two-hundred OK\r\n\r\n")]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n")]
    [InlineData("")]
    public async Task WH_06_garbage_is_a_failure_in_a_word_of_ours(string garbage)
    {
        await using var receiver = new Receiver(Answers.Raw(garbage));

        var outcome = await SendAsync(RequestTo(receiver.Url));

        outcome.Status.ShouldBeNull();
        outcome.Error.ShouldBeOneOf("answer_invalid", "connection_lost");
    }

    [Fact]
    public async Task WH_07_receiver_that_never_answers_is_left_after_the_total_limit()
    {
        await using var receiver = new Receiver(Answers.Hang);

        var (outcome, took) = await TimeAsync(RequestTo(receiver.Url));

        outcome.ShouldBe(new DeliveryOutcome(null, "timeout"));
        took.ShouldBeInRange(Short.Total - TimeSpan.FromMilliseconds(50), Short.Total + TimeSpan.FromSeconds(3));
    }

    [Theory]
    [InlineData("", "H")]
    [InlineData("HTTP/1.1 200 OK\r\nX-Slow: ", "a")]
    [InlineData("", "HTTP/1.1 100 Continue\r\n\r\n")]
    [InlineData("", "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n")]
    public async Task WH_07_headers_that_drip_are_left_after_the_total_limit(string start, string piece)
    {
        await using var receiver = new Receiver(
            Answers.Endless(start, Encoding.ASCII.GetBytes(piece), TimeSpan.FromMilliseconds(100))
        );

        var (outcome, took) = await TimeAsync(RequestTo(receiver.Url));

        outcome.IsSuccess.ShouldBeFalse();
        outcome.Status.ShouldBeNull();
        took.ShouldBeLessThan(Short.Total + TimeSpan.FromSeconds(3));
    }

    [Fact]
    public async Task WH_07_body_that_drips_does_not_hold_the_place_once_the_status_is_known()
    {
        await using var receiver = new Receiver(
            Answers.Endless("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n", [1], TimeSpan.FromMilliseconds(50))
        );

        var (outcome, took) = await TimeAsync(RequestTo(receiver.Url));

        outcome.ShouldBe(new DeliveryOutcome(200, null));
        took.ShouldBeLessThan(Short.Total);
    }

    [Fact]
    public async Task WH_07_infinite_body_is_read_to_64_KiB_and_then_closed()
    {
        var written = 0L;
        await using var receiver = new Receiver(
            Answers.Endless(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
                Encoding.ASCII.GetBytes("1000\r\n" + new string('x', 4096) + "\r\n"),
                TimeSpan.Zero,
                n => Interlocked.Add(ref written, n)
            )
        );

        (await SendAsync(RequestTo(receiver.Url))).ShouldBe(new DeliveryOutcome(200, null));
        await receiver.DisposeAsync();

        // What the receiver could write beyond what was read are both ends' socket buffers.
        Interlocked.Read(ref written).ShouldBeLessThan(16 * 1024 * 1024);
    }

    [Fact]
    public async Task WH_07_gzip_bomb_is_not_unpacked()
    {
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
            gzip.Write(new byte[32 * 1024 * 1024]);
        var head = Encoding.ASCII.GetBytes(
            $"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {packed.Length}\r\n\r\n"
        );
        await using var receiver = new Receiver(Answers.Raw([.. head, .. packed.ToArray()]));
        (await SendAsync(RequestTo(receiver.Url))).IsSuccess.ShouldBeTrue();
        var before = GC.GetTotalAllocatedBytes(precise: true);

        (await SendAsync(RequestTo(receiver.Url))).ShouldBe(new DeliveryOutcome(200, null));

        (GC.GetTotalAllocatedBytes(precise: true) - before).ShouldBeLessThan(8 * 1024 * 1024);
    }

    [Fact]
    public async Task WH_07_endless_headers_are_refused()
    {
        await using var receiver = new Receiver(
            Answers.Endless(
                "HTTP/1.1 200 OK\r\n",
                Encoding.ASCII.GetBytes($"X-A: {new string('a', 500)}\r\n"),
                TimeSpan.Zero
            )
        );

        (await SendAsync(RequestTo(receiver.Url))).ShouldBe(new DeliveryOutcome(null, "answer_too_large"));
    }

    [Fact]
    public async Task WH_07_tls_that_stalls_is_left_after_the_connect_limit()
    {
        // A socket that takes the connection and never answers the handshake.
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var url = new Uri($"https://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/");

        var (outcome, took) = await TimeAsync(RequestTo(url));

        outcome.ShouldBe(new DeliveryOutcome(null, "connect_timeout"));
        took.ShouldBeInRange(Short.Connect - TimeSpan.FromMilliseconds(50), Short.Total);
    }

    [Fact]
    public async Task WH_07_lookup_that_stalls_is_left_after_the_connect_limit()
    {
        using var sender = new EgressSender(
            Sandbox,
            Short,
            TimeProvider.System,
            async (_, ct) =>
            {
                await Task.Delay(Timeout.Infinite, ct);
                return [];
            }
        );

        (await sender.SendAsync(RequestTo(new("https://slow.example.com/")), CancellationToken.None)).ShouldBe(
            new DeliveryOutcome(null, "connect_timeout")
        );
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nshort", 200)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nmuch longer than it said", 200)]
    [InlineData("HTTP/1.1 500 No\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", 500)]
    [InlineData("HTTP/1.1 204 OK\r\nContent-Length: 7\r\n\r\nunasked", 204)]
    public async Task Receiver_that_lies_about_length_or_closes_in_its_answer_counts_by_its_status(
        string raw,
        int status
    )
    {
        await using var receiver = new Receiver(Answers.Raw(raw));

        for (var i = 0; i < 3; i++)
            (await SendAsync(RequestTo(receiver.Url))).ShouldBe(new DeliveryOutcome(status, null));
    }

    [Fact]
    public async Task Receiver_that_dies_and_comes_back_is_reached_again()
    {
        var receiver = new Receiver(Answers.Ok);
        var (url, port) = (receiver.Url, receiver.Port);
        (await SendAsync(RequestTo(url))).IsSuccess.ShouldBeTrue();

        await receiver.DisposeAsync();
        (await SendAsync(RequestTo(url))).ShouldBe(new DeliveryOutcome(null, "connection_refused"));

        await using var again = new Receiver(Answers.Ok, port);
        (await SendAsync(RequestTo(url))).IsSuccess.ShouldBeTrue();
    }

    [Fact]
    public async Task Plain_text_behind_https_is_a_failure()
    {
        await using var receiver = new Receiver(Answers.Ok);

        (await SendAsync(RequestTo(new($"https://127.0.0.1:{receiver.Port}/")))).Status.ShouldBeNull();
    }

    [Fact]
    public async Task Stop_of_the_program_ends_a_try_at_once()
    {
        await using var receiver = new Receiver(Answers.Hang);
        using var stop = new CancellationTokenSource();
        var sending = _sender.SendAsync(RequestTo(receiver.Url), stop.Token);
        await Poll.UntilAsync(() => !receiver.Requests.IsEmpty);

        await stop.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(sending);
    }

    private static WebhookRequest RequestTo(Uri url, bool live = false)
    {
        var body = """{"id":"evt_1","type":"payment.completed","data":{"description":"茶杯"}}"""u8.ToArray();
        var dice = new SeededDice(1);
        return new(
            url,
            live,
            DeliveryHeaders.Sign(
                "payment.completed",
                EventId.From("evt_1"),
                body,
                [SigningSecret.Make(dice)],
                new Instant(1_777_500_000_000),
                dice
            ),
            body
        );
    }

    private Task<DeliveryOutcome> SendAsync(WebhookRequest request) =>
        _sender.SendAsync(request, CancellationToken.None);

    private async Task<(DeliveryOutcome Outcome, TimeSpan Took)> TimeAsync(WebhookRequest request)
    {
        var started = Stopwatch.GetTimestamp();
        var outcome = await SendAsync(request);
        return (outcome, Stopwatch.GetElapsedTime(started));
    }
}
