using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace StablePay.Testing;

/// <summary>
/// A real PostgreSQL of this test run: its own cluster in a temporary folder on a free loopback port, with fsync on.
/// It starts when the first database is asked for, and ends with the run even when the run is killed.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private readonly SemaphoreSlim _gate = new(1);
    private readonly string _folder = Directory.CreateTempSubdirectory("stablepay-postgres-").FullName;
    private Process? _process;
    private int _databases;

    public int Port { get; private set; }

    /// <summary>PostgreSQL refuses to run as root, so root starts it as the system's user for it.</summary>
    private static bool IsRoot => Environment.UserName == "root";

    private string Log => Path.Combine(_folder, "log");

    public string ConnectionString(string database) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"Host=127.0.0.1;Port={Port};Username=postgres;Database={database};Timeout=15;Maximum Pool Size=20"
        );

    /// <summary>A new empty database; an options text such as a collation may follow its name.</summary>
    public async Task<string> CreateDatabaseAsync(string options = "")
    {
        await StartAsync();
        var name = "t" + Interlocked.Increment(ref _databases).ToString(CultureInfo.InvariantCulture);
        await using var source = NpgsqlDataSource.Create(ConnectionString("postgres"));
        await using var command = source.CreateCommand($"create database {name} {options}");
        await command.ExecuteNonQueryAsync();
        return ConnectionString(name);
    }

    /// <summary>Does nothing when it runs already.</summary>
    public async Task StartAsync()
    {
        await _gate.WaitAsync();
        try
        {
            if (_process is null)
                await LaunchAsync();
        }
        finally
        {
            _gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        if (_process is not null)
        {
            // QUIT is PostgreSQL's immediate shutdown: no checkpoint, but its shared memory is given back.
            await RunAsync("kill", ["-s", "QUIT", _process.Id.ToString(CultureInfo.InvariantCulture)]);
            await _process.WaitForExitAsync();
            Orphans.Shared.Release(_process.Id);
            _process.Dispose();
        }
        _gate.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task LaunchAsync()
    {
        var programs = Programs();
        if (IsRoot)
            await RunAsync("chown", ["postgres", _folder]);
        var data = Path.Combine(_folder, "data");
        string[] makeCluster =
        [
            Path.Combine(programs, "initdb"),
            "-D",
            data,
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
        ];
        await RunAsync(
            "sh",
            ["-c", "log=$1; shift; exec \"$@\" >\"$log\" 2>&1", "sh", Log, .. AsPostgres(makeCluster)]
        );
        Port = AnvilNode.FreePort();
        string[] serve =
        [
            Path.Combine(programs, "postgres"),
            "-D",
            data,
            "-p",
            Port.ToString(CultureInfo.InvariantCulture),
            "-c",
            "listen_addresses=127.0.0.1",
            "-c",
            "unix_socket_directories=",
            "-c",
            "fsync=on",
            "-c",
            "max_connections=300",
            "-c",
            "deadlock_timeout=200ms",
        ];
        // Every step here is an exec, so the process we hold is PostgreSQL's own first one.
        var start = new ProcessStartInfo(
            "sh",
            ["-c", "log=$1; shift; exec \"$@\" >>\"$log\" 2>&1 </dev/null", "sh", Log, .. AsPostgres(serve)]
        )
        {
            WorkingDirectory = "/",
        };
        _process = Process.Start(start) ?? throw new InvalidOperationException("PostgreSQL did not start");
        Orphans.Shared.Adopt(_process.Id, "QUIT", _folder);
        await ReadyAsync(_process);
    }

    private async Task ReadyAsync(Process process)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await using var connection = new NpgsqlConnection(ConnectionString("postgres") + ";Pooling=False");
                await connection.OpenAsync();
                return;
            }
            catch (NpgsqlException e)
            {
                if (process.HasExited || watch.Elapsed > TimeSpan.FromSeconds(60))
                    throw new InvalidOperationException(
                        $"PostgreSQL did not start: {await File.ReadAllTextAsync(Log)}",
                        e
                    );
                await Task.Delay(50);
            }
        }
    }

    /// <summary>Version 15 where there is one, else the newest.</summary>
    private static string Programs()
    {
        const string installed = "/usr/lib/postgresql";
        var versions = Directory.Exists(installed)
            ? Directory
                .GetDirectories(installed)
                .Where(folder => File.Exists(Path.Combine(folder, "bin", "initdb")))
                .Select(folder => int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture))
                .ToArray()
            : [];
        if (versions.Length == 0)
            throw new InvalidOperationException(
                "PostgreSQL is not installed: apt-get install postgresql-15, or use ./test."
            );
        var version = versions.Contains(15) ? 15 : versions.Max();
        return Path.Combine(installed, version.ToString(CultureInfo.InvariantCulture), "bin");
    }

    private static string[] AsPostgres(string[] command) =>
        IsRoot ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", .. command] : command;

    private async Task RunAsync(string program, string[] arguments)
    {
        using var process =
            Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = "/" })
            ?? throw new InvalidOperationException($"{program} did not start");
        await process.WaitForExitAsync();
        if (process.ExitCode == 0)
            return;
        var log = File.Exists(Log) ? await File.ReadAllTextAsync(Log) : "";
        throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} failed. {log}");
    }
}
