namespace StablePay.Storage;

/// <summary>One database: where reads run, and how writes are put together into durable transactions.</summary>
internal abstract class Db(Dialect dialect) : IAsyncDisposable
{
    public Dialect Dialect => dialect;

    /// <summary>How many transactions have been made durable; many commits may have shared one.</summary>
    public abstract long Transactions { get; }

    /// <summary>Reads outside any transaction of ours. Every answer is of committed data.</summary>
    public abstract Task<T> ReadAsync<T>(Func<Link, ValueTask<T>> read, CancellationToken ct);

    /// <summary>
    /// Runs the work in a transaction; it has happened durably when this returns. May run it more than once.
    /// </summary>
    public abstract Task<T> WriteAsync<T>(Func<Link, ValueTask<T>> work, CancellationToken ct);

    public abstract Task<CommitResult> RunAsync(Commit commit, CancellationToken ct);

    public Task<IReadOnlyList<T>> ListAsync<T>(Sql sql, Func<Row, T> read, CancellationToken ct) =>
        ReadAsync<IReadOnlyList<T>>(async link => await link.ListAsync(sql, read, ct), ct);

    public Task<T?> FindAsync<T>(Sql sql, Func<Row, T> read, CancellationToken ct)
        where T : class => ReadAsync(link => link.FindAsync(sql, read, ct), ct);

    public Task<long> ExecuteAsync(Sql sql, CancellationToken ct) => WriteAsync(link => link.ExecuteAsync(sql, ct), ct);

    public abstract ValueTask DisposeAsync();
}
