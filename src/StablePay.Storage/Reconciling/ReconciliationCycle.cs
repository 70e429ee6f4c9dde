namespace StablePay.Storage;

/// <summary>How far a comparison of all addresses of a network is, or of the ledger with itself.</summary>
/// <param name="Subject">The network's id, or <c>ledger</c>.</param>
/// <param name="Number">From 1 on, one more with each cycle.</param>
/// <param name="FinishedAt">Null while it goes on.</param>
/// <param name="After">The last address that was compared.</param>
/// <param name="Compared">Addresses so far.</param>
public sealed record ReconciliationCycle(
    string Subject,
    long Number,
    Instant StartedAt,
    Instant? FinishedAt,
    string After,
    long Compared
)
{
    /// <summary>What was found wrong in the ledger; 0 for networks, whose differences are items.</summary>
    public long Faults { get; init; }

    /// <summary>Increases by one with every change.</summary>
    public long Version { get; init; } = 1;
}

/// <summary>What books are made of: one transfer to, or from, an address of ours.</summary>
/// <param name="Certain">In a final block, and credited if it is to be.</param>
/// <param name="Contract">Names the token.</param>
public sealed record Movement(
    string From,
    string To,
    string Contract,
    UInt128 Atoms,
    long Height,
    bool Certain,
    bool IsInternal
);

/// <summary>How many open items a network has of a kind.</summary>
public sealed record OpenItems(NetworkId Network, DifferenceKind Kind, long Count);
