using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace StablePay.Storage;

/// <summary>
/// SQLite in WAL mode: one writer connection on its own thread, a few readers. In memory there is one connection for
/// everything and every call completes before it returns, so that a simulation stays on one thread.
/// </summary>
internal sealed class SqliteDb : Db
{
    /// <summary>Older ones can lose committed data when a checkpoint and a writer meet (the WAL-reset bug).</summary>
    private static readonly Version OldestNative = new(3, 51, 3);

    private const int Readers = 4;
    private const int MostPerGroup = 512;

    private readonly string _path;
    private readonly Seams _seams;
    private readonly FileStream? _lock;
    private readonly Link? _only;
    private readonly SemaphoreSlim _places;
    private readonly ConcurrentBag<Link> _idle = [];
    private readonly GroupWriter _writer = new(SqliteDialect.Instance);
    private readonly WriteLane _lane;
    private readonly Retry _retry;

    private SqliteDb(string path, TimeProvider clock, Seams seams, FileStream? fileLock)
        : base(SqliteDialect.Instance)
    {
        (_path, _seams, _lock) = (path, seams, fileLock);
        _retry = new Retry(SqliteDialect.Instance, clock);
        if (path == DatabaseOptions.InMemory)
        {
            _only = seams.Disk ?? Connect(readOnly: false);
            _places = new SemaphoreSlim(1);
            _lane = new WriteLane(
                _writer,
                () => ValueTask.FromResult(_only!),
                _retry,
                MostPerGroup,
                Pump.Caller,
                _places
            );
        }
        else
        {
            _places = new SemaphoreSlim(Readers);
            _lane = new WriteLane(
                _writer,
                () => ValueTask.FromResult<Link>(Connect(false)),
                _retry,
                MostPerGroup,
                Pump.OwnThread
            );
        }
    }

    public override long Transactions => _writer.Transactions;

    public static SqliteDb Open(string path, TimeProvider clock, Seams seams)
    {
        Prepare();
        RefuseOldLibrary(seams.NativeVersion ?? raw.sqlite3_libversion().utf8_to_string());
        return path == DatabaseOptions.InMemory
            ? new SqliteDb(path, clock, seams, null)
            : new SqliteDb(Path.GetFullPath(path), clock, seams, SqliteFileLock.Take(Path.GetFullPath(path)));
    }

    public override async Task<T> ReadAsync<T>(Func<Link, ValueTask<T>> read, CancellationToken ct)
    {
        await _places.WaitAsync(ct);
        try
        {
            if (_only is not null)
                return await read(_only);
            return await _retry.RunAsync(async () =>
            {
                Link link = _idle.TryTake(out var known) ? known : Connect(readOnly: true);
                try
                {
                    return await read(link);
                }
                finally
                {
                    _idle.Add(link);
                }
            });
        }
        finally
        {
            _places.Release();
        }
    }

    public override async Task<T> WriteAsync<T>(Func<Link, ValueTask<T>> work, CancellationToken ct)
    {
        var entry = new WorkEntry<T>(work, ct);
        _lane.Post(entry);
        return await entry.Answer;
    }

    public override async Task<CommitResult> RunAsync(Commit commit, CancellationToken ct)
    {
        var entry = new CommitEntry(commit, ct);
        _lane.Post(entry);
        return await entry.Answer;
    }

    public override async ValueTask DisposeAsync()
    {
        await _lane.DisposeAsync();
        while (_idle.TryTake(out var link))
            await link.DisposeAsync();
        _places.Dispose();
        if (_lock is not null)
            await _lock.DisposeAsync();
    }

    private SqliteLink Connect(bool readOnly)
    {
        var settings = new SqliteConnectionStringBuilder
        {
            DataSource = _path,
            Pooling = false,
            DefaultTimeout = 5,
            Mode =
                _only is null && _path == DatabaseOptions.InMemory ? SqliteOpenMode.Memory
                : readOnly ? SqliteOpenMode.ReadWrite
                : SqliteOpenMode.ReadWriteCreate,
        };
        var connection = new SqliteConnection(settings.ConnectionString);
        try
        {
            connection.Open();
            foreach (var setting in SqliteDialect.SetUp(readOnly))
                Pragma(connection, setting);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
        return new SqliteLink(connection) { BeforeStatement = readOnly ? null : _seams.BeforeStatement };
    }

    private static void Pragma(SqliteConnection connection, string setting)
    {
        using var command = connection.CreateCommand();
        command.CommandText = setting;
        command.ExecuteNonQuery();
    }

    /// <summary>
    /// Every connection of ours is used by one caller at a time, so SQLite need not lock it with every call, and nobody
    /// reads its memory statistics. Both settings can be made before the first connection only; where a host has opened
    /// one already the answer is a refusal, and everything is merely slower.
    /// </summary>
    private static void Prepare()
    {
        const int MultiThread = 2;
        const int MemoryStatistics = 9;
        Batteries_V2.Init();
        _ = raw.sqlite3_config(MultiThread);
        _ = raw.sqlite3_config(MemoryStatistics, 0);
    }

    private static void RefuseOldLibrary(string version)
    {
        if (!Version.TryParse(version, out var native) || native < OldestNative)
        {
            throw new StartupRefusedException(
                $"The native SQLite library is version {version}, but StablePay needs {OldestNative} or newer, because "
                    + "older ones can lose committed data. Use the library that is shipped with StablePay."
            );
        }
    }
}
