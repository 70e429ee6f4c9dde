using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace StablePay.Storage.Tests;

/// <summary>
/// A real PostgreSQL of this test run: its own cluster in a temporary directory on a free loopback port. The tests
/// kill its clients, never the machine, so it need not wait for the disk.
/// </summary>
public sealed class TestCluster : IAsyncLifetime
{
    private const string Programs = "/usr/lib/postgresql/15/bin";
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"stablepay-pg-{Environment.ProcessId}");
    private int _databases;

    public int Port { get; private set; }

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(_folder);
        if (IsRoot)
            await RunAsync("chown", "postgres", _folder);
        var data = Path.Combine(_folder, "data");
        await AsPostgresAsync(
            Path.Combine(Programs, "initdb"),
            "-D",
            data,
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8"
        );
        Port = FreePort();
        await AsPostgresAsync(
            Path.Combine(Programs, "pg_ctl"),
            "-D",
            data,
            "-w",
            "-t",
            "60",
            "-l",
            Path.Combine(_folder, "log"),
            "-o",
            $"-p {Port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=300 "
                + "-c deadlock_timeout=200ms -c fsync=off -c full_page_writes=off",
            "start"
        );
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await AsPostgresAsync(
            Path.Combine(Programs, "pg_ctl"),
            "-D",
            Path.Combine(_folder, "data"),
            "-m",
            "immediate",
            "-w",
            "stop"
        );
        Directory.Delete(_folder, recursive: true);
    }

    public string ConnectionString(string database) =>
        $"Host=127.0.0.1;Port={Port};Username=postgres;Database={database};Timeout=15;Maximum Pool Size=20";

    /// <summary>A new empty database; an options text such as a collation may follow its name.</summary>
    public async Task<string> CreateDatabaseAsync(string options = "")
    {
        var name = $"t{Interlocked.Increment(ref _databases)}";
        await using var source = NpgsqlDataSource.Create(ConnectionString("postgres"));
        await using var command = source.CreateCommand($"create database {name} {options}");
        await command.ExecuteNonQueryAsync();
        return ConnectionString(name);
    }

    private static bool IsRoot => Environment.UserName == "root";

    private static Task AsPostgresAsync(params string[] command) =>
        IsRoot
            ? RunAsync("setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", .. command])
            : RunAsync(command[0], command[1..]);

    private static async Task RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = false, WorkingDirectory = "/" };
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0, $"{program} {string.Join(' ', arguments)}");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
