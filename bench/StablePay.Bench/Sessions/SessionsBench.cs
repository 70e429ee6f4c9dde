using System.Globalization;
using System.Text.Json;
using Npgsql;
using StablePay.Bench.Load;

namespace StablePay.Bench.Sessions;

/// <summary>
/// Signed <c>POST /checkout/sessions/create</c> at 64 connections, against the ceiling in the same run: rounds
/// interleaved, the median of their ratios. Ends with kill -9 under load: every answered session must be there.
/// </summary>
public static class SessionsBench
{
    private const int Connections = 64;

    private sealed record Round(LoadResult Load, double CpuMicros, double MemoryMb);

    public static async Task<int> RunAsync(string[] args)
    {
        var rounds = Option(args, "--rounds", 5);
        var length = TimeSpan.FromSeconds(Option(args, "--seconds", 5));
        foreach (var provider in args.Where(a => a is "sqlite" or "postgres").DefaultIfEmpty("sqlite"))
            await CompareAsync(provider, rounds, length);
        return 0;
    }

    private static int Option(string[] args, string name, int otherwise)
    {
        var i = Array.IndexOf(args, name);
        return i < 0 ? otherwise : int.Parse(args[i + 1], CultureInfo.InvariantCulture);
    }

    private static async Task CompareAsync(string provider, int rounds, TimeSpan length)
    {
        var folder = Directory.CreateTempSubdirectory("stablepay-bench-").FullName;
        await using var databases = await Databases.CreateAsync(provider, folder);
        var (ceilingPort, ourPort) = (ServerProcess.FreePort(), ServerProcess.FreePort());
        await using var ceiling = ServerProcess.Start([
            typeof(SessionsBench).Assembly.Location,
            "ceiling",
            provider,
            databases.Ceiling,
            $"{ceilingPort}",
        ]);
        await ceiling.ReadyAsync($"http://127.0.0.1:{ceilingPort}/health/ready");
        await using var ours = ServerProcess.Start(StablePayServer.Command(ourPort, folder, provider, databases.Ours));
        await ours.ReadyAsync($"http://127.0.0.1:{ourPort}/health/ready");
        var keys = StablePayServer.Keys(folder);

        // One round each to warm up: compilation, caches, connections.
        await RoundAsync(ceiling, ceilingPort, "sk_test_x", "ceiling-secret", length, "warm-c");
        await RoundAsync(ours, ourPort, keys.ApiKey, keys.SecretKey, length, "warm-o");
        Console.WriteLine($"\n{provider}: {rounds} rounds of {length.TotalSeconds:F0} s, {Connections} connections");
        Console.WriteLine(
            "| round | ceiling /s | ours /s | ratio | cpu µs/request ceiling | ours | ratio | p50 ms ours | p99 ms ours |"
        );
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|");
        var pairs = new List<(Round Ceiling, Round Ours)>();
        for (var i = 0; i < rounds; i++)
        {
            var a = await RoundAsync(ceiling, ceilingPort, "sk_test_x", "ceiling-secret", length, $"c{i}");
            var b = await RoundAsync(ours, ourPort, keys.ApiKey, keys.SecretKey, length, $"o{i}");
            pairs.Add((a, b));
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {i + 1} | {a.Load.PerSecond:F0} | {b.Load.PerSecond:F0} | {b.Load.PerSecond / a.Load.PerSecond:F2} | {a.CpuMicros:F0} | {b.CpuMicros:F0} | {b.CpuMicros / a.CpuMicros:F2} | {b.Load.P50Ms:F2} | {b.Load.P99Ms:F2} |"
                )
            );
        }
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"median: throughput ratio {Median(pairs, p => p.Ours.Load.PerSecond / p.Ceiling.Load.PerSecond):F2} (at least 0.35), cpu ratio {Median(pairs, p => p.Ours.CpuMicros / p.Ceiling.CpuMicros):F2} (at most 3), p99/p50 {Median(pairs, p => p.Ours.Load.P99Ms / p.Ours.Load.P50Ms):F1} (at most 12; ceiling {Median(pairs, p => p.Ceiling.Load.P99Ms / p.Ceiling.Load.P50Ms):F1}), memory {pairs[^1].Ours.MemoryMb:F0} MB (ceiling {pairs[^1].Ceiling.MemoryMb:F0} MB)"
            )
        );
        await KillTest.RunAsync(ours, ourPort, keys, folder, provider, databases.Ours);
    }

    private static async Task<Round> RoundAsync(
        ServerProcess server,
        int port,
        string key,
        string secret,
        TimeSpan length,
        string run
    )
    {
        var unique = $"{run}-{Environment.ProcessId}-{Environment.TickCount64}";
        var requests = SignedRequests.Create(
            (int)(40_000 * length.TotalSeconds),
            port,
            key,
            secret,
            DateTimeOffset.UtcNow.ToUnixTimeSeconds(),
            unique
        );
        var cpu = server.Cpu;
        var load = await RawLoad.RunAsync(port, Connections, requests, length);
        if (load.Failures > 0 || load.Requests == 0)
            throw new InvalidOperationException(
                $"{load.Failures} requests failed, first: {load.FirstFailure}\n{server.Output}"
            );
        return new Round(load, (server.Cpu - cpu).TotalMicroseconds / load.Requests, server.MemoryMb);
    }

    private static double Median(
        List<(Round Ceiling, Round Ours)> pairs,
        Func<(Round Ceiling, Round Ours), double> value
    ) => pairs.Select(value).Order().ElementAt(pairs.Count / 2);
}

/// <summary>How the server under test is started, and the keys it made.</summary>
public static class StablePayServer
{
    public sealed record KeyPair(string ApiKey, string SecretKey);

    public static IEnumerable<string> Command(int port, string folder, string provider, string database)
    {
        var dll = Path.Combine(AppContext.BaseDirectory, "StablePay.Server.dll");
        string[] common =
        [
            dll,
            "--port",
            $"{port}",
            "--data",
            Path.Combine(folder, "data"),
            "--RateLimits:Test",
            "1000000",
            "--RateLimits:Live",
            "1000000",
        ];
        return provider == "sqlite"
            ? common
            : [.. common, "--Database:Provider", "postgres", "--Database:ConnectionString", database];
    }

    public static KeyPair Keys(string folder)
    {
        using var demo = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "data", "demo.json")));
        return new KeyPair(
            demo.RootElement.GetProperty("api_key").GetString()!,
            demo.RootElement.GetProperty("secret_key").GetString()!
        );
    }
}

/// <summary>A database for each side. PostgreSQL is a server that is already running: STABLEPAY_BENCH_POSTGRES.</summary>
public sealed record Databases(string Ceiling, string Ours) : IAsyncDisposable
{
    public static async Task<Databases> CreateAsync(string provider, string folder)
    {
        if (provider == "sqlite")
            return new Databases(Path.Combine(folder, "ceiling.db"), "");
        var server =
            Environment.GetEnvironmentVariable("STABLEPAY_BENCH_POSTGRES")
            ?? throw new InvalidOperationException(
                "Set STABLEPAY_BENCH_POSTGRES to a server that may create databases."
            );
        var names = new[] { "bench_ceiling", "bench_ours" };
        await using var connection = new NpgsqlConnection(server);
        await connection.OpenAsync();
        foreach (var name in names)
        {
            await using var drop = new NpgsqlCommand($"drop database if exists {name} with (force)", connection);
            await drop.ExecuteNonQueryAsync();
            await using var create = new NpgsqlCommand($"create database {name}", connection);
            await create.ExecuteNonQueryAsync();
        }
        string Of(string name) => new NpgsqlConnectionStringBuilder(server) { Database = name }.ConnectionString;
        return new Databases(Of(names[0]), Of(names[1]));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
