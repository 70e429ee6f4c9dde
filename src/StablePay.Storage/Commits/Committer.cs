namespace StablePay.Storage;

/// <summary>Writes commits. Those that arrive together share one durable transaction.</summary>
public sealed class Committer
{
    private readonly Db _db;

    internal Committer(Db db) => _db = db;

    /// <summary>How many transactions have become durable so far.</summary>
    public long Transactions => _db.Transactions;

    /// <summary>
    /// Completes when the commit is durable, or has not happened at all. Canceling helps only while it still waits.
    /// Throws <see cref="StorageUnavailableException"/> when the database does not answer.
    /// </summary>
    public Task<CommitResult> RunAsync(Commit commit, CancellationToken ct) =>
        commit.IsEmpty ? Task.FromResult<CommitResult>(CommitResult.Done.Instance) : _db.RunAsync(commit, ct);
}
