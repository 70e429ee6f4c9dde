using Microsoft.Data.Sqlite;
using SQLitePCL;
using StablePay.Storage;

namespace StablePay.Simulation.World;

/// <summary>What a statement meets on its way to the disk.</summary>
internal enum DiskTrouble
{
    None,

    /// <summary>Another program holds the lock.</summary>
    Busy,

    /// <summary>There is no room left.</summary>
    Full,

    /// <summary>A read or a write failed.</summary>
    Error,
}

/// <summary>
/// The database of the simulated machines: SQLite in memory, which outlives the processes that use it. What a
/// transaction has committed is there after a crash. After a loss of power it is there if the connection was set up to
/// wait for the disk, and otherwise the state of some moments ago.
/// </summary>
internal sealed class SimDisk : IDisposable
{
    private const int FullSync = 2;

    private SqliteConnection _synced;
    private long _commits;
    private long _syncedAt;

    public SimDisk()
    {
        Batteries_V2.Init();
        Connection = Open();
        _synced = Open();
        Link = LinkTo(Connection);
    }

    public SqliteConnection Connection { get; private set; }

    public SqliteLink Link { get; private set; }

    /// <summary>Called before each statement of a transaction; decides what becomes of it.</summary>
    public Func<string, ValueTask>? BeforeStatement { get; set; }

    /// <summary>Told of every row that a statement changes: what it did, the table, the row.</summary>
    public Action<RowChange>? Changed { get; set; }

    /// <summary>How many transactions were committed.</summary>
    public long Commits => _commits;

    /// <summary>Fails the statement that is about to run.</summary>
    public static SqliteException FailureOf(DiskTrouble trouble) =>
        trouble switch
        {
            DiskTrouble.Full => new SqliteException("database or disk is full", raw.SQLITE_FULL),
            DiskTrouble.Error => new SqliteException("disk I/O error", raw.SQLITE_IOERR),
            _ => new SqliteException("database is locked", raw.SQLITE_BUSY),
        };

    public bool IsInTransaction => raw.sqlite3_get_autocommit(Connection.Handle!) == 0;

    /// <summary>Undoes what a process had begun when it died.</summary>
    public void Undo()
    {
        if (IsInTransaction)
            Execute("rollback");
    }

    /// <summary>Commits what a process had begun, and tells it nothing: it dies with this statement.</summary>
    public void CommitForTheDead()
    {
        Execute("commit");
        Count();
    }

    /// <summary>A commit has been asked for and will happen.</summary>
    public void Count()
    {
        _commits++;
        // Only a connection that does not wait for the disk has anything to lose; now and then the disk catches up.
        if (_commits - _syncedAt >= 25 && !WaitsForDisk())
            Sync();
    }

    /// <summary>The power goes: what the disk had not been made to keep is lost. True if something was.</summary>
    public bool LosePower()
    {
        Undo();
        if (WaitsForDisk())
            return false;
        Replace(_synced);
        return true;
    }

    /// <summary>A backup as it is now, taken while everything runs.</summary>
    public SqliteConnection Backup()
    {
        var copy = Open();
        Connection.BackupDatabase(copy);
        return copy;
    }

    /// <summary>Puts a backup in the place of the database.</summary>
    public void Restore(SqliteConnection backup) => Replace(backup);

    public void Dispose()
    {
        Link.Close();
        _synced.Dispose();
    }

    private void Sync()
    {
        _syncedAt = _commits;
        _synced.Dispose();
        _synced = Backup();
    }

    private void Replace(SqliteConnection content)
    {
        var next = Open();
        content.BackupDatabase(next);
        Link.Close();
        Connection = next;
        Link = LinkTo(next);
        Sync();
    }

    private bool WaitsForDisk()
    {
        using var command = Connection.CreateCommand();
        command.CommandText = "pragma synchronous";
        return (long)command.ExecuteScalar()! >= FullSync;
    }

    private SqliteLink LinkTo(SqliteConnection connection)
    {
        raw.sqlite3_update_hook(
            connection.Handle!,
            (_, action, _, table, row) =>
                Changed?.Invoke(new RowChange((RowAction)action, table.utf8_to_string(), row)),
            null
        );
        return new SqliteLink(connection)
        {
            IsShared = true,
            BeforeStatement = shape => BeforeStatement?.Invoke(shape) ?? ValueTask.CompletedTask,
        };
    }

    /// <summary>Set up as production sets its writer's connection up.</summary>
    private static SqliteConnection Open()
    {
        var connection = new SqliteConnection("Data Source=:memory:;Pooling=False");
        connection.Open();
        foreach (var setting in SqliteDialect.SetUp(readOnly: false))
        {
            using var command = connection.CreateCommand();
            command.CommandText = setting;
            command.ExecuteNonQuery();
        }
        return connection;
    }

    private void Execute(string statement)
    {
        using var command = Connection.CreateCommand();
        command.CommandText = statement;
        command.ExecuteNonQuery();
    }
}

/// <summary>What SQLite calls it.</summary>
internal enum RowAction
{
    Delete = 9,
    Insert = 18,
    Update = 23,
}

/// <summary>A row that a statement changed; its transaction may still be undone.</summary>
internal readonly record struct RowChange(RowAction Action, string Table, long Row);
