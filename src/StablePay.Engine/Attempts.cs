using StablePay.Storage;

namespace StablePay.Engine;

/// <summary>
/// The one place that decides again after a stale write: somebody else committed between our read and our commit, so
/// everything is loaded and decided anew, at most five times.
/// </summary>
public static class Attempts
{
    private const int Most = 5;

    /// <summary>
    /// Runs the attempt until its commit was not stale, and returns that attempt's answer. An attempt returns its
    /// answer
    /// and the commit to run for it, or no commit if there is nothing to write.
    /// </summary>
    public static async Task<(T Answer, CommitResult Result)> RunAsync<T>(
        Committer commits,
        Func<Task<(T Answer, Commit? Commit)>> attempt,
        CancellationToken ct
    )
    {
        for (var i = 1; ; i++)
        {
            var (answer, commit) = await attempt();
            var result =
                commit is null || commit.IsEmpty ? new CommitResult.Done() : await commits.RunAsync(commit, ct);
            // A request that lost its Idempotency-Key to another cannot win it back by deciding again.
            if (result is not CommitResult.Stale stale || stale.What == "idempotency")
                return (answer, result);
            if (stale.What == "lease")
                throw new Watching.LeaseLostException();
            if (i == Most)
                throw new StorageUnavailableException($"{stale.What} kept changing while it was written.");
        }
    }
}
