namespace StablePay.Chains;

/// <summary>What addresses held, and of which block that is.</summary>
/// <param name="From">The lowest block that the answer may be of.</param>
/// <param name="To">
/// The highest; the same where a node tells for which block it answers. Between the two, each balance may be of another
/// block.
/// </param>
/// <param name="Held">An entry for each token and address that was asked about.</param>
public sealed record Holdings(long From, long To, IReadOnlyDictionary<TokenAt, Holding> Held);

/// <summary>
/// What a network's reader adds where balances can be asked for: the chain's own word on what our addresses hold, to be
/// compared with our books (L6).
/// </summary>
public interface IBalances
{
    /// <summary>How many tokens at addresses are asked about with one call of <see cref="HoldingsAsync"/>.</summary>
    int MostAtOnce { get; }

    /// <summary>
    /// What addresses hold in final blocks, not before <paramref name="final"/>: in exactly that block where a node can
    /// tell it.
    /// </summary>
    /// <param name="accounts">Of tokens of this network; at most <see cref="MostAtOnce"/>.</param>
    /// <param name="final">A final block of the chain that we follow.</param>
    /// <exception cref="NodeException">The node has not come so far, or its answer cannot be read. Nothing is guessed.</exception>
    Task<Holdings> HoldingsAsync(IReadOnlyList<TokenAt> accounts, BlockRef final, CancellationToken ct);
}

/// <summary>How contracts on both virtual machines tell that an address is frozen.</summary>
internal static class FrozenForm
{
    /// <summary>
    /// The names that issuers gave the question: USDT's, twice, and USDC's. Which of them a contract has is asked of
    /// the contract; some have none.
    /// </summary>
    public static readonly IReadOnlyList<string> Questions =
    [
        "isBlackListed(address)",
        "isBlacklisted(address)",
        "getBlackListStatus(address)",
    ];
}
