using StablePay.Chains;
using StablePay.Engine.Quorums;
using StablePay.Engine.Watching;
using StablePay.Storage;

namespace StablePay.Engine.Reconciling;

/// <summary>
/// Does the chain agree with our books (L6, TOK-13)? Goes through the addresses of a network in bounded pages and
/// compares what came to each with what the chain says that it holds, in a final block that the watcher has passed.
/// What differs is a suspicion; it becomes an item, and an operator is told, when it is seen once more a minute later.
/// </summary>
/// <param name="balances">The same chain.</param>
public sealed class ChainAudit(
    IChain chain,
    IBalances balances,
    Quorum quorum,
    AddressSpaces spaces,
    NetworkBook networks,
    AuditParts parts
) : IAudit
{
    /// <summary>
    /// A node that was a block behind for a moment has come up by then, and a payment that came is known.
    /// </summary>
    public static readonly TimeSpan LookAgain = TimeSpan.FromMinutes(1);

    /// <summary>What a step waits for that found something and will look at it once more.</summary>
    public const string LooksAgain = "looks_again";

    /// <summary>Well inside the job's lease.</summary>
    private static readonly TimeSpan LongestStep = TimeSpan.FromMinutes(3);

    private static readonly TimeSpan TryAgain = TimeSpan.FromMinutes(1);

    private const long ProgressEvery = 10_000;

    private readonly Database _database = parts.Database;
    private readonly TimeProvider _clock = parts.Clock;
    private readonly Voices _voices = new(balances, quorum);
    private readonly int _page = Math.Max(1, balances.MostAtOnce / Math.Max(1, chain.Network.Tokens.Count));
    private long _disputedCycle;

    public string Subject => Network.Id.Value;

    private Network Network => chain.Network;

    private ReconciliationTable Table => _database.Reconciliation;

    public async Task<AuditStep> StepAsync(CancellationToken ct)
    {
        var started = _clock.GetTimestamp();
        try
        {
            if (await parts.ResumeAsync(Subject, ct) is not { } cycle)
                return Wait("stale");
            while (_clock.GetElapsedTime(started) < LongestStep)
            {
                ct.ThrowIfCancellationRequested();
                if (networks.Status(Network.Id)?.Halted is not null)
                    return Wait("halted");
                if (await _database.Locators.FindAsync(Network.Id, ct) is not { } locator)
                    return Wait("not_read_yet");
                var (next, step) = await AdvanceAsync(cycle, locator, ct);
                if (step is not null)
                    return step;
                if (next is null)
                    return Wait("stale");
                cycle = next;
            }
            return new AuditStep(_clock.Now, false);
        }
        catch (Exception e) when (e is NodeException or WrongNetworkException)
        {
            // Nothing was recorded of what could not be asked to its end.
            return Wait(e is NodeException fault ? $"node_{fault.Fault}".ToLowerInvariant() : "wrong_network");
        }
    }

    /// <summary>One page, or one look at suspicions. A null cycle means that another process has gone on.</summary>
    private async Task<(ReconciliationCycle? Next, AuditStep? Step)> AdvanceAsync(
        ReconciliationCycle cycle,
        BlockLocator locator,
        CancellationToken ct
    )
    {
        var page = await Table.AddressesAfterAsync(Network.Id, cycle.After, _page, ct);
        if (page.Count > 0)
            return (await PageAsync(cycle, page, await FinalAsync(locator, ct), ct), null);
        var suspected = await Table.SuspectedAsync(Network.Id, cycle.Number, balances.MostAtOnce, ct);
        if (suspected.Count == 0)
            return await FinishAsync(cycle, ct) is { } finished
                ? (finished, new AuditStep(parts.NextAfter(finished), true))
                : (null, null);
        var ripe = suspected.Where(s => s.SuspectedAt + LookAgain <= _clock.Now).ToList();
        return ripe.Count == 0
            ? (cycle, new AuditStep(suspected[0].SuspectedAt + LookAgain, false, LooksAgain))
            : (await LookAsync(cycle, ripe, await FinalAsync(locator, ct), ct), null);
    }

    private async Task<ReconciliationCycle?> PageAsync(
        ReconciliationCycle cycle,
        IReadOnlyList<string> addresses,
        BlockRef final,
        CancellationToken ct
    )
    {
        IReadOnlyList<TokenAt> accounts =
        [
            .. addresses.SelectMany(address => Network.Tokens.Select(token => new TokenAt(token, address))),
        ];
        var opinions = await CompareAsync(
            await _voices.AskEnoughAsync(accounts, final, cycle.Number, ct),
            addresses,
            ct
        );
        var ongoing = (await Table.OngoingAsync(Network.Id, addresses, ct)).ToDictionary(AboutOf);
        var commit = new Commit();
        foreach (var about in opinions.SelectMany(o => o.Found.Keys).Concat(ongoing.Keys).Distinct().ToList())
        {
            if (ongoing.TryGetValue(about, out var item))
                Follow(commit, item, opinions);
            else
                commit.Insert(await SuspectAsync(about, opinions.First(o => o.Of(about) is not null), ct));
        }
        var next = cycle with
        {
            After = addresses[^1],
            Compared = cycle.Compared + addresses.Count,
            Version = cycle.Version + 1,
        };
        if (!(await _database.Commits.RunAsync(commit.Move(cycle, next), ct)).IsDone)
            return null;
        if (next.Compared / ProgressEvery > cycle.Compared / ProgressEvery)
            Note($"{next.Compared} addresses compared so far");
        return next;
    }

    /// <summary>
    /// An open item closes when enough nodes see nothing of it any more, and keeps their newest figures.
    /// </summary>
    private void Follow(Commit commit, ReconciliationItem item, IReadOnlyList<Opinion> opinions)
    {
        if (item.State != ItemState.Open)
            return;
        switch (Verdict.Of(AboutOf(item), opinions, _voices.Enough, isOpen: true))
        {
            case Verdict.Refuted:
                commit.Update(item, item.Close(_clock.Now));
                break;
            case Verdict.Confirmed confirmed when confirmed.Difference != item.Difference:
                commit.Update(item, item.See(confirmed.Difference, confirmed.Height));
                break;
        }
    }

    private async Task<ReconciliationCycle?> LookAsync(
        ReconciliationCycle cycle,
        List<ReconciliationItem> suspected,
        BlockRef final,
        CancellationToken ct
    )
    {
        IReadOnlyList<TokenAt> accounts = [.. suspected.Select(s => s.At).Distinct()];
        var opinions = await CompareAsync(
            await _voices.AskAllAsync(accounts, final, ct),
            [.. accounts.Select(a => a.Address).Distinct()],
            ct
        );
        var commit = new Commit();
        var opened = new List<ReconciliationItem>();
        foreach (var item in suspected)
        {
            switch (Verdict.Of(AboutOf(item), opinions, _voices.Enough, isOpen: false))
            {
                case Verdict.Confirmed confirmed:
                    opened.Add(item.Open(confirmed.Difference, confirmed.Height, _clock.Now));
                    commit.Update(item, opened[^1]);
                    break;
                case Verdict.Refuted:
                    commit.Drop(item);
                    break;
                default:
                    commit.Update(item, item.Doubt(cycle.Number));
                    break;
            }
        }
        var next = cycle with { Version = cycle.Version + 1 };
        if (!(await _database.Commits.RunAsync(commit.Move(cycle, next), ct)).IsDone)
            return null;
        foreach (var item in opened)
            parts.Alert(ItemText.Of(item, Network.Name));
        TellDispute(cycle, suspected, opinions);
        return next;
    }

    /// <summary>
    /// What each node's word and our books differ in. How far the watcher has read is looked up before the books are:
    /// what it has read by then is in them.
    /// </summary>
    private async Task<IReadOnlyList<Opinion>> CompareAsync(
        IReadOnlyList<Heard> heard,
        IReadOnlyList<string> addresses,
        CancellationToken ct
    )
    {
        var stored = await _database.Locators.FindAsync(Network.Id, ct);
        var read = Math.Max(stored?.Tip.Height ?? 0, networks.HeightOf(Network.Id));
        var movements = await Table.MovementsAsync(Network.Id, addresses, heard.Max(h => h.Told.To), ct);
        List<Opinion> opinions = [.. heard.Select(h => Opinion.Of(h, movements))];
        // More money than came may have come in a block that the watcher has not read.
        var early = opinions.FirstOrDefault(o =>
            o.Height > read && o.Found.Keys.Any(about => about.Kind == DifferenceKind.Surplus)
        );
        return early is null
            ? opinions
            : throw new NodeException(
                NodeFault.Lagging,
                $"{early.Node} answers for block {early.Height}, and the watcher has read up to {read}"
            );
    }

    /// <summary>
    /// The block that is final for our watcher, as the node knows it. The cursor that is stored may be some seconds
    /// older than what the watcher of this process has read.
    /// </summary>
    private async Task<BlockRef> FinalAsync(BlockLocator locator, CancellationToken ct)
    {
        var height = Math.Max(locator.FinalHeight, networks.FinalHeightOf(Network.Id));
        return (
            await chain.HeaderAtAsync(height, ct)
            ?? throw new NodeException(NodeFault.Lagging, $"the node has no block {height}")
        ).Ref;
    }

    private async Task<ReconciliationItem> SuspectAsync(
        (TokenAt At, DifferenceKind Kind) about,
        Opinion opinion,
        CancellationToken ct
    )
    {
        var owner =
            await _database.Addresses.FindAsync(spaces.Of(Network.Id), about.At.Address, ct)
            ?? throw new InvariantBrokenException($"{about.At.Address} is compared and is not ours");
        return new ReconciliationItem
        {
            Id = parts.Ids.Next<ReconciliationItemId>(_clock.Now),
            At = about.At,
            Session = owner.Session,
            Store = owner.Store,
            State = ItemState.Suspected,
            Difference = opinion.Of(about)!.Value,
            Height = opinion.Height,
            SuspectedAt = _clock.Now,
        };
    }

    private async Task<ReconciliationCycle?> FinishAsync(ReconciliationCycle cycle, CancellationToken ct)
    {
        var finished = cycle with { FinishedAt = _clock.Now, Version = cycle.Version + 1 };
        if (!(await _database.Commits.RunAsync(new Commit().Move(cycle, finished), ct)).IsDone)
            return null;
        var open = (await Table.CountOpenAsync(ct)).Where(c => c.Network == Network.Id).Sum(c => c.Count);
        Note($"{finished.Compared} addresses compared with the chain, {open} differences are open");
        return finished;
    }

    /// <summary>
    /// Once a cycle: nodes that contradict each other are for an operator to look at, whoever is right.
    /// </summary>
    private void TellDispute(
        ReconciliationCycle cycle,
        List<ReconciliationItem> suspected,
        IReadOnlyList<Opinion> opinions
    )
    {
        var disputed = suspected.Where(s => opinions.Select(o => o.Of(AboutOf(s))?.Atoms).Distinct().Count() > 1);
        if (disputed.FirstOrDefault() is not { } first || _disputedCycle == cycle.Number)
            return;
        _disputedCycle = cycle.Number;
        var about = AboutOf(first);
        var words = opinions.Select(o =>
            o.Of(about) is { } difference
                ? $"{o.Node} says {new TokenAmount(first.At.Token, difference.OnChain)}"
                : $"{o.Node} says what our books say"
        );
        parts.Alert(
            $"{Network.Name}: nodes tell different things of what {first.At.Address} holds: {string.Join("; ", words)}. "
                + "Take the wrong node out of the settings."
        );
    }

    private void Note(string what) => parts.Note($"{Network.Name}: {what}.");

    private AuditStep Wait(string why) => new(_clock.Now + TryAgain, false, why);

    private static (TokenAt At, DifferenceKind Kind) AboutOf(ReconciliationItem item) =>
        (item.At, item.Difference.Kind);
}
