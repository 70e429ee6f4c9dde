using StablePay.Chains;
using StablePay.Engine.Offering;
using StablePay.Engine.Quorums;
using StablePay.Engine.Telemetry;
using StablePay.Engine.Working;
using StablePay.Storage;

namespace StablePay.Engine.Watching;

/// <summary>
/// Follows one network: connects blocks by parent hash, disconnects what left the chain, makes final what cannot leave
/// it. It acts only when stepped, holds a lease so that one process follows a network at a time, and writes a block's
/// whole effect in one commit with the cursor.
/// </summary>
public sealed class ChainWatcher(
    IChain chain,
    AddressBook addresses,
    TransferIntake intake,
    NetworkBook networks,
    Quorum quorum,
    WatcherParts parts
)
{
    /// <summary>Blocks read in one step, so that a long catch-up shows progress and can be stopped.</summary>
    private const int BlocksPerStep = 64;

    /// <summary>
    /// A step reads no further block after this long, whatever the nodes take: the lease is renewed with each step, and
    /// two processes that both read for longer than it lasts would take it from each other for ever.
    /// </summary>
    private static readonly TimeSpan StepTime = WatcherParts.LeaseLength / 4;

    /// <summary>A cursor over blocks without news is written this often; after a crash they are read again.</summary>
    private static readonly TimeSpan CursorEvery = TimeSpan.FromSeconds(5);

    /// <summary>More than any network's distance to finality; an older gap stays thin.</summary>
    private const int MostGapBlocks = 600;

    /// <summary>Behind an address may be another node than yesterday (EVM-15, TOK-16).</summary>
    private static readonly TimeSpan ProbeEvery = TimeSpan.FromHours(1);

    private readonly TimeProvider _clock = parts.Clock;
    private readonly Database _database = parts.Database;
    private readonly CreditGate _gate = new(chain.Network, quorum, addresses, networks, parts);
    private readonly ForkSearch _forks = new(chain, quorum);
    private readonly TokenWatch _tokens = new(chain, networks.Tokens, parts.Clock);
    private FollowedChain? _followed;
    private Instant _cursorWrittenAt;
    private LeaseGrip? _grip;
    private long _heldSince;
    private string? _halted;
    private Instant _probedAt;
    private HeadSight _sight;

    public Network Network => chain.Network;

    /// <summary>Set when there may be something new on the network; shortens the pause before the next step.</summary>
    public WorkSignal Hint { get; } = new();

    /// <summary>How many addresses are watched.</summary>
    public int AddressCount => addresses.Count;

    /// <summary>
    /// Follows the chain a bounded way further. True if there may be more to do at once. A node's fault is thrown as
    /// <see cref="NodeException"/> and leaves the cursor where it was.
    /// </summary>
    public async Task<bool> StepAsync(CancellationToken ct)
    {
        if (_halted is not null)
            return false;
        if (!await HoldAsync(ct))
            return await ObserveAsync(ct);
        try
        {
            await ProbeAsync(ct);
            await _tokens.LookAsync(ct);
            _followed ??= await StartAsync(ct);
            return await FollowAsync(_followed, ct);
        }
        catch (WrongNetworkException wrong)
        {
            Halt(wrong.Message);
            return false;
        }
        catch (LeaseLostException)
        {
            // Another process follows this network now; what we know may be old.
            (_followed, _grip) = (null, null);
            return false;
        }
    }

    /// <summary>Gives the lease up, so that another process need not wait for its end.</summary>
    public async Task StopAsync(CancellationToken ct)
    {
        if (_grip is { } grip && _followed is { } followed)
        {
            await WriteAsync(followed, ct);
            await _database.Leases.ReleaseAsync(grip, ct);
        }
        (_followed, _grip) = (null, null);
    }

    private async Task<bool> HoldAsync(CancellationToken ct)
    {
        var name = $"watcher:{Network.Id}";
        var before = _grip?.Term;
        _grip = await _database.Leases.AcquireAsync(name, parts.Owner, WatcherParts.LeaseLength, _clock.Now, ct);
        _heldSince = _clock.GetTimestamp();
        if (_grip?.Term != before)
            _followed = null;
        return _grip is not null;
    }

    /// <summary>Another process holds the lease: its cursor tells this one's pages and jobs how far it is.</summary>
    private async Task<bool> ObserveAsync(CancellationToken ct)
    {
        await _tokens.LookAsync(ct);
        if (await _database.Locators.FindAsync(Network.Id, ct) is { } locator)
            networks.Report(locator, locator.Tip.Height);
        return false;
    }

    /// <summary>At the start and every hour. A node of another network halts us, one that is away does not.</summary>
    private async Task ProbeAsync(CancellationToken ct)
    {
        if (_followed is not null && _clock.Now - _probedAt < ProbeEvery)
            return;
        await chain.ProbeAsync(ct);
        _probedAt = _clock.Now;
    }

    private async Task<FollowedChain> StartAsync(CancellationToken ct)
    {
        await addresses.RefreshAsync(ct);
        if (await _database.Locators.FindAsync(Network.Id, ct) is { } locator)
            return await ResumeAsync(locator, ct);
        // Nothing was ever issued on this network, so nothing older can concern us. It begins at a final block, so
        // that a reorganisation of the first minutes finds its fork point.
        var head = await chain.HeadAsync(ct);
        var final = Network.Finality switch
        {
            FinalityRule.Depth depth => head - depth.Blocks + 1,
            FinalityRule.Tag => (await chain.FinalizedAsync(ct))?.Height ?? 0,
            _ => throw new InvariantBrokenException("unknown finality rule"),
        };
        var height = Math.Clamp(final, 0, head);
        var header = await chain.HeaderAtAsync(height, ct) ?? throw new NodeException($"no header at {height}");
        var started = FollowedChain.Begin(Network.Id, header);
        await WriteAsync(started, ct);
        return started;
    }

    /// <summary>
    /// Fills the gaps between the thinned ancestors of a stored cursor from the node, where its chain is still ours, so
    /// that every block is read once more before it becomes final.
    /// </summary>
    private async Task<FollowedChain> ResumeAsync(BlockLocator locator, CancellationToken ct)
    {
        var resumed = FollowedChain.Resume(locator);
        var gap = new List<BlockRef>();
        var parent = locator.Tip;
        while (parent.Height > locator.FinalHeight && gap.Count < MostGapBlocks)
        {
            if (await chain.HeaderAtAsync(parent.Height, ct) is not { } header || header.Ref != parent)
                return resumed;
            gap.Add(header.Ref);
            parent = header.Parent;
            await KeepAsync(ct);
        }
        resumed.Fill(gap);
        return resumed;
    }

    private async Task<bool> FollowAsync(FollowedChain followed, CancellationToken ct)
    {
        var lookedAt = _clock.GetTimestamp();
        var head = await chain.HeadAsync(ct);
        _sight = _sight.Next(head, lookedAt);
        await addresses.RefreshAsync(ct);
        for (var i = 0; i < BlocksPerStep; i++)
        {
            var moved = await AdvanceAsync(followed, head, ct);
            networks.Report(followed.ToLocator(), head);
            if (!moved || _halted is not null)
                return await SettleAsync(followed, ct);
            if (IsTimeOver)
                break;
        }
        await SettleAsync(followed, ct);
        return true;
    }

    /// <summary>Holds the lease on while something takes long that is no use in parts.</summary>
    private async Task KeepAsync(CancellationToken ct)
    {
        var term = _grip?.Term;
        if (IsTimeOver && !(await HoldAsync(ct) && _grip?.Term == term))
            throw new LeaseLostException();
    }

    private bool IsTimeOver => _clock.GetElapsedTime(_heldSince) >= StepTime;

    /// <summary>Accepts and makes final what may be by now. True if this step had no time for all of it.</summary>
    private async Task<bool> SettleAsync(FollowedChain followed, CancellationToken ct)
    {
        if (_halted is not null)
            return false;
        var tip = followed.Tip.Height;
        if (
            await RunAsync(
                followed,
                commit => intake.AcceptAsync(commit, Network.Id, tip, quorum, ct),
                ct,
                evenIfEmpty: false
            )
        )
            parts.Changed.Signal();
        return await FinalizeAsync(followed, ct);
    }

    /// <summary>One block connected, or one reorganisation taken back. False if the tip is the node's tip.</summary>
    private async Task<bool> AdvanceAsync(FollowedChain followed, long head, CancellationToken ct)
    {
        var tip = followed.Tip;
        if (tip.Height < head && await chain.HeaderAfterAsync(tip.Height, head, ct) is { } next)
        {
            if (next.Parent != tip)
                return await DisconnectAsync(followed, ct);
            await ConnectAsync(followed, next, ct);
            return true;
        }
        // No block above ours. A different block at our own height is a reorganisation told by the tip alone; none at
        // all is a node that lags, and proves nothing (EVM-08).
        var same = await chain.HeaderAtAsync(followed.Tip.Height, ct);
        return same is not null && same.Ref.Hash != followed.Tip.Hash && await DisconnectAsync(followed, ct);
    }

    private async Task ConnectAsync(FollowedChain followed, BlockHeader block, CancellationToken ct)
    {
        var found = await chain.TransfersAsync(block, addresses.Filter, ct);
        var hasNews = found.Transfers.Count > 0 || found.Quarantined.Count > 0;
        IReadOnlyCollection<SessionId> sessions = [];
        await followed.MoveAsync(
            () => followed.Connect(block),
            () =>
                hasNews
                    ? RunAsync(
                        followed,
                        async commit => sessions = await intake.ConnectAsync(commit, Network.Id, block, found, ct),
                        ct
                    )
                : _clock.Now - _cursorWrittenAt >= CursorEvery ? WriteAsync(followed, ct)
                : Task.FromResult(false)
        );
        if (_sight.Before(block.Ref.Height) is { } visibleAt)
            parts.Detections.RecordStored(Network.Family, sessions, visibleAt);
        if (found.Transfers.Count > 0)
            parts.Changed.Signal();
    }

    private async Task<bool> DisconnectAsync(FollowedChain followed, CancellationToken ct)
    {
        var fork = await _forks.FindAsync(followed, ct);
        if (fork is null)
        {
            Halt(
                $"{Network.Name}: the chain changed below block {followed.FinalHeight}, which was final. "
                    + "Nothing more is credited until an operator has looked."
            );
            return false;
        }
        await followed.MoveAsync(
            () => followed.DisconnectTo(fork),
            () => RunAsync(followed, commit => intake.DisconnectAsync(commit, Network.Id, fork.Ref.Height, ct), ct)
        );
        parts.Changed.Signal();
        return true;
    }

    private async Task<bool> FinalizeAsync(FollowedChain followed, CancellationToken ct)
    {
        var final = Math.Max(await FinalHeightAsync(followed, ct) ?? 0, followed.FinalHeight);
        if (final == followed.FinalHeight && !_gate.IsDue)
            return false;
        var height = await RescanAsync(followed, final, ct);
        var verdict = await _gate.JudgeAsync(height, ct);
        IReadOnlyList<Core.Ledger.LedgerEntry> entries = [];
        var wrote = await followed.MoveAsync(
            () => followed.Finalize(height),
            () =>
                RunAsync(
                    followed,
                    async commit => entries = await intake.FinalizeAsync(commit, Network.Id, height, verdict, ct),
                    ct,
                    evenIfEmpty: false
                )
        );
        intake.Shortages?.Record(entries);
        networks.Report(followed.ToLocator(), followed.Tip.Height);
        if (wrote)
            parts.Changed.Signal();
        return height < final;
    }

    /// <summary>How far blocks are irreversible by the network's own rule, on the chain that we follow.</summary>
    private async Task<long?> FinalHeightAsync(FollowedChain followed, CancellationToken ct)
    {
        switch (Network.Finality)
        {
            case FinalityRule.Depth depth:
                return followed.Tip.Height - depth.Blocks + 1;
            case FinalityRule.Tag rule:
                if (await chain.FinalizedAsync(ct) is not { } tagged)
                    return rule.FinalHeight(null, followed.Tip.Height);
                var ours = followed.HashAt(tagged.Height);
                // Where heights are skipped, our branch may have no block there, and then it is not the final one.
                if (ours is null && tagged.Height > followed.FinalHeight && tagged.Height < followed.Tip.Height)
                    return null;
                if (ours is not null && ours != tagged.Hash)
                {
                    // Either our branch is the losing one, which the next step finds, or a final block was replaced.
                    if (tagged.Height <= followed.FinalHeight)
                        Halt($"{Network.Name}: the node calls another block final at {tagged.Height} than we did.");
                    return null;
                }
                return rule.FinalHeight(Math.Min(tagged.Height, followed.Tip.Height), followed.Tip.Height);
            default:
                throw new InvariantBrokenException("unknown finality rule");
        }
    }

    /// <summary>
    /// Reads every block that is about to be final once more (EVM-07): a node that left logs out when the block was new
    /// has them by now. What is found is included before anything is made final.
    /// </summary>
    /// <returns>How far it came in the time of this step: to the height, or to a block below it.</returns>
    private async Task<long> RescanAsync(FollowedChain followed, long height, CancellationToken ct)
    {
        var unscanned = followed.Unscanned(height);
        for (var i = 0; i < unscanned.Count; i++)
        {
            var ours = unscanned[i];
            if (await chain.HeaderAtAsync(ours.Height, ct) is not { } header || header.Ref != ours)
                throw new NodeException($"block {ours} is not what the node has at that height; it is not made final");
            var found = await chain.TransfersAsync(header, addresses.Filter, ct);
            if (found.Transfers.Count > 0)
                await RunAsync(
                    followed,
                    commit => intake.ConnectAsync(commit, Network.Id, header, found, ct),
                    ct,
                    evenIfEmpty: false
                );
            if (IsTimeOver && i < unscanned.Count - 1)
                return ours.Height;
        }
        return height;
    }

    /// <summary>Whether there was anything to write beside the cursor.</summary>
    private async Task<bool> RunAsync(
        FollowedChain followed,
        Func<Commit, Task> write,
        CancellationToken ct,
        bool evenIfEmpty = true
    )
    {
        var (wrote, result) = await Attempts.RunAsync(
            _database.Commits,
            async () =>
            {
                var commit = new Commit();
                await write(commit);
                var hasNews = !commit.IsEmpty;
                return (hasNews, hasNews || evenIfEmpty ? Sealed(followed, commit) : null);
            },
            ct
        );
        // The lease makes this process the only writer of the network's transfers.
        Invariant.Holds(result.IsDone, $"{Network.Id}: a block's commit was refused: {result}");
        return wrote;
    }

    private Task<bool> WriteAsync(FollowedChain followed, CancellationToken ct) =>
        RunAsync(followed, _ => Task.CompletedTask, ct);

    private Commit Sealed(FollowedChain followed, Commit commit)
    {
        _cursorWrittenAt = _clock.Now;
        return commit.Move(followed.ToLocator()).Guard(_grip ?? throw new LeaseLostException());
    }

    private void Halt(string why)
    {
        _halted = why;
        networks.ReportHalt(Network.Id, why);
        parts.Alert(why);
    }
}
