namespace StablePay.Core.Networks;

/// <summary>Where a transfer stands on the chain we follow.</summary>
public enum TransferState
{
    /// <summary>In a block of the chain we follow.</summary>
    Included,

    /// <summary>
    /// Deep enough for the store's own acceptance table, and not final yet: its block may still leave the chain.
    /// </summary>
    Accepted,

    /// <summary>Its block left the chain we follow. It may come back in another.</summary>
    Orphaned,

    /// <summary>Irreversible by the network's rule, and credited.</summary>
    Final,
}

/// <summary>
/// What a transfer means for its session. Decided when it is included, from facts that do not change.
/// </summary>
public enum TransferClass
{
    /// <summary>A token that the payer was shown, in time: counts for the amount due.</summary>
    Counted,

    /// <summary>An accepted token, but its block is later than the session's end or it ended otherwise.</summary>
    Late,

    /// <summary>
    /// A known token that the payer did not choose, or on another network than they were shown (TOK-19): kept with its
    /// session, counts for nothing, and waits in suspense until somebody decides.
    /// </summary>
    Unattributed,

    /// <summary>
    /// Below the dust floor or of zero value: kept, shown to nobody as a payer, moves nothing (TOK-05, TOK-06).
    /// </summary>
    Dust,

    /// <summary>From one of our own addresses: never income (TOK-07).</summary>
    Internal,
}

/// <summary>One observed token movement to a deposit address; identity is (network, transaction, position).</summary>
public sealed record Transfer
{
    public required TransferId Id { get; init; }
    public required NetworkId Network { get; init; }
    public required string TransactionHash { get; init; }
    public required long Position { get; init; }
    public required TokenAmount Amount { get; init; }
    public required string From { get; init; }
    public required string To { get; init; }
    public required SessionId Session { get; init; }
    public required StoreId Store { get; init; }
    public required BlockRef Block { get; init; }

    /// <summary>The time of its block. On time or late is decided by this, never by arrival (P7).</summary>
    public required Instant BlockTime { get; init; }

    public required TransferState State { get; init; }
    public required TransferClass Class { get; init; }

    /// <summary>When we first saw it in a block.</summary>
    public required Instant SeenAt { get; init; }

    /// <summary>Increases by one with every change.</summary>
    public required long Version { get; init; }

    /// <summary>The id that this movement always has, however often its block changes.</summary>
    public static TransferId IdOf(NetworkId network, string transactionHash, long position) =>
        TransferId.From(
            IdSource.Derive(TransferId.Prefix, new Instant(0), $"{network}|{transactionHash}", 0, position)
        );
}

public static class TransferStates
{
    extension(TransferState state)
    {
        /// <summary>In a block of the chain that we follow, and not yet irreversible.</summary>
        public bool IsOpen =>
            state switch
            {
                TransferState.Included or TransferState.Accepted => true,
                TransferState.Orphaned or TransferState.Final => false,
            };
    }
}
