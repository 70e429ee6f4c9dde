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
        var database = await Database.OpenAsync(Options, TimeProvider.System, seams ?? Seams.None, CancellationToken.None);
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
        if (IsSqlite)
        {
            await using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Options.ConnectionString};Pooling=False");
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = sql;
            return Convert.ToString(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture) ?? "";
        }
        await using var source = NpgsqlDataSource.Create(Options.ConnectionString);
        await using var asked = source.CreateCommand(sql);
        return Convert.ToString(await asked.ExecuteScalarAsync(), CultureInfo.InvariantCulture) ?? "";
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        if (_folder is not null)
            Directory.Delete(_folder, recursive: true);
    }
}
