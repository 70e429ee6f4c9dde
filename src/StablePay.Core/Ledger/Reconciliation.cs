namespace StablePay.Core.Ledger;

/// <summary>In what our books and a chain differ about one token at one address.</summary>
public enum DifferenceKind
{
    /// <summary>The chain holds less than came: burnt by the token's issuer, or moved without us (TOK-13).</summary>
    Missing,

    /// <summary>The chain holds more than we saw come.</summary>
    Surplus,

    /// <summary>Money is there and cannot leave: the issuer has frozen the address (TOK-13).</summary>
    Frozen,
}

/// <summary>
/// What our books say that an address holds of a token. Two figures, as the answer of a node may be of any moment
/// between two blocks, and as final transfers may wait for more nodes to agree.
/// </summary>
/// <param name="Certain">Final transfers that every possible answer has in it.</param>
/// <param name="Possible">All that came in, final or not, that an answer may have in it; not below the first.</param>
public readonly record struct Booked(UInt128 Certain, UInt128 Possible);

/// <summary>One difference, in atoms of the token.</summary>
/// <param name="Booked">What our books say; of the two figures the one that is nearer to the chain.</param>
/// <param name="OnChain">What the chain holds.</param>
public readonly record struct Difference(DifferenceKind Kind, UInt128 Booked, UInt128 OnChain)
{
    /// <summary>How far they are apart; 0 or more.</summary>
    public UInt128 Atoms => Booked > OnChain ? Booked - OnChain : OnChain - Booked;
}

/// <summary>Compares books with balances. Pure (L6).</summary>
public static class Reconciliation
{
    /// <summary>
    /// The differences between the two; empty if they agree. Money may be missing and frozen at once.
    /// </summary>
    public static IReadOnlyList<Difference> Compare(Booked booked, Holding held)
    {
        Invariant.Holds(booked.Certain <= booked.Possible, "what is certain is possible");
        var found = new List<Difference>(1);
        if (held.Atoms < booked.Certain)
            found.Add(new Difference(DifferenceKind.Missing, booked.Certain, held.Atoms));
        if (held.Atoms > booked.Possible)
            found.Add(new Difference(DifferenceKind.Surplus, booked.Possible, held.Atoms));
        if (held.IsFrozen)
            found.Add(new Difference(DifferenceKind.Frozen, booked.Certain, held.Atoms));
        return found;
    }

    /// <summary>
    /// Whether there is certainly no difference of this kind. While a payment arrives, or waits for more nodes, a
    /// balance may agree with the books and have a difference in it all the same.
    /// </summary>
    public static bool RulesOut(DifferenceKind kind, Booked booked, Holding held) =>
        kind switch
        {
            DifferenceKind.Missing => held.Atoms >= booked.Possible,
            DifferenceKind.Surplus => held.Atoms <= booked.Certain,
            DifferenceKind.Frozen => !held.IsFrozen,
        };
}
