namespace StablePay.Storage;

/// <summary>
/// One connection to one of the two databases, used by one caller at a time. Statements are prepared once per
/// connection and found again by their text.
/// </summary>
internal abstract class Link : IAsyncDisposable
{
    /// <summary>Runs before each statement, reads too; a test's way to stop the program exactly there.</summary>
    public Func<string, ValueTask>? BeforeStatement { get; init; }

    /// <summary>Whether the connection is lost for good and has to be replaced.</summary>
    public virtual bool IsBroken => false;

    /// <summary>Runs a statement that returns no rows; says how many rows it changed.</summary>
    public ValueTask<long> ExecuteAsync(Sql sql, CancellationToken ct) => ExecuteAsync(sql.Shape, sql.Values, ct);

    public abstract ValueTask<long> ExecuteAsync(string shape, Value[] values, CancellationToken ct);

    public abstract ValueTask<List<T>> ListAsync<T>(Sql sql, Func<Row, T> read, CancellationToken ct);

    public async ValueTask<T?> FindAsync<T>(Sql sql, Func<Row, T> read, CancellationToken ct)
        where T : class
    {
        var rows = await ListAsync(sql, read, ct);
        return rows.Count == 0 ? null : rows[0];
    }

    /// <summary>
    /// Begins a transaction that will write: on SQLite it takes the write lock now, never in the middle.
    /// </summary>
    public abstract ValueTask BeginAsync(CancellationToken ct);

    public abstract ValueTask CommitAsync(CancellationToken ct);

    /// <summary>Undoes the transaction. Safe to call when the database has undone it already.</summary>
    public abstract ValueTask RollbackAsync();

    public abstract ValueTask DisposeAsync();
}
