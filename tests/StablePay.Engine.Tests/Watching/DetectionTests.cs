using System.Diagnostics.Metrics;
using StablePay.Engine.Telemetry;

namespace StablePay.Engine.Tests.Watching;

/// <summary>What production tells of how fast a payment is seen.</summary>
public sealed class DetectionTests() : SimPaymentTest(new FinalityRule.Depth(12))
{
    [Fact]
    public async Task Time_from_the_look_before_the_block_to_the_row_and_to_an_open_page_is_told()
    {
        var told = new List<(string Family, string Stage, double Seconds)>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listening) =>
            {
                if (instrument.Name == Detections.Name && instrument.Meter == World.Engine.Metrics.Meter)
                    listening.EnableMeasurementEvents(instrument, this);
            },
        };
        listener.SetMeasurementEventCallback<double>(
            (_, seconds, tags, _) =>
            {
                lock (told)
                    told.Add(((string)tags[0].Value!, (string)tags[1].Value!, seconds));
            }
        );
        listener.Start();
        var (session, address) = await SessionAsync(2599);
        await LaterAsync(TimeSpan.FromSeconds(1));

        // A page that is open: it has read its first status, and waits for the next.
        using var reading = new CancellationTokenSource();
        await using var page = World
            .Engine.Checkout.WatchAsync(SessionId.From(session.Id), reading.Token)
            .GetAsyncEnumerator(reading.Token);
        (await page.MoveNextAsync()).ShouldBeTrue();
        var next = page.MoveNextAsync().AsTask();

        Chain.Mine(Transfer(address, 2599));
        await LaterAsync(TimeSpan.FromSeconds(2));
        (await next).ShouldBeTrue();
        page.Current.State.ShouldBe("processing");
        told.ShouldBe([("evm", "stored", 2.0)]);

        // It asks for the next one when it has sent that on.
        World.Clock.Advance(TimeSpan.FromSeconds(1));
        next = page.MoveNextAsync().AsTask();
        told.ShouldBe([("evm", "stored", 2.0), ("evm", "shown", 3.0)]);
        await reading.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => next);
    }
}
