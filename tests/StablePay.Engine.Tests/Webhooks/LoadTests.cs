using System.Diagnostics;
using StablePay.Engine.Webhooks;
using StablePay.Engine.Working;
using StablePay.Storage.Tests;

namespace StablePay.Engine.Tests.Webhooks;

/// <summary>Many deliveries in real time, between real sockets.</summary>
public sealed class LoadTests(TestCluster cluster)
{
    [Heavy]
    [Theory, OnBoth]
    public async Task WH_07_two_hundred_hanging_endpoints_do_not_delay_a_healthy_one(string provider)
    {
        const int Hanging = 200;
        await using var world = await World.CreateAsync(TimeProvider.System, provider, cluster);
        await using var hanging = new Receiver(Answers.Hang);
        await using var healthy = new Receiver(Answers.Ok);
        for (var i = 0; i < Hanging; i++)
            await world.InsertEndpointAsync(new Uri(hanging.Url, $"/{i}"));
        await world.InsertEndpointAsync(healthy.Url);
        using var sender = new EgressSender(World.Guard, EgressLimits.Default, TimeProvider.System);
        using var stop = new CancellationTokenSource();
        var runner = world.NewRunner(sender);

        // Each event goes to every endpoint, so that each hanging lane has a heap of its own behind its one place.
        await world.TellManyAsync(20);
        var loop = world.LoopAsync(runner, stop.Token);
        await Poll.UntilAsync(
            () => hanging.Requests.Count == Hanging && healthy.Requests.Count == 20,
            "the first round",
            20
        );
        for (var i = 1; i <= 5; i++)
        {
            await world.TellAsync();
            var started = Stopwatch.GetTimestamp();
            runner.Hint.Set();
            await Poll.UntilAsync(() => healthy.Requests.Count == 20 + i, "a delivery beside hanging ones");
            Stopwatch.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(3));
        }

        hanging.Requests.Count.ShouldBe(Hanging, "one place for each that hangs");
        await stop.CancelAsync();
        await loop;
    }

    [Heavy]
    [Fact]
    public async Task WH_17_backlog_drains_faster_than_a_hundred_thousand_in_fifteen_minutes_and_in_few_connections()
    {
        const int Backlog = 3_000;
        await using var world = await World.CreateAsync(TimeProvider.System);
        await using var receiver = new Receiver(Answers.Ok);
        await world.AddEndpointAsync(receiver.Url);
        await world.TellManyAsync(Backlog);
        using var sender = new EgressSender(World.Guard, EgressLimits.Default, TimeProvider.System);
        using var stop = new CancellationTokenSource();
        var started = Stopwatch.GetTimestamp();
        var loop = world.LoopAsync(world.NewRunner(sender), stop.Token);

        await Poll.UntilAsync(() => receiver.Requests.Count >= Backlog, "the drain");

        var perSecond = Backlog / Stopwatch.GetElapsedTime(started).TotalSeconds;
        perSecond.ShouldBeGreaterThan(100_000 / 900.0);
        receiver.Connections.ShouldBeLessThanOrEqualTo(RunnerLimits.Default.PerLane + 1);
        await stop.CancelAsync();
        await loop;
        receiver.Requests.Count.ShouldBe(Backlog);
        TestContext.Current.TestOutputHelper?.WriteLine($"{perSecond:F0} deliveries per second");
    }
}
