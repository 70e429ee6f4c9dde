using System.Data.Common;
using System.Text;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace StablePay.Storage.Tests;

/// <summary>An empty database of one test, and every handle that was opened on it.</summary>
internal sealed class TestDatabase : IAsyncDisposable
{
    private readonly string? _folder;
    private readonly List<Database> _open = [];

    private TestDatabase(DatabaseOptions options, string? folder) => (Options, _folder) = (options, folder);

    public DatabaseOptions Options { get; }

    public bool IsSqlite => _folder is not null;

    public static async Task<TestDatabase> CreateAsync(string provider, TestCluster cluster, string options = "")
    {
        if (provider == DatabaseOptions.Postgres)
            return new(new DatabaseOptions(provider, await cluster.CreateDatabaseAsync(options)), null);
        var folder = Directory.CreateTempSubdirectory("stablepay-storage-").FullName;
        return new(new DatabaseOptions(provider, Path.Combine(folder, "stablepay.db")), folder);
    }

    public async Task<Database> OpenAsync(Seams? seams = null)
    {
        var database = await Database.OpenAsync(
            Options,
            TimeProvider.System,
            seams ?? Seams.None,
            CancellationToken.None
        );
        _open.Add(database);
        return database;
    }

    /// <summary>Closes every handle; the data stays.</summary>
    public async Task CloseAsync()
    {
        foreach (var database in _open)
            await database.DisposeAsync();
        _open.Clear();
    }

    /// <summary>Asks the database directly, past our own code.</summary>
    public async Task<string> AskAsync(string sql)
    {
        await using var connection = await ConnectAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToString(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture) ?? "";
    }

    /// <summary>Every row of every table as text.</summary>
    public async Task<string> DumpAsync()
    {
        await using var connection = await ConnectAsync();
        return await DumpAsync(connection);
    }

    public static async Task<string> DumpFileAsync(string file)
    {
        await using var connection = await ConnectToFileAsync(file);
        return await DumpAsync(connection);
    }

    /// <summary>Tables, columns, indexes, and the journal's versions as text.</summary>
    public async Task<string> SchemaAsync()
    {
        await using var connection = await ConnectAsync();
        return await SchemaAsync(connection);
    }

    public static async Task<string> SchemaOfFileAsync(string file)
    {
        await using var connection = await ConnectToFileAsync(file);
        return await SchemaAsync(connection);
    }

    /// <summary>A copy of the files as they are now; the path of the copy.</summary>
    public string CopyFiles()
    {
        var copy = Path.Combine(
            Directory.CreateDirectory(Path.Combine(_folder!, Guid.NewGuid().ToString("N"))).FullName,
            "copy.db"
        );
        foreach (var suffix in (string[])["", "-wal"])
        {
            if (File.Exists(Options.ConnectionString + suffix))
                File.Copy(Options.ConnectionString + suffix, copy + suffix);
        }
        return copy;
    }

    /// <summary>Back to an empty database.</summary>
    public async Task ClearAsync()
    {
        await CloseAsync();
        if (_folder is null)
        {
            await AskAsync("drop schema public cascade; create schema public");
            return;
        }
        foreach (var suffix in (string[])["", "-wal", "-shm", ".lock"])
            File.Delete(Options.ConnectionString + suffix);
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        if (_folder is not null)
            Directory.Delete(_folder, recursive: true);
    }

    private async Task<DbConnection> ConnectAsync()
    {
        if (IsSqlite)
            return await ConnectToFileAsync(Options.ConnectionString);
        var connection = new NpgsqlConnection(Options.ConnectionString + ";Pooling=False");
        await connection.OpenAsync();
        return connection;
    }

    private static async Task<DbConnection> ConnectToFileAsync(string file)
    {
        var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        await connection.OpenAsync();
        return connection;
    }

    private static async Task<string> DumpAsync(DbConnection connection)
    {
        var text = new StringBuilder();
        var tables = (
            await RowsAsync(
                connection,
                connection is SqliteConnection
                    ? "select name from sqlite_master where type = 'table' and name not like 'sqlite_%' order by 1"
                    : "select tablename from pg_tables where schemaname = 'public' order by 1"
            )
        ).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        foreach (var table in tables)
            text.Append(
                CultureInfo.InvariantCulture,
                $"== {table}\n{await RowsAsync(connection, $"select * from {table} order by 1, 2")}"
            );
        return text.ToString();
    }

    private static async Task<string> SchemaAsync(DbConnection connection)
    {
        var text = await RowsAsync(
            connection,
            connection is SqliteConnection
                ? "select name, sql from sqlite_master order by name"
                : """
                select table_name || '.' || column_name, data_type || is_nullable
                from information_schema.columns where table_schema = 'public'
                union all select indexname, indexdef from pg_indexes where schemaname = 'public'
                union all select conrelid::regclass::text || conname, pg_get_constraintdef(oid)
                from pg_constraint where connamespace = 'public'::regnamespace
                order by 1, 2
                """
        );
        return text.Contains("schema_journal", StringComparison.Ordinal)
            ? text
                + await RowsAsync(
                    connection,
                    "select 'journal ' || cast(version as text) from schema_journal order by version"
                )
            : text;
    }

    private static async Task<string> RowsAsync(DbConnection connection, string sql)
    {
        var text = new StringBuilder();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            var values = new object[reader.FieldCount];
            reader.GetValues(values);
            text.AppendJoin('|', values.Select(v => Convert.ToString(v, CultureInfo.InvariantCulture))).Append('\n');
        }
        return text.ToString();
    }
}
