using StablePay.Engine.Webhooks;

namespace StablePay.Engine.Tests.Webhooks;

/// <summary>The real sender against real sockets.</summary>
public sealed class EgressSenderTests : EgressTest
{
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
        var sending = Sender.SendAsync(RequestTo(receiver.Url), stop.Token);
        await Poll.UntilAsync(() => !receiver.Requests.IsEmpty);

        await stop.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(sending);
    }
}
