namespace StablePay.Core.Jobs;

/// <summary>The catalogue of background work. The name is what the jobs table holds.</summary>
public sealed record JobKind
{
    private static readonly List<JobKind> Entries = [];

    private JobKind(string name, TimeSpan lease, int maxAttempts)
    {
        (Name, Lease, MaxAttempts) = (name, lease, maxAttempts);
        Entries.Add(this);
    }

    public string Name { get; }

    /// <summary>How long one attempt may hold the job before it is simply due again.</summary>
    public TimeSpan Lease { get; }

    /// <summary>After this many attempts the job is dead: visible, and restartable by a person.</summary>
    public int MaxAttempts { get; }

    public static IReadOnlyList<JobKind> All => Entries;

    /// <summary>
    /// Ends a session whose time is over, once the watchers of its networks have seen that time pass.
    /// </summary>
    public static readonly JobKind ExpireSession = new("expire_session", TimeSpan.FromSeconds(30), 1_000_000);

    /// <summary>One try to deliver one event to one endpoint.</summary>
    public static readonly JobKind DeliverWebhook = new("deliver_webhook", TimeSpan.FromSeconds(60), 1_000);

    /// <summary>Removes nonces and idempotency records that have outlived their promise.</summary>
    public static readonly JobKind PruneExpired = new("prune_expired", TimeSpan.FromSeconds(60), 1_000_000);

    /// <summary>
    /// Compares our books with a network's balances, or with themselves; always due again. One attempt goes through
    /// many addresses, so its lease is long.
    /// </summary>
    public static readonly JobKind Reconcile = new("reconcile", TimeSpan.FromMinutes(10), 1_000_000);

    public static JobKind Of(string name) =>
        Entries.Find(k => k.Name == name) ?? throw new InvariantBrokenException($"unknown job kind {name}");

    public override string ToString() => Name;
}
