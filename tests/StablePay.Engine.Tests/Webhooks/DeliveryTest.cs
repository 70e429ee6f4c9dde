using Microsoft.Extensions.Time.Testing;
using StablePay.Engine.Webhooks;

namespace StablePay.Engine.Tests.Webhooks;

/// <summary>What tests of deliveries share: a clock of the test's own, and the real sender with a short limit.</summary>
public abstract class DeliveryTest : IDisposable
{
    private protected FakeTimeProvider Clock { get; } = new(DateTimeOffset.FromUnixTimeSeconds(1_777_500_000));

    private protected EgressSender Sender { get; } =
        new(World.Guard, EgressLimits.Default with { Total = TimeSpan.FromSeconds(2) }, TimeProvider.System);

    public void Dispose()
    {
        Sender.Dispose();
        GC.SuppressFinalize(this);
    }
}
