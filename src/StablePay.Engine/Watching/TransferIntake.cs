using StablePay.Engine.Checkout;
using StablePay.Engine.Events;
using StablePay.Engine.Quorums;
using StablePay.Engine.Telemetry;
using StablePay.Engine.TestMode;
using StablePay.Storage;

namespace StablePay.Engine.Watching;

/// <summary>
/// Turns what blocks hold into transfers, sessions, ledger entries and events of one commit. Repeating a block changes
/// nothing: a transfer's identity is unique, and one that stands where the block says is left alone.
/// </summary>
public sealed class TransferIntake(Database database, EventBody events, AddressSpaces spaces, StoreClocks clocks)
{
    /// <summary>Is told what tolerance cost, after it was written.</summary>
    public Shortages? Shortages { get; init; }

    /// <summary>A block was connected: its transfers are included. Says whose sessions that changes.</summary>
    public async Task<IReadOnlyCollection<SessionId>> ConnectAsync(
        Commit commit,
        NetworkId network,
        BlockHeader block,
        BlockTransfers found,
        CancellationToken ct
    )
    {
        var now = clocks.Now;
        foreach (var bad in found.Quarantined)
            commit.Quarantine(network, block.Ref, bad, now);
        var changes = new Changes(database, clocks, events);
        // A node that tells a movement twice must not make it two (delivery style "duplicated").
        foreach (var observed in found.Transfers.DistinctBy(t => (t.TransactionHash, t.Position)))
            await IncludeAsync(commit, changes, network, block, observed, ct);
        changes.AddTo(commit, now);
        return changes.Sessions;
    }

    /// <summary>Blocks above the fork point left the chain: what they included is orphaned.</summary>
    public async Task DisconnectAsync(Commit commit, NetworkId network, long forkHeight, CancellationToken ct)
    {
        var now = clocks.Now;
        var changes = new Changes(database, clocks, events);
        foreach (var transfer in await database.Transfers.ListOpenAboveAsync(network, forkHeight, ct))
            await OrphanAsync(commit, changes, transfer, now, ct);
        changes.AddTo(commit, now);
    }

    /// <summary>
    /// What is deep enough under this tip for its store's own table is accepted, unless its session comes to so much
    /// that several nodes must agree: then only what is final counts.
    /// </summary>
    public async Task AcceptAsync(Commit commit, NetworkId network, long tip, Quorum quorum, CancellationToken ct)
    {
        var stores = await database.Acceptance.ListByNetworkAsync(network, ct);
        if (stores.Count == 0)
            return;
        var now = clocks.Now;
        var changes = new Changes(database, clocks, events);
        foreach (var transfer in await database.Transfers.ListOpenUpToAsync(network, tip, ct))
        {
            if (
                transfer is not { State: TransferState.Included, Class: TransferClass.Counted }
                || !stores.TryGetValue(transfer.Store, out var tiers)
            )
                continue;
            var change = await changes.OfAsync(transfer.Session, ct);
            if (
                tiers.For(change.Current.Quote.DueCents) is not { } needed
                || tip - transfer.Block.Height + 1 < needed
                || quorum.IsNeeded(transfer.Amount, change.Current)
            )
                continue;
            var accepted = TransferMachine.Accept(transfer);
            commit.Update(transfer, accepted);
            change.See(accepted);
            change.Apply(new CheckoutInput.Accepted(transfer.Amount), now);
        }
        changes.AddTo(commit, now);
    }

    /// <summary>
    /// Blocks up to this height are irreversible: what they included is credited, once, unless it is held back. What
    /// all nodes deny was never there, and is taken back as if its block had gone. Says what the sessions enter
    /// into the ledger by their own decisions.
    /// </summary>
    public async Task<IReadOnlyList<Core.Ledger.LedgerEntry>> FinalizeAsync(
        Commit commit,
        NetworkId network,
        long finalHeight,
        CreditVerdict verdict,
        CancellationToken ct
    )
    {
        var now = clocks.Now;
        var changes = new Changes(database, clocks, events);
        var open = await database.Transfers.ListOpenUpToAsync(network, finalHeight, ct);
        foreach (var transfer in open.Where(t => verdict.Denied.Contains(t.Id)))
            await OrphanAsync(commit, changes, transfer, now, ct);
        foreach (var transfer in open.Where(t => !verdict.Held.Contains(t.Id)))
        {
            var final = TransferMachine.Finalize(transfer);
            commit.Update(transfer, final);
            var change = await changes.OfAsync(transfer.Session, ct);
            if (final.Amount.Atoms > 0 && final.Class != TransferClass.Internal)
                commit.Add(Core.Ledger.Chart.TransferFinal(final, change.Clock.At(now)));
            change.See(final);
            var wasAccepted = transfer.State == TransferState.Accepted;
            change.Apply(new CheckoutInput.Finalized(transfer.Amount, transfer.Class, wasAccepted), now);
        }
        changes.AddTo(commit, now);
        return changes.Entries;
    }

    private static async Task OrphanAsync(
        Commit commit,
        Changes changes,
        Transfer transfer,
        Instant now,
        CancellationToken ct
    )
    {
        var orphaned = TransferMachine.Orphan(transfer);
        commit.Update(transfer, orphaned);
        var change = await changes.OfAsync(transfer.Session, ct);
        change.See(orphaned);
        var wasAccepted = transfer.State == TransferState.Accepted;
        change.Apply(new CheckoutInput.Orphaned(transfer.Amount, transfer.Class, wasAccepted), now);
    }

    private async Task IncludeAsync(
        Commit commit,
        Changes changes,
        NetworkId network,
        BlockHeader block,
        ObservedTransfer observed,
        CancellationToken ct
    )
    {
        var space = spaces.Of(network);
        if (await database.Addresses.FindAsync(space, observed.To, ct) is not { } address)
            return; // The fingerprint matched, the address did not.
        var id = Transfer.IdOf(network, observed.TransactionHash, observed.Position);
        var known = await database.Transfers.FindAsync(id, ct);
        if (known is { State: TransferState.Final } || (known is { State.IsOpen: true } && known.Block == block.Ref))
            return;
        Invariant.Holds(
            known is null or { State: TransferState.Orphaned },
            $"{id} is in two blocks of one chain: {known?.Block} and {block.Ref}"
        );
        var now = clocks.Now;
        var change = await changes.OfAsync(address.Session, ct);
        // The store's time, also of the block: in test mode its clock may be ahead of the sandbox's.
        var (seenAt, blockTime) = (change.Clock.At(now), change.Clock.At(block.Time));
        var isOurs = await database.Addresses.FindAsync(space, observed.From, ct) is not null;
        var seen = new Transfer
        {
            Id = id,
            Network = network,
            TransactionHash = observed.TransactionHash,
            Position = observed.Position,
            Amount = observed.Amount,
            From = observed.From,
            To = observed.To,
            Session = address.Session,
            Store = address.Store,
            Block = block.Ref,
            BlockTime = blockTime,
            State = TransferState.Included,
            Class = isOurs ? TransferClass.Internal : change.Current.Classify(observed.Amount, blockTime),
            SeenAt = seenAt,
            Version = 1,
        };
        if (known is null)
        {
            commit.Insert(seen);
        }
        else
        {
            seen = TransferMachine.Reinclude(known, seen);
            commit.Update(known, seen);
        }
        change.See(seen);
        change.Apply(new CheckoutInput.Included(seen.Amount, seen.Class), now);
    }

    /// <summary>The sessions that one commit touches, each loaded once.</summary>
    private sealed class Changes(Database database, StoreClocks clocks, EventBody events)
    {
        private readonly Dictionary<SessionId, SessionChange> _bySession = [];
        private readonly Dictionary<StoreId, StoreClock> _clocks = [];

        public IReadOnlyCollection<SessionId> Sessions => _bySession.Keys;

        public IReadOnlyList<Core.Ledger.LedgerEntry> Entries => [.. _bySession.Values.SelectMany(c => c.Entries)];

        public async Task<SessionChange> OfAsync(SessionId id, CancellationToken ct)
        {
            if (_bySession.TryGetValue(id, out var known))
                return known;
            var session =
                await database.Sessions.FindAsync(id, ct)
                ?? throw new InvariantBrokenException($"an address points to {id}, which does not exist");
            var transfers = await database.Transfers.ListBySessionAsync(id, ct);
            return _bySession[id] = new SessionChange(session, transfers, await ClockOfAsync(session, ct), events);
        }

        /// <summary>One commit goes by one reading of a store's clock.</summary>
        private async Task<StoreClock> ClockOfAsync(CheckoutSession session, CancellationToken ct)
        {
            if (session.Live)
                return StoreClock.Real;
            if (!_clocks.TryGetValue(session.Store, out var clock))
                _clocks[session.Store] = clock = await clocks.OfAsync(session, ct);
            return clock;
        }

        public void AddTo(Commit commit, Instant now)
        {
            foreach (var change in _bySession.OrderBy(c => c.Key.Value, StringComparer.Ordinal))
                change.Value.AddTo(commit, now);
        }
    }
}
