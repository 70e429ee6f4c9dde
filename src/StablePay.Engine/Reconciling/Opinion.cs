using StablePay.Storage;

namespace StablePay.Engine.Reconciling;

/// <summary>Where one node's word and our books differ.</summary>
/// <param name="Height">The highest block that it speaks of.</param>
/// <param name="Unclear">What it neither finds nor rules out.</param>
internal sealed record Opinion(
    string Node,
    long Height,
    IReadOnlyDictionary<(TokenAt At, DifferenceKind Kind), Difference> Found,
    IReadOnlySet<(TokenAt At, DifferenceKind Kind)> Unclear
)
{
    /// <summary>Null where it finds no difference of this kind.</summary>
    public Difference? Of((TokenAt At, DifferenceKind Kind) about) =>
        Found.TryGetValue(about, out var difference) ? difference : null;

    public static Opinion Of(Heard heard, IReadOnlyList<Movement> movements)
    {
        var (from, to, held) = heard.Told;
        var found = new Dictionary<(TokenAt, DifferenceKind), Difference>();
        var unclear = new HashSet<(TokenAt, DifferenceKind)>();
        foreach (var (at, booked) in Books.Of(held.Keys, movements, from, to))
        {
            foreach (var difference in Reconciliation.Compare(booked, held[at]))
                found[(at, difference.Kind)] = difference;
            foreach (var kind in Enum.GetValues<DifferenceKind>())
                if (!found.ContainsKey((at, kind)) && !Reconciliation.RulesOut(kind, booked, held[at]))
                    unclear.Add((at, kind));
        }
        return new Opinion(heard.Node, to, found, unclear);
    }
}

/// <summary>What the nodes together say of one suspicion.</summary>
internal abstract record Verdict
{
    private Verdict() { }

    /// <summary>Enough of them find the same difference.</summary>
    public sealed record Confirmed(Difference Difference, long Height) : Verdict;

    /// <summary>Enough of them find none.</summary>
    public sealed record Refuted : Verdict;

    /// <summary>Too few have answered, or they say different things.</summary>
    public sealed record Undecided : Verdict;

    /// <summary>Counts. One node's word against another's decides nothing, in neither direction.</summary>
    /// <param name="isOpen">Somebody was told of it: then only who rules it out speaks against it.</param>
    public static Verdict Of(
        (TokenAt At, DifferenceKind Kind) about,
        IReadOnlyList<Opinion> opinions,
        int enough,
        bool isOpen
    )
    {
        var none = opinions.Count(o => o.Of(about) is null && !(isOpen && o.Unclear.Contains(about)));
        var same = opinions
            .Where(o => o.Of(about) is not null)
            // Frozen is frozen, whatever is in it.
            .GroupBy(o => about.Kind == DifferenceKind.Frozen ? 0 : o.Of(about)!.Value.Atoms)
            .MaxBy(g => g.Count());
        return (same?.Count() ?? 0, none) switch
        {
            var (found, not) when found >= enough && not < enough => new Confirmed(
                same!.First().Of(about)!.Value,
                same!.First().Height
            ),
            var (found, not) when not >= enough && found < enough => new Refuted(),
            _ => new Undecided(),
        };
    }
}
