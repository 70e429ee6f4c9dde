namespace StablePay.Core.Networks;

/// <summary>
/// How many nodes, each asked alone, must tell the same before a payment is credited (threats P3, EVM-16).
/// </summary>
/// <param name="Above">Payments of more than this need it; smaller ones are credited on the word of one node.</param>
/// <param name="Nodes">At least 2. Never lowered, whatever fails: with fewer answers, crediting waits.</param>
public sealed record QuorumRule(Coverage Above, int Nodes)
{
    /// <summary>What applies to a network with two nodes or more when nothing else is said.</summary>
    public static readonly QuorumRule Default = new(Coverage.FromCents(100_000), 2);
}

/// <summary>What the nodes of a network, each asked alone, say of a transfer.</summary>
public abstract record QuorumAnswer
{
    private QuorumAnswer() { }

    /// <summary>Enough of them tell what we know, and none that answers tells otherwise.</summary>
    public sealed record Agreed : QuorumAnswer
    {
        public static readonly Agreed Instance = new();
    }

    /// <summary>Too few have answered, or have come so far.</summary>
    /// <param name="Why">A sentence for the operator.</param>
    public sealed record Waiting(string Why) : QuorumAnswer;

    /// <summary>
    /// Every node there is has the block as final, and none has the transfer in it: it was told by a node that lied or
    /// erred, and has mended since.
    /// </summary>
    public sealed record Denied : QuorumAnswer
    {
        public static readonly Denied Instance = new();
    }

    /// <summary>At least one tells otherwise: nothing is credited before an operator has looked.</summary>
    /// <param name="Why">A sentence for the operator that names those who disagree.</param>
    public sealed record Disputed(string Why) : QuorumAnswer;
}

/// <summary>One node's word on a transfer.</summary>
public enum Vote
{
    /// <summary>It has the block as final and the same transfer in it.</summary>
    Agrees,

    /// <summary>It has another block at that height.</summary>
    Disagrees,

    /// <summary>It has the block as final, and no such transfer in it.</summary>
    Denies,

    /// <summary>It does not answer, or has not come so far.</summary>
    Silent,
}

/// <summary>Counts votes. Pure.</summary>
public static class QuorumCount
{
    /// <param name="what">The transfer, for the sentence.</param>
    /// <param name="votes">Each node by its name; no node may be asked twice.</param>
    public static QuorumAnswer Of(QuorumRule rule, string what, IReadOnlyList<(string Node, Vote Vote)> votes)
    {
        Invariant.Holds(rule.Nodes >= 2, "a quorum is two or more");
        Invariant.Holds(votes.DistinctBy(v => v.Node).Count() == votes.Count, "each node has one vote");
        if (votes.Count >= rule.Nodes && votes.All(v => v.Vote == Vote.Denies))
            return QuorumAnswer.Denied.Instance;
        var against = votes.Where(v => v.Vote is Vote.Disagrees or Vote.Denies).Select(v => v.Node).ToList();
        var agreeing = votes.Count(v => v.Vote == Vote.Agrees);
        if (against.Count > 0)
            return new QuorumAnswer.Disputed(
                $"{what} is not credited: {string.Join(", ", against)} "
                    + $"{(against.Count == 1 ? "disagrees" : "disagree")} with what we read. Take the wrong node out of the settings."
            );
        if (agreeing >= rule.Nodes)
            return QuorumAnswer.Agreed.Instance;
        var silent = votes.Where(v => v.Vote == Vote.Silent).Select(v => v.Node);
        return new QuorumAnswer.Waiting(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{what} waits: {agreeing} of {rule.Nodes} nodes agree; no answer yet from {string.Join(", ", silent)}."
            )
        );
    }
}
