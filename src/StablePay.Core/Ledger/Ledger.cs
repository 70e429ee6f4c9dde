namespace StablePay.Core.Ledger;

public enum Side
{
    Debit,
    Credit,
}

/// <summary>
/// A named balance of one token, such as <c>store:st_…:balance</c> or <c>network:eip155:1:deposits</c>.
/// </summary>
public readonly record struct LedgerAccount(string Name)
{
    public static LedgerAccount StoreBalance(StoreId store) => new($"store:{store}:balance");

    public static LedgerAccount StoreSuspense(StoreId store) => new($"store:{store}:suspense");

    /// <summary>What the store went without because its tolerance took less for paid (PAY-02): its debits.</summary>
    public static LedgerAccount StoreTolerance(StoreId store) => new($"store:{store}:tolerance");

    /// <summary>The other side of <see cref="StoreTolerance"/>: what payers were let off.</summary>
    public static LedgerAccount StoreShortage(StoreId store) => new($"store:{store}:shortage");

    public static LedgerAccount Deposits(NetworkId network) => new($"network:{network}:deposits");

    /// <summary>
    /// Whether a running total is kept. Only a store's accounts have one; network accounts are summed by the
    /// reconciler, so that no row is written by everyone.
    /// </summary>
    public bool HasRunningTotal => Name.StartsWith("store:", StringComparison.Ordinal);

    public override string ToString() => Name;
}

/// <summary>One debit or credit line of an entry.</summary>
public readonly record struct Posting(LedgerAccount Account, Side Side, TokenAmount Amount);

/// <summary>A balanced, immutable set of postings with the fact that caused it. (Cause, account) is unique.</summary>
public sealed record LedgerEntry
{
    public LedgerEntry(EntryId id, string cause, StoreId store, Instant at, IReadOnlyList<Posting> postings)
    {
        Invariant.Holds(postings.Count >= 2, "an entry has at least two postings (L2)");
        foreach (var group in postings.GroupBy(p => p.Amount.Token))
        {
            var debits = group
                .Where(p => p.Side == Side.Debit)
                .Aggregate(UInt128.Zero, (sum, p) => checked(sum + p.Amount.Atoms));
            var credits = group
                .Where(p => p.Side == Side.Credit)
                .Aggregate(UInt128.Zero, (sum, p) => checked(sum + p.Amount.Atoms));
            Invariant.Holds(debits == credits, $"entry {cause} does not balance in {group.Key}");
        }
        (Id, Cause, Store, At, Postings) = (id, cause, store, at, postings);
    }

    public EntryId Id { get; }

    /// <summary>The fact: <c>transfer_final:tr_…</c>.</summary>
    public string Cause { get; }

    public StoreId Store { get; }
    public Instant At { get; }
    public IReadOnlyList<Posting> Postings { get; }
}
