namespace StablePay.Storage;

/// <summary>An address of ours and the one session that it was issued to, for ever (A1).</summary>
public sealed record DepositAddress(
    NetworkId Network,
    string Address,
    SessionId Session,
    StoreId Store,
    long Index,
    Instant CreatedAt
);

/// <summary>One use of a nonce by a key.</summary>
public sealed record NonceClaim(string KeyId, string Nonce, Instant ExpiresAt);

/// <summary>The right to run the one request of this idempotency key. The owner is this attempt's own mark.</summary>
public sealed record IdempotencyClaim(
    string KeyId,
    string Key,
    string RequestHash,
    string Owner,
    Instant RunningUntil,
    Instant ExpiresAt
);

/// <summary>What is kept of an idempotent request: its hash and, once done, its answer.</summary>
public sealed record IdempotencyRecord(string RequestHash, bool IsDone, int Status, byte[] Body, Instant RunningUntil);

/// <summary>
/// An event to be told. The stored body is head, the store's next sequence in decimal, and tail, put together inside
/// the transaction, so that the stored bytes hold the sequence.
/// </summary>
public sealed record NewEvent(
    EventId Id,
    StoreId Store,
    bool Live,
    EventType Type,
    string ObjectId,
    long ObjectVersion,
    Instant CreatedAt,
    string BodyHead,
    string BodyTail
)
{
    /// <summary>The real time from which it is delivered, where the store's clock shows another.</summary>
    public Instant DueAt { get; init; } = CreatedAt;
}

public sealed record StoredEvent(
    EventId Id,
    StoreId Store,
    bool Live,
    string Type,
    long Sequence,
    string ObjectId,
    long ObjectVersion,
    Instant CreatedAt,
    string Body
);

/// <summary>A held lease. The term grows with every new holder: a holder of an older term changes nothing.</summary>
public sealed record LeaseGrip(string Name, string Owner, long Term);

/// <summary>What an attempt at a job came to.</summary>
public abstract record JobOutcome
{
    private JobOutcome() { }

    public sealed record Done : JobOutcome;

    /// <summary>Due again at this time; the error is a short word of ours, or null where nothing went wrong.</summary>
    public sealed record Again(Instant DueAt, string? Error) : JobOutcome;

    /// <summary>Given up: visible, and restartable by a person.</summary>
    public sealed record Dead(string Error) : JobOutcome;
}

/// <summary>How many jobs of a lane to claim at most; the empty name stands for the jobs without a lane.</summary>
public readonly record struct LaneShare(string Lane, int Most);

public sealed record JobCounts(long Ready, long Done, long Dead);

/// <summary>Which sessions to list, newest first. Null means any.</summary>
/// <param name="Status">The public <c>payment_status</c>.</param>
/// <param name="CreatedFrom">At or after.</param>
/// <param name="CreatedTo">Before or at.</param>
/// <param name="StartingAfter">The last one of the page before.</param>
public sealed record SessionFilter(
    int Limit,
    string? OrderId = null,
    string? Status = null,
    Instant? CreatedFrom = null,
    Instant? CreatedTo = null,
    string? TransactionHash = null,
    SessionId? StartingAfter = null
);

public sealed record QuarantineEntry(NetworkId Network, BlockRef Block, QuarantinedTransfer Transfer, Instant SeenAt);

/// <summary>The last good rate of a currency.</summary>
/// <param name="AsOf">The time that the sources speak of.</param>
/// <param name="SavedAt">When we chose it.</param>
/// <param name="Detail">Opaque text of the rates' own: what confirmed it, what is pending.</param>
public sealed record StoredRate(
    string Currency,
    Rate Rate,
    string Source,
    Instant AsOf,
    Instant SavedAt,
    string Detail
);

/// <summary>A transfer on a sandbox network; the height is null while it waits to be mined.</summary>
public sealed record SandboxTransfer(
    NetworkId Network,
    string TransactionHash,
    int Position,
    string Contract,
    UInt128 Atoms,
    string From,
    string To,
    bool Reverted,
    long? Height
)
{
    /// <summary>It goes into no block that is older than this.</summary>
    public Instant NotBefore { get; init; }

    /// <summary>Its block leaves the chain, and it is sent again so much later; null if it stays.</summary>
    public TimeSpan? ComesAgain { get; init; }
}

/// <summary>What one store has with a sandbox network.</summary>
public enum TroubleKind
{
    /// <summary>Its blocks are read late.</summary>
    Slow,

    /// <summary>It is not read at all.</summary>
    Outage,
}

/// <summary>Trouble with a sandbox network that one store plays, in real time.</summary>
/// <param name="From">The time of the last block that was read before.</param>
/// <param name="Height">The height of that block.</param>
public sealed record SandboxTrouble(
    StoreId Store,
    NetworkId Network,
    TroubleKind Kind,
    Instant From,
    Instant Until,
    long Height
);

/// <summary>
/// From this height on the sandbox network's blocks belong to this branch, so that their hashes differ.
/// </summary>
public sealed record SandboxFork(NetworkId Network, long FromHeight, long Number);

/// <summary>A ledger account's running totals in one token.</summary>
public readonly record struct Balance(UInt128 Debits, UInt128 Credits);
