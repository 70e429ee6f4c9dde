namespace StablePay.Chains.Sandbox;

/// <summary>A movement of test money.</summary>
/// <param name="Reverted">The transaction failed: it stands in a block and moved nothing.</param>
public sealed record SandboxTransaction(
    string Hash,
    int Position,
    string Contract,
    UInt128 Atoms,
    string From,
    string To,
    bool Reverted
)
{
    /// <summary>It goes into no block that is older than this.</summary>
    public Instant NotBefore { get; init; }

    /// <summary>Its block leaves the chain, and it is sent again so much later; null if it stays.</summary>
    public TimeSpan? ComesAgain { get; init; }
}

/// <summary>From this height on the blocks of a sandbox chain are other ones than before.</summary>
public sealed record SandboxForkPoint(long FromHeight, long Number);

/// <summary>
/// Where a sandbox chain keeps what a real one keeps in its nodes, so that it survives a restart and is the same for
/// every process.
/// </summary>
public interface ISandboxStore
{
    /// <summary>Adds movements that are in no block yet.</summary>
    Task AddPendingAsync(NetworkId network, IReadOnlyList<SandboxTransaction> transactions, CancellationToken ct);

    /// <summary>
    /// Puts what is pending and has its time into this block. What comes again is put there alone, so that its block
    /// takes nothing else along when it leaves.
    /// </summary>
    Task MineAsync(NetworkId network, long height, Instant time, CancellationToken ct);

    /// <summary>
    /// Replaces the blocks that hold what comes again, if they are not above the tip; says from which height on.
    /// </summary>
    Task<long?> LeaveAsync(NetworkId network, long tip, Instant now, CancellationToken ct);

    Task<IReadOnlyList<SandboxTransaction>> ListAtAsync(NetworkId network, long height, CancellationToken ct);

    Task<IReadOnlyList<SandboxForkPoint>> ForksAsync(NetworkId network, CancellationToken ct);

    /// <summary>
    /// Replaces the blocks from a height on: what they held is dropped, or is pending again.
    /// </summary>
    Task ForkAsync(NetworkId network, long fromHeight, bool drop, CancellationToken ct);
}
