namespace StablePay.Storage;

/// <summary>Something waiting to be written as a part of a transaction that it shares with others.</summary>
internal abstract class WriteEntry(CancellationToken ct)
{
    /// <summary>Whether nobody waits for it any more. Once it has been written this changes nothing.</summary>
    public bool IsCanceled => ct.IsCancellationRequested;

    /// <summary>Whether the last run changed something, so that falling out needs an undo.</summary>
    public bool HasWritten { get; protected set; }

    /// <summary>
    /// Writes inside the open transaction. False when it must fall out: what it wrote is to be undone.
    /// </summary>
    public abstract ValueTask<bool> RunAsync(Link link);

    /// <summary>Takes a broken unique fact as this entry's answer; false where it is an error.</summary>
    public virtual bool TryFallOut() => false;

    /// <summary>Answers the caller; what the last run returned is durable, or has been undone.</summary>
    public abstract void Complete();

    public abstract void Fail(Exception exception);

    public abstract void Cancel();
}

internal sealed class CommitEntry(Commit commit, CancellationToken ct) : WriteEntry(ct)
{
    private readonly TaskCompletionSource<CommitResult> _answer = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );
    private readonly CancellationToken _ct = ct;

    public Commit Commit => commit;

    public Task<CommitResult> Answer => _answer.Task;

    public CommitResult Result { get; set; } = CommitResult.Done.Instance;

    public override async ValueTask<bool> RunAsync(Link link)
    {
        HasWritten = false;
        Result = CommitResult.Done.Instance;
        foreach (var statement in commit.Statements)
        {
            var changed = await link.ExecuteAsync(statement.Shape, statement.Values, CancellationToken.None);
            if (changed == 0 && statement.Miss is { } miss)
            {
                Result = miss;
                return false;
            }
            HasWritten |= changed > 0;
        }
        return true;
    }

    public override bool TryFallOut()
    {
        Result = new CommitResult.Duplicate("unique");
        return true;
    }

    public override void Complete() => _answer.TrySetResult(Result);

    public override void Fail(Exception exception) => _answer.TrySetException(exception);

    public override void Cancel() => _answer.TrySetCanceled(_ct);
}

internal sealed class WorkEntry<T>(Func<Link, ValueTask<T>> work, CancellationToken ct) : WriteEntry(ct)
{
    private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationToken _ct = ct;
    private T? _result;

    public Task<T> Answer => _answer.Task;

    public override async ValueTask<bool> RunAsync(Link link)
    {
        HasWritten = true;
        _result = await work(link);
        return true;
    }

    public override void Complete() => _answer.TrySetResult(_result!);

    public override void Fail(Exception exception) => _answer.TrySetException(exception);

    public override void Cancel() => _answer.TrySetCanceled(_ct);
}
