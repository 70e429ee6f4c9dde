namespace StablePay.Storage;

/// <summary>Which database to use.</summary>
/// <param name="Provider"><c>sqlite</c> or <c>postgres</c>.</param>
/// <param name="ConnectionString">
/// A connection string; for SQLite the path of its file, or <c>:memory:</c> for one that lives and dies with the
/// program.
/// </param>
public sealed record DatabaseOptions(string Provider, string ConnectionString)
{
    public const string Sqlite = "sqlite";
    public const string Postgres = "postgres";
    public const string InMemory = ":memory:";
}

/// <summary>What tests put in the place of the world.</summary>
internal sealed record Seams
{
    public static readonly Seams None = new();

    /// <summary>The version that the native SQLite library says it has.</summary>
    public string? NativeVersion { get; init; }

    /// <summary>Called before each statement, reads too, of a migration and on the connection that writes.</summary>
    public Func<string, ValueTask>? BeforeStatement { get; init; }

    /// <summary>
    /// The connection of a database in memory that outlives those who use it, as a disk outlives a process; whoever
    /// made it closes it.
    /// </summary>
    public Link? Disk { get; init; }

    /// <summary>Stop after this migration, as the program of that time did.</summary>
    public int? LastMigration { get; init; }
}
