namespace StablePay.Chains;

/// <summary>Which addresses are ours. May say yes too often, never no wrongly.</summary>
public interface IAddressFilter
{
    /// <param name="address">
    /// Raw bytes: 20 on EVM networks and TRON, 32 on Solana; in the sandbox the UTF-8 of the text form.
    /// </param>
    bool MayContain(ReadOnlySpan<byte> address);
}

/// <summary>
/// What a watcher asks of a network. Every answer may be wrong, late or missing; an implementation throws
/// <see cref="NodeException"/> rather than guess, and never answers for another block than it was asked about.
/// </summary>
public interface IChain
{
    Network Network { get; }

    /// <summary>
    /// Checks that the node speaks for the pinned network: chain id, genesis, the tokens' code and decimals. Throws
    /// <see cref="WrongNetworkException"/> with a sentence for the operator (EVM-15, TOK-16).
    /// </summary>
    Task ProbeAsync(CancellationToken ct);

    /// <summary>
    /// What the pinned tokens' contracts say of themselves (TOK-14); empty on networks whose tokens have no such word:
    /// a mint of Solana's Token program cannot be paused. Throws <see cref="NodeException"/> where no node answers.
    /// </summary>
    Task<IReadOnlyList<TokenReading>> ReadTokensAsync(CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<TokenReading>>([]);

    /// <summary>The height of the node's head.</summary>
    Task<long> HeadAsync(CancellationToken ct);

    /// <summary>The block that carries the network's finality tag; null on networks whose rule is a depth.</summary>
    Task<BlockRef?> FinalizedAsync(CancellationToken ct);

    /// <summary>The node's block at a height; null if it has none there (yet, or ever).</summary>
    Task<BlockHeader?> HeaderAtAsync(long height, CancellationToken ct);

    /// <summary>
    /// The node's lowest block above a height; null if it has none (yet). That no block is missing between is proven by
    /// its parent: on most networks heights grow by one, on Solana a height is a slot, and slots are skipped.
    /// </summary>
    /// <param name="head">How far to look: what <see cref="HeadAsync"/> answered.</param>
    Task<BlockHeader?> HeaderAfterAsync(long height, long head, CancellationToken ct);

    /// <summary>
    /// The movements of pinned tokens to addresses of ours in exactly this block, asked for by its hash.
    /// </summary>
    Task<BlockTransfers> TransfersAsync(BlockHeader block, IAddressFilter ours, CancellationToken ct);

    /// <summary>
    /// What was told does not agree with other nodes: another node is asked first from now on, where there is one.
    /// </summary>
    void Doubt() { }

    /// <summary>Reads an address in the network's one display form; its raw bytes are what the filter knows.</summary>
    bool TryReadAddress(string text, out byte[] raw);
}

/// <summary>Gives the deposit address of an index. The same scheme means the same address space.</summary>
public interface IAddressDeriver
{
    /// <summary>Names the address space in which indexes are counted: <c>eip155</c>, <c>sandbox:tron</c>.</summary>
    string Scheme { get; }

    /// <summary>Indexes from 0 to below this have an address.</summary>
    long End { get; }

    /// <summary>The address in display form.</summary>
    string AddressAt(long index);

    /// <summary>
    /// The raw bytes of the same address, derived anew on a path that shares as little code as possible with the first,
    /// and nothing with what is kept ready (PAY-12); null where it cannot be proven just now.
    /// </summary>
    byte[]? AgainAt(long index);
}

/// <summary>An address space that is costly to derive, or wants the seed for it: addresses are made ahead.</summary>
public interface IAddressPool
{
    /// <summary>Makes the next addresses ready. Called now and then, never while somebody waits.</summary>
    /// <param name="next">The first index that may still be asked for.</param>
    void Refill(long next);
}
