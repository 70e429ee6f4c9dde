using System.Net;
using StablePay.Engine.Webhooks;

namespace StablePay.Engine.Tests.Webhooks;

/// <summary>WH-01 to WH-03: where the sender refuses to connect to, whatever led it there.</summary>
public sealed class EgressAddressTests : EgressTest
{
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
}
