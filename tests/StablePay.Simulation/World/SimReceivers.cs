using StablePay.Core.Webhooks;
using StablePay.Engine.Webhooks;

namespace StablePay.Simulation.World;

/// <summary>How a merchant's endpoint fails.</summary>
internal enum ReceiverTrouble
{
    None,

    /// <summary>It takes the event and answers after twenty seconds.</summary>
    Slow,

    /// <summary>It takes the event and never answers.</summary>
    Hangs,

    /// <summary>It takes the event and says that it could not.</summary>
    Lies,

    /// <summary>Every other try fails.</summary>
    Flaps,

    /// <summary>It points elsewhere.</summary>
    Redirects,

    /// <summary>Connections are refused.</summary>
    Down,
}

/// <summary>What came to an endpoint, as it came.</summary>
internal sealed record Received(string Url, DeliveryHeaders Headers, byte[] Body, Instant At);

/// <summary>The merchants' endpoints, in place of HTTP: they take events, and answer as badly as they are told.</summary>
internal sealed class SimReceivers(Agenda agenda, Chance chance)
{
    private readonly Dictionary<string, ReceiverTrouble> _troubles = [];

    /// <summary>Told of every event that comes, at the moment when it comes.</summary>
    public Action<Received>? Arrived { get; set; }

    public void Set(string url, ReceiverTrouble trouble) => _troubles[url] = trouble;

    public void Heal() => _troubles.Clear();

    /// <summary>How long it takes, and the outcome that the sender sees.</summary>
    public (TimeSpan Wait, DeliveryOutcome Outcome) Take(WebhookRequest request)
    {
        var trouble = _troubles.GetValueOrDefault(request.Url.ToString());
        if (trouble == ReceiverTrouble.Down)
            return (chance.Milliseconds(5, 50), new DeliveryOutcome(null, "connection_refused"));
        Arrived?.Invoke(new Received(request.Url.ToString(), request.Headers, request.Body, agenda.Now));
        return trouble switch
        {
            ReceiverTrouble.Slow => (TimeSpan.FromSeconds(20), new DeliveryOutcome(200, null)),
            ReceiverTrouble.Hangs => (TimeSpan.FromSeconds(30), new DeliveryOutcome(null, "timeout")),
            ReceiverTrouble.Lies => (chance.Milliseconds(20, 200), new DeliveryOutcome(500, null)),
            ReceiverTrouble.Flaps when chance.Percent(50) => (
                chance.Milliseconds(20, 200),
                new DeliveryOutcome(503, null)
            ),
            ReceiverTrouble.Redirects => (chance.Milliseconds(20, 200), new DeliveryOutcome(302, null)),
            _ => (chance.Milliseconds(20, 400), new DeliveryOutcome(200, null)),
        };
    }
}

/// <summary>A process's way to the receivers.</summary>
internal sealed class SimSender(SimReceivers receivers, SimProcess process) : IHttpSender
{
    public Task<DeliveryOutcome> SendAsync(WebhookRequest request, CancellationToken ct)
    {
        var outcome = new TaskCompletionSource<DeliveryOutcome>();
        var (wait, told) = receivers.Take(request);
        process.Later(() => outcome.SetResult(told), wait);
        return outcome.Task;
    }
}
