using StablePay.Simulation.Workloads;
using StablePay.Simulation.World;

namespace StablePay.Simulation.Auditing;

/// <summary>
/// Checks after every step that what must always hold does, on the rows that the step changed, and when the world is
/// well again that nothing is missing. It knows the true chains, what merchants were answered and what receivers got; it
/// shares no decision with the engine.
/// </summary>
internal sealed class Auditor
{
    private readonly SimWorld _world;
    private readonly List<RowChange> _changed = [];
    private readonly Rows _rows;
    private AuditException? _kept;

    public Auditor(SimWorld world)
    {
        _world = world;
        _rows = new Rows(world.Disk);
        Sessions = new SessionAudit(world, _rows);
        Transfers = new TransferAudit(world, _rows);
        Ledger = new LedgerAudit(_rows);
        Events = new EventAudit(world, _rows);
        Requests = new RequestAudit(world, _rows);
        Reconciliation = new ReconciliationAudit(world, _rows);
        world.Receivers.Arrived = received => Keep(() => Events.Arrived(received));
    }

    public SessionAudit Sessions { get; }
    public TransferAudit Transfers { get; }
    public LedgerAudit Ledger { get; }
    public EventAudit Events { get; }
    public RequestAudit Requests { get; }
    public ReconciliationAudit Reconciliation { get; }

    /// <summary>Whose statement changed a row last.</summary>
    public string? Writer { get; private set; }

    /// <summary>How many rows have been checked.</summary>
    public long Checked { get; private set; }

    /// <summary>What the engine itself found impossible, if it did.</summary>
    public Exception? EngineBroke { get; set; }

    /// <summary>A statement changes a row; its transaction may still be undone.</summary>
    public void Saw(RowChange change)
    {
        if (change.Action != RowAction.Insert && (change.Table is "ledger_entries" or "postings"))
            _kept ??= new AuditException("L3", $"a row of {change.Table} was changed or deleted");
        _changed.Add(change);
        if (SynchronizationContext.Current is SimThread { Process.Name: var name })
            Writer = name;
        if (change.Table == "leases")
            Requests.SawLease(change);
    }

    /// <summary>Checks what the last step changed.</summary>
    public void Look()
    {
        if (_kept is { } kept)
            throw kept;
        if (EngineBroke is { } broke)
            throw new AuditException("engine", $"the engine's own invariant is broken: {broke.Message}");
        if (_changed.Count == 0)
            return;
        var changed = _changed.Distinct().ToList();
        _changed.Clear();
        Checked += changed.Count;
        foreach (var change in changed)
            Dispatch(change);
        Sessions.Settle(Events);
        Ledger.Settle();
    }

    /// <summary>What a payer is shown must be what is watched, and nobody else's for ever.</summary>
    public void Shown(Shown shown) => Keep(() => Transfers.Shown(shown));

    public void Answered(SimMerchant merchant, string order, string? key, string nonce, Answered answer) =>
        Keep(() => Requests.Answered(merchant.Store.Store.Id.Value, order, key, nonce, answer));

    /// <summary>The power went, and the database is older than it was.</summary>
    public void LostCommits()
    {
        Requests.CheckKept();
        Restored();
    }

    /// <summary>The database was put back: what is gone is gone, what was issued stays issued.</summary>
    public void Restored()
    {
        _changed.Clear();
        Sessions.Reload();
        Transfers.Reload();
        Ledger.Reload();
        Events.Reload();
        Requests.Reload();
        Reconciliation.Reload();
    }

    /// <summary>Trouble has ended long enough ago: everything is settled.</summary>
    public void CheckSettled()
    {
        Look();
        Transfers.CheckSettled();
        Sessions.CheckSettled();
        Ledger.CheckSettled(_world);
        Events.CheckSettled();
        Requests.CheckKept();
    }

    /// <summary>
    /// For what is looked at while the engine or a buyer runs: they would catch the exception, so it waits for the end
    /// of the step.
    /// </summary>
    private void Keep(Action look)
    {
        try
        {
            look();
        }
        catch (AuditException e)
        {
            _kept ??= e;
        }
    }

    private void Dispatch(RowChange change)
    {
        switch (change.Table)
        {
            case "checkout_sessions":
                Sessions.Look(change);
                break;
            case "transfers":
                Transfers.Look(change, Sessions);
                break;
            case "deposit_addresses":
                Transfers.LookAtAddress(change);
                break;
            case "block_locators":
                Transfers.LookAtLocator(change);
                break;
            case "ledger_entries":
                Ledger.Look(change);
                break;
            case "ledger_balances":
                Ledger.LookAtBalance(change);
                break;
            case "events":
                Events.Look(change);
                break;
            case "leases":
                Requests.LookAtLease(change);
                break;
            case "reconciliation_items":
                Reconciliation.Look(change);
                break;
            case "reconciliation_cycles":
                Reconciliation.LookAtCycle(change);
                break;
        }
    }
}
