using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using StablePay.Engine.Webhooks;

namespace StablePay.Engine.Tests.Webhooks;

/// <summary>WH-06 and WH-07: receivers that hang, drip, flood and lie.</summary>
public sealed class EgressAnswerTests : EgressTest
{
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

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task WH_07_kept_connection_that_closes_under_a_request_costs_no_try(bool reset)
    {
        await using var receiver = new Receiver(Answers.Ok);
        (await SendAsync(RequestTo(receiver.Url))).IsSuccess.ShouldBeTrue();
        receiver.Answer = (_, connection, _) =>
        {
            receiver.Answer = Answers.Ok;
            if (reset)
                ((NetworkStream)connection).Socket.LingerState = new(true, 0);
            return Task.FromResult(false);
        };

        (await SendAsync(RequestTo(receiver.Url))).ShouldBe(new DeliveryOutcome(200, null));

        (receiver.Connections, receiver.Requests.Count).ShouldBe((2, 3));
    }

    [Fact]
    public async Task WH_07_new_connection_that_closes_under_a_request_is_one_try()
    {
        await using var receiver = new Receiver(Answers.Raw(""));

        (await SendAsync(RequestTo(receiver.Url))).ShouldBe(new DeliveryOutcome(null, "connection_lost"));

        receiver.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task WH_07_receiver_that_closes_every_connection_is_asked_twice_at_most()
    {
        await using var receiver = new Receiver(Answers.Ok);
        (await SendAsync(RequestTo(receiver.Url))).IsSuccess.ShouldBeTrue();
        receiver.Answer = Answers.Raw("");

        (await SendAsync(RequestTo(receiver.Url))).ShouldBe(new DeliveryOutcome(null, "connection_lost"));

        receiver.Requests.Count.ShouldBe(3);
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
}
