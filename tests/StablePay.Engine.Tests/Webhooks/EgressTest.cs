using System.Diagnostics;
using StablePay.Engine.Webhooks;

namespace StablePay.Engine.Tests.Webhooks;

/// <summary>The real sender, for tests of it against real sockets.</summary>
public abstract class EgressTest : IDisposable
{
    protected static readonly EgressGuard Sandbox = new(
        EgressPolicy.Production with
        {
            AllowLoopbackForTestMode = true,
        }
    );

    /// <summary>The production's limits, shortened so that a receiver that hangs does not stop the suite.</summary>
    protected static readonly EgressLimits Short = EgressLimits.Default with
    {
        Connect = TimeSpan.FromMilliseconds(700),
        Total = TimeSpan.FromMilliseconds(1_500),
        Drain = TimeSpan.FromMilliseconds(300),
    };

    /// <summary>Global unicast by its range, but given to nobody: a public address that no test can disturb.</summary>
    protected const string Nowhere = "3ffe::1";

    protected EgressSender Sender { get; } = new(Sandbox, Short, TimeProvider.System);

    public void Dispose()
    {
        Sender.Dispose();
        GC.SuppressFinalize(this);
    }

    protected static WebhookRequest RequestTo(Uri url, bool live = false)
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

    protected Task<DeliveryOutcome> SendAsync(WebhookRequest request) =>
        Sender.SendAsync(request, CancellationToken.None);

    protected async Task<(DeliveryOutcome Outcome, TimeSpan Took)> TimeAsync(WebhookRequest request)
    {
        var started = Stopwatch.GetTimestamp();
        var outcome = await SendAsync(request);
        return (outcome, Stopwatch.GetElapsedTime(started));
    }
}
