namespace StablePay.Core.Ledger;

/// <summary>Where an item stands.</summary>
public enum ItemState
{
    /// <summary>Seen once: looked at again before anybody is told.</summary>
    Suspected,

    /// <summary>Seen again: a difference that an operator has to know of.</summary>
    Open,

    /// <summary>Books and chain agree again.</summary>
    Closed,
}

/// <summary>
/// A difference between our books and a chain about one token at one address, from its first sight until both agree
/// again. There is one that is not closed for each address, token and kind.
/// </summary>
public sealed record ReconciliationItem
{
    public required ReconciliationItemId Id { get; init; }
    public required TokenAt At { get; init; }

    /// <summary>Whose deposit address it is.</summary>
    public required SessionId Session { get; init; }
    public required StoreId Store { get; init; }
    public required ItemState State { get; init; }

    /// <summary>As it was seen last.</summary>
    public required Difference Difference { get; init; }

    /// <summary>
    /// The block that the balance is of; where a node does not tell it, the highest that it can be of.
    /// </summary>
    public required long Height { get; init; }
    public required Instant SuspectedAt { get; init; }

    /// <summary>Null while it is only suspected.</summary>
    public Instant? OpenedAt { get; init; }
    public Instant? ClosedAt { get; init; }

    /// <summary>The cycle of comparison in which a suspicion was last looked at again; 0 if in none.</summary>
    public long LookedInCycle { get; init; }

    /// <summary>Increases by one with every change.</summary>
    public long Version { get; init; } = 1;

    /// <summary>The difference was seen a second time.</summary>
    public ReconciliationItem Open(Difference difference, long height, Instant now)
    {
        Invariant.Holds(State == ItemState.Suspected, "only a suspicion is opened");
        return See(difference, height) with { State = ItemState.Open, OpenedAt = now };
    }

    /// <summary>The same difference with the figures of now.</summary>
    public ReconciliationItem See(Difference difference, long height)
    {
        Invariant.Holds(difference.Kind == Difference.Kind, "an item keeps its kind");
        Invariant.Holds(State != ItemState.Closed, "a closed item does not change");
        return this with { Difference = difference, Height = height, Version = Version + 1 };
    }

    /// <summary>Nobody agreed on it in this cycle: it stays a suspicion until the next.</summary>
    public ReconciliationItem Doubt(long cycle)
    {
        Invariant.Holds(State == ItemState.Suspected, "only a suspicion is doubted");
        return this with { LookedInCycle = cycle, Version = Version + 1 };
    }

    /// <summary>Books and chain agree again.</summary>
    public ReconciliationItem Close(Instant now)
    {
        Invariant.Holds(State == ItemState.Open, "only an open item is closed");
        return this with { State = ItemState.Closed, ClosedAt = now, Version = Version + 1 };
    }
}
