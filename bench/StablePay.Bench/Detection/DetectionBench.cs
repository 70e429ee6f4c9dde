using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using StablePay.Chains;
using StablePay.Core.Ids;
using StablePay.Core.Money;
using StablePay.Core.Networks;
using StablePay.Engine.Telemetry;
using StablePay.Testing;

namespace StablePay.Bench.Detection;

/// <summary>
/// How long a payment takes from its block at the node to the database and to an open page, read from the histogram that
/// production exports, with the pauses of production and each network's block time. Every block pays one session whose
/// page is open. The ceiling only asks a node for its head with the same pauses: nobody can know earlier who asks as
/// often.
/// </summary>
internal static class DetectionBench
{
    public static async Task<int> RunAsync(string[] args)
    {
        var seconds = Array.IndexOf(args, "--seconds") is >= 0 and var at
            ? int.Parse(args[at + 1], CultureInfo.InvariantCulture)
            : 120;
        Console.WriteLine(
            "| network | payments | stored p50 | p99 | shown p50 | p99 | ceiling p50 | stored / ceiling |"
        );
        Console.WriteLine("|---|---|---|---|---|---|---|---|");
        foreach (var network in PayingNode.All)
            await MeasureAsync(network, TimeSpan.FromSeconds(seconds));
        return 0;
    }

    private static async Task MeasureAsync(Func<PayingNode> make, TimeSpan time)
    {
        await using var node = make();
        using var http = new HttpClient();
        var clock = new ChainTime(node.Start);
        var config = new NetworkConfig(node.Network.Id, [node.Url]) { GenesisHash = node.Genesis };
        await using var world = await PaymentWorld.StartAsync(
            new WorldOptions((_, _, _) => [ChainFamilies.Live(node.Network, config, http)]) { Time = clock }
        );
        await world.WatchAsync();
        var told = new ConcurrentBag<(string Stage, double Seconds)>();
        using var listener = Listen(world.Engine.Metrics.Meter, told);
        using var stop = new CancellationTokenSource();
        var watcher = world.Engine.Watchers.Single();
        var pause = Pause(node.Network);
        var watching = RepeatAsync(async () => await watcher.StepAsync(default), pause, stop.Token);
        var ceiling = new ConcurrentBag<double>();
        var bare = ChainFamilies.Live(node.Network, config, http);
        var asking = AskAsync(bare, node, ceiling, pause, stop.Token);

        var pages = new List<Task>();
        var end = Stopwatch.StartNew();
        var next = Stopwatch.StartNew();
        while (end.Elapsed < time)
        {
            var session = await world.OpenSessionAsync(2_599, live: true, TimeSpan.FromHours(12));
            var address = (await world.ChooseAsync(session, node.Network.Id, Asset.Usdt)).Chosen!.Address;
            pages.Add(ReadAsync(world, session.Id, stop.Token));
            var left = node.Network.BlockTime - next.Elapsed;
            await Task.Delay(left > TimeSpan.Zero ? left : TimeSpan.Zero);
            next.Restart();
            node.Mine(address, 25_990_000);
        }
        await Task.Delay(node.Network.BlockTime + TimeSpan.FromSeconds(2));
        await stop.CancelAsync();
        await Task.WhenAll([watching, asking, .. pages]);
        Report(node.Network, told, ceiling);
    }

    private static void Report(
        Network network,
        IReadOnlyCollection<(string Stage, double Seconds)> told,
        IEnumerable<double> ceiling
    )
    {
        var stored = Sorted(told.Where(t => t.Stage == Detections.Stored).Select(t => t.Seconds));
        var shown = Sorted(told.Where(t => t.Stage == Detections.Shown).Select(t => t.Seconds));
        var bare = Sorted(ceiling);
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"| {network.Name} | {stored.Length} | {At(stored, 0.5):F0} ms | {At(stored, 0.99):F0} ms | "
                    + $"{At(shown, 0.5):F0} ms | {At(shown, 0.99):F0} ms | {At(bare, 0.5):F0} ms | "
                    + $"{At(stored, 0.5) / At(bare, 0.5):F2} |"
            )
        );
        if (shown.Length < stored.Length)
            Console.WriteLine($"{stored.Length - shown.Length} payments were not shown");
    }

    private static double[] Sorted(IEnumerable<double> seconds) => [.. seconds.Select(s => s * 1_000).Order()];

    private static double At(double[] sorted, double part) =>
        sorted.Length == 0 ? double.NaN : sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * part))];

    /// <summary>As the host's loops do.</summary>
    private static TimeSpan Pause(Network network) =>
        TimeSpan.FromSeconds(Math.Clamp(network.BlockTime.TotalSeconds / 4, 0.2, 3));

    private static async Task RepeatAsync(Func<Task<bool>> step, TimeSpan pause, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
            if (!await step())
                await Task.Delay(pause, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>From the look before a new head to the answer that has it: what the histogram begins with, too.</summary>
    private static async Task AskAsync(
        IChain chain,
        PayingNode node,
        ConcurrentBag<double> found,
        TimeSpan pause,
        CancellationToken stop
    )
    {
        var (height, before) = (await chain.HeadAsync(default), Stopwatch.GetTimestamp());
        await RepeatAsync(
            async () =>
            {
                var asked = Stopwatch.GetTimestamp();
                var head = await chain.HeadAsync(default);
                if (head > height)
                    found.Add(Stopwatch.GetElapsedTime(before).TotalSeconds);
                (height, before) = (head, asked);
                return false;
            },
            pause,
            stop
        );
    }

    private static async Task ReadAsync(PaymentWorld world, string session, CancellationToken stop)
    {
        try
        {
            await foreach (var _ in world.Engine.Checkout.WatchAsync(SessionId.From(session), stop))
            {
                // To take it is to have been told; the page asks on until the payment is paid.
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The measurement is over.
        }
    }

    private static MeterListener Listen(Meter meter, ConcurrentBag<(string, double)> told)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listening) =>
            {
                if (instrument.Name == Detections.Name && instrument.Meter == meter)
                    listening.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<double>(
            (_, seconds, tags, _) => told.Add(((string)tags[1].Value!, seconds))
        );
        listener.Start();
        return listener;
    }

    /// <summary>The real clock, at the time that the node's chain is at.</summary>
    private sealed class ChainTime(DateTimeOffset start) : TimeProvider
    {
        private readonly TimeSpan _ahead = start - System.GetUtcNow();

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + _ahead;
    }
}
