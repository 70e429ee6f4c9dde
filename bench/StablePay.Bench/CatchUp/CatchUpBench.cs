using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using StablePay.Bench.Blocks;
using StablePay.Chains.Evm;
using StablePay.Chains.Tron;
using StablePay.Core.Networks;

namespace StablePay.Bench.CatchUp;

/// <summary>
/// How fast the production engine catches up over heavy blocks that an HTTP node serves: reader, watcher, and storage
/// on SQLite, one transfer in a hundred ours; with 1,000 and with 1,000,000 watched addresses. The ceiling fetches the
/// same answers once, walks their tokens, and believes everything. Rounds interleaved, the median of their ratios.
/// </summary>
internal static class CatchUpBench
{
    private const int Few = 1_000;
    private const int Many = 1_000_000;

    /// <summary>The families, and blocks of a round.</summary>
    private static readonly (string Name, int Blocks, Func<HeavyNode> Make)[] Families =
    [
        ("evm", 128, () => new EvmHeavyNode()),
        ("tron", 64, () => new TronHeavyNode()),
        ("solana", 32, () => new SolanaHeavyNode()),
    ];

    /// <summary>Milliseconds a block, by the clock and of processor time.</summary>
    private readonly record struct Cost(double Wall, double Cpu);

    private sealed record Round(Cost Few, Cost Many, Cost Ceiling);

    public static async Task<int> RunAsync(string[] args)
    {
        var rounds = Option(args, "--rounds", 7);
        var ours = Option(args, "--ours", 1);
        foreach (var family in Families.Where(f => args.Contains(f.Name) || !Families.Any(g => args.Contains(g.Name))))
            await RunAsync(family.Blocks, family.Make, ours, rounds);
        return 0;
    }

    private static int Option(string[] args, string name, int usual) =>
        Array.IndexOf(args, name) is >= 0 and var at ? int.Parse(args[at + 1], CultureInfo.InvariantCulture) : usual;

    private static async Task RunAsync(int blocks, Func<HeavyNode> make, int percent, int rounds)
    {
        await using var node = make();
        await node.StartAsync();
        using var http = new HttpClient();
        await using var few = await CatchUpWorld.StartAsync(node, http, Few);
        var (heap, resident) = (Heap(), Resident());
        await using var many = await CatchUpWorld.StartAsync(node, http, Many);
        var memory = (Heap: (Heap() - heap) / 1e6, Resident: (Resident() - resident) / 1e6);
        if (few.Addresses != Few || many.Addresses != Many)
            throw new InvalidOperationException($"{few.Addresses} and {many.Addresses} addresses are watched");

        Say(
            $"{node.Network.Name}: {node.TransfersPerBlock} transfers a block, {percent} % ours; {blocks} blocks a round"
        );
        Console.WriteLine(
            $"| round | ms/block (CPU), {Few} addresses | {Many} addresses | CPU ratio | ceiling ms/block (CPU) |"
        );
        Console.WriteLine("|---|---|---|---|---|");
        await RoundAsync(node, few, many, http, blocks, node.TransfersPerBlock * percent / 100, manyFirst: true);
        var all = new List<Round>();
        for (var i = 0; i < rounds; i++)
        {
            var (a, b, c) = await RoundAsync(
                node,
                few,
                many,
                http,
                blocks,
                node.TransfersPerBlock * percent / 100,
                manyFirst: i % 2 == 0
            );
            all.Add(new Round(a, b, c));
            Say(
                $"| {i + 1} | {a.Wall:F2} ({a.Cpu:F2}) | {b.Wall:F2} ({b.Cpu:F2}) | {b.Cpu / a.Cpu:F2} | {c.Wall:F2} ({c.Cpu:F2}) |"
            );
        }
        var (wall, cpu) = (Median(all, r => r.Many.Wall), Median(all, r => r.Many.Cpu));
        Say(
            $"median: {1000 / wall:F0} blocks/s with {Many} addresses, {cpu:F2} ms of processor time a block, each read twice"
        );
        Say(
            $"with {Many} addresses against {Few}: {Median(all, r => r.Many.Wall / r.Few.Wall):F2} by the clock, {Median(all, r => r.Many.Cpu / r.Few.Cpu):F2} of processor time (at most 1.5)"
        );
        Say(
            $"ceiling: {1000 / Median(all, r => r.Ceiling.Wall):F0} blocks/s for one reading; ratio {Median(all, r => r.Ceiling.Wall / r.Many.Wall):F2}, {2 * Median(all, r => r.Ceiling.Wall / r.Many.Wall):F2} a reading"
        );
        foreach (var (name, every) in node.RealTimes)
            Say(
                $"{name}, a block every {every.TotalSeconds} s: {every.TotalMilliseconds / wall:F0} x real time (at least {node.AtLeast})"
            );
        Say(
            $"memory: {memory.Heap:F0} MB of heap, {memory.Resident:F0} MB resident for a million addresses (under 120)"
        );
    }

    private static async Task<Round> RoundAsync(
        HeavyNode node,
        CatchUpWorld few,
        CatchUpWorld many,
        HttpClient http,
        int blocks,
        int ours,
        bool manyFirst
    )
    {
        var recipients = await few.OpenAsync(blocks * ours);
        if (!recipients.SequenceEqual(await many.OpenAsync(blocks * ours)))
            throw new InvalidOperationException("the two worlds have the same seed and other addresses");
        var from = node.Head + 1;
        node.Mine(blocks, recipients, (ulong)CatchUpWorld.Cents * 10_000);
        few.Advance(blocks * node.RealTimes[0].Every);
        many.Advance(blocks * node.RealTimes[0].Every);
        var (a, b) = (default(Cost), default(Cost));
        if (manyFirst)
            b = await TimeAsync(blocks, many.CatchUpAsync);
        a = await TimeAsync(blocks, few.CatchUpAsync);
        if (!manyFirst)
            b = await TimeAsync(blocks, many.CatchUpAsync);
        await few.CheckAsync();
        await many.CheckAsync();
        IPaymentCount ceiling =
            node.Network.Family == ChainFamily.Solana
                ? new OwnersInTokens(recipients)
                : new ParseAndMatch(Ids(node, recipients));
        var c = await TimeAsync(blocks, () => ReadAsync(node, http, ceiling, from, blocks * ours));
        return new Round(a, b, c);
    }

    /// <summary>The last 16 bytes of each address, and as many others as a watcher has.</summary>
    private static HashSet<UInt128> Ids(HeavyNode node, IReadOnlyList<string> recipients)
    {
        var ids = new HashSet<UInt128>(Enumerable.Range(0, Many).Select(i => (UInt128)i));
        foreach (var recipient in recipients)
        {
            var bytes =
                node.Network.Family == ChainFamily.Tron
                    ? TronAddress.Parse(recipient).Bytes.ToArray()
                    : EvmAddress.Parse(recipient).ToArray();
            ids.Add(BinaryPrimitives.ReadUInt128BigEndian(bytes.AsSpan(4)));
        }
        return ids;
    }

    private static async Task ReadAsync(HeavyNode node, HttpClient http, IPaymentCount ceiling, long from, int ours)
    {
        var found = 0;
        for (var height = from; height <= node.Head; height++)
            foreach (var (path, question) in node.QuestionsAbout(height))
            {
                using var content = new StringContent(question, Encoding.UTF8, "application/json");
                using var answer = await http.PostAsync(new Uri(node.Url, path), content);
                found += ceiling.Count(await answer.Content.ReadAsByteArrayAsync());
            }
        if (found != ours)
            throw new InvalidOperationException($"the ceiling found {found} of {ours} payments");
    }

    private static async Task<Cost> TimeAsync(int blocks, Func<Task> work)
    {
        GC.Collect();
        using var self = Process.GetCurrentProcess();
        var before = self.TotalProcessorTime;
        var watch = Stopwatch.StartNew();
        await work();
        var wall = watch.Elapsed.TotalMilliseconds;
        self.Refresh();
        return new Cost(wall / blocks, (self.TotalProcessorTime - before).TotalMilliseconds / blocks);
    }

    private static long Heap()
    {
        // What an earlier family left must not be counted, nor given back while this one is measured.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private static long Resident()
    {
        using var self = Process.GetCurrentProcess();
        return self.WorkingSet64;
    }

    private static double Median(List<Round> rounds, Func<Round, double> value) =>
        rounds.Select(value).Order().ElementAt(rounds.Count / 2);

    private static void Say(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
