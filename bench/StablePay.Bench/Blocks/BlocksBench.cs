using System.Diagnostics;
using System.Globalization;
using StablePay.Chains;

namespace StablePay.Bench.Blocks;

/// <summary>
/// What a block of 1,000 token transfers costs the production watcher with 1,000 and with 1,000,000 watched addresses,
/// beside a parse-and-match ceiling: rounds interleaved, the median of their ratios. Also the memory of the addresses.
/// </summary>
internal static class BlocksBench
{
    private const int Transfers = 1_000;
    private const int BlocksPerRound = 256;
    private const int Few = 1_000;
    private const int Many = 1_000_000;
    private const string MainnetGenesis = "0xd4e56740f876aef8c010b86a40d5f56745a118d0906a34e69aec8c0db1cb8fa3";

    private sealed record Round(double Few, double Many, double Ceiling);

    public static async Task<int> RunAsync(string[] args)
    {
        var at = Array.IndexOf(args, "--rounds");
        var rounds = at < 0 ? 9 : int.Parse(args[at + 1], CultureInfo.InvariantCulture);
        var folder = Directory.CreateTempSubdirectory("stablepay-bench-").FullName;
        var options = new NetworkConfig(Networks.Ethereum.Id, [new Uri("http://node.test/")]);
        var mistakes = new List<string>();
        var network = options.ToNetwork(mistakes) ?? throw new InvalidOperationException(string.Join(' ', mistakes));
        var node = new RecordedNode(network, MainnetGenesis, Transfers);
        using var http = new HttpClient(node);
        node.Mine(1);

        await using var few = await WatchedWorld.OpenAsync(folder, Few, ChainFamilies.Live(network, options, http));
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await using var many = await WatchedWorld.OpenAsync(folder, Many, ChainFamilies.Live(network, options, http));
        var megabytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / 1e6;
        if (few.Addresses != Few || many.Addresses != Many)
            throw new InvalidOperationException($"{few.Addresses} and {many.Addresses} addresses are watched");

        var ceiling = new ParseAndMatch([.. Enumerable.Range(0, Many).Select(i => (UInt128)i)]);
        await RoundAsync(node, few, many, ceiling, manyFirst: true);
        await RoundAsync(node, few, many, ceiling, manyFirst: false);
        Console.WriteLine(
            $"{Transfers} transfers a block, {BlocksPerRound} blocks a round, read when new and when final"
        );
        Console.WriteLine($"| round | ms/block, {Few} addresses | {Many} addresses | ratio | ceiling ms/block |");
        Console.WriteLine("|---|---|---|---|---|");
        var all = new List<Round>();
        for (var i = 0; i < rounds; i++)
        {
            var round = await RoundAsync(node, few, many, ceiling, manyFirst: i % 2 == 0);
            all.Add(round);
            Say($"| {i + 1} | {round.Few:F3} | {round.Many:F3} | {round.Many / round.Few:F2} | {round.Ceiling:F3} |");
        }
        Say(
            $"median: cost ratio {Median(all, r => r.Many / r.Few):F2} (under 1.2), {1000 / Median(all, r => r.Many):F0} blocks/s with {Many} addresses, ceiling {1000 / Median(all, r => r.Ceiling):F0} blocks/s for one reading, ratio {Median(all, r => r.Ceiling / r.Many):F2} ({Median(all, r => 2 * r.Ceiling / r.Many):F2} per reading)"
        );
        Say($"memory: {megabytes:F0} MB for a million watched addresses (under 200)");
        Directory.Delete(folder, recursive: true);
        return 0;
    }

    private static async Task<Round> RoundAsync(
        RecordedNode node,
        WatchedWorld few,
        WatchedWorld many,
        ParseAndMatch ceiling,
        bool manyFirst
    )
    {
        node.Mine(BlocksPerRound);
        var (a, b) = (0d, 0d);
        if (manyFirst)
            b = await TimeAsync(() => many.CatchUpAsync(node.Head));
        a = await TimeAsync(() => few.CatchUpAsync(node.Head));
        if (!manyFirst)
            b = await TimeAsync(() => many.CatchUpAsync(node.Head));
        var c = await TimeAsync(() =>
        {
            foreach (var logs in node.LogsOf(node.Head - BlocksPerRound + 1, node.Head))
                if (ceiling.Count(logs) > 0)
                    throw new InvalidOperationException("a stranger's address matches");
            return Task.CompletedTask;
        });
        return new Round(a, b, c);
    }

    /// <summary>Milliseconds per block.</summary>
    private static async Task<double> TimeAsync(Func<Task> work)
    {
        GC.Collect();
        var watch = Stopwatch.StartNew();
        await work();
        return watch.Elapsed.TotalMilliseconds / BlocksPerRound;
    }

    private static double Median(List<Round> rounds, Func<Round, double> value) =>
        rounds.Select(value).Order().ElementAt(rounds.Count / 2);

    private static void Say(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
