namespace StablePay.Storage;

/// <summary>What became of a commit. Anything but done means that none of its writes happened.</summary>
public abstract record CommitResult
{
    private CommitResult() { }

    public bool IsDone => this is Done;

    /// <summary>Everything is durable.</summary>
    public sealed record Done : CommitResult
    {
        public static readonly Done Instance = new();
    }

    /// <summary>
    /// Something changed since it was read: an object's id, or <c>job</c>, <c>lease</c>, <c>idempotency</c>.
    /// </summary>
    public sealed record Stale(string What) : CommitResult;

    /// <summary>
    /// A unique fact exists already: <c>order_id</c>, <c>transfer</c>, <c>address</c>, <c>nonce</c> …
    /// </summary>
    public sealed record Duplicate(string What) : CommitResult;
}
