using System.Diagnostics;
using System.Globalization;
using StablePay.Bench.Load;
using StablePay.Bench.Sessions;

namespace StablePay.Bench.Start;

/// <summary>
/// From starting the process to its first answer 200, on an empty folder (seed, database, demo shop are made) and on
/// one that exists; beside the ceiling program, which is the same web server with one table. Then memory at rest.
/// </summary>
internal static class StartBench
{
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(15);

    public static async Task<int> RunAsync(string[] args)
    {
        var at = Array.IndexOf(args, "--rounds");
        var rounds = at < 0 ? 5 : int.Parse(args[at + 1], CultureInfo.InvariantCulture);
        var folder = Directory.CreateTempSubdirectory("stablepay-bench-").FullName;
        Console.WriteLine("| round | first start, ms | next start, ms | ceiling, ms |");
        Console.WriteLine("|---|---|---|---|");
        List<double> first = [],
            next = [],
            ceiling = [];
        for (var i = 0; i < rounds; i++)
        {
            var own = Path.Combine(folder, $"{i}");
            Directory.CreateDirectory(own);
            first.Add(await TimeAsync(port => StablePayServer.Command(port, own, "sqlite", "")));
            next.Add(await TimeAsync(port => StablePayServer.Command(port, own, "sqlite", "")));
            ceiling.Add(await TimeAsync(port => Ceiling(port, Path.Combine(own, "ceiling.db"))));
            Say($"| {i + 1} | {first[^1]:F0} | {next[^1]:F0} | {ceiling[^1]:F0} |");
        }
        Say(
            $"median: first start {Median(first):F0} ms, next start {Median(next):F0} ms (under 2000), ceiling {Median(ceiling):F0} ms, ratio {Median(next) / Median(ceiling):F2}"
        );
        await RestAsync("StablePay", port => StablePayServer.Command(port, Path.Combine(folder, "0"), "sqlite", ""));
        await RestAsync("ceiling", port => Ceiling(port, Path.Combine(folder, "ceiling.db")));
        Directory.Delete(folder, recursive: true);
        return 0;
    }

    private static async Task<double> TimeAsync(Func<int, IEnumerable<string>> command)
    {
        var port = ServerProcess.FreePort();
        var watch = Stopwatch.StartNew();
        await using var server = ServerProcess.Start(command(port));
        await server.ReadyAsync($"http://127.0.0.1:{port}/health/ready");
        return watch.Elapsed.TotalMilliseconds;
    }

    private static async Task RestAsync(string name, Func<int, IEnumerable<string>> command)
    {
        var port = ServerProcess.FreePort();
        await using var server = ServerProcess.Start(command(port));
        await server.ReadyAsync($"http://127.0.0.1:{port}/health/ready");
        // What the start left behind (compilation, first polls) is not rest.
        await Task.Delay(Rest);
        var cpu = server.Cpu;
        await Task.Delay(Rest);
        Say($"{name} at rest: {server.MemoryMb:F0} MB resident, {(server.Cpu - cpu) / Rest:P1} of a core");
    }

    private static IEnumerable<string> Ceiling(int port, string database) =>
        [typeof(StartBench).Assembly.Location, "ceiling", "sqlite", database, $"{port}"];

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static void Say(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
