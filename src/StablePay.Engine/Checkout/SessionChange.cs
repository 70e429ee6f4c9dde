using StablePay.Engine.Events;
using StablePay.Engine.TestMode;
using StablePay.Storage;

namespace StablePay.Engine.Checkout;

/// <summary>
/// One session through several decisions of one commit. Each event is built from the session as it was at its own
/// version, with the transfers as this commit leaves them (WH-13). What is decided and told is the store's time.
/// </summary>
public sealed class SessionChange(
    CheckoutSession original,
    IEnumerable<Transfer> transfers,
    StoreClock clock,
    EventBody events
)
{
    private readonly CheckoutSession _original = original;
    private readonly Dictionary<TransferId, Transfer> _transfers = transfers.ToDictionary(t => t.Id);
    private readonly List<NewEvent> _events = [];
    private readonly List<(LedgerEntry? Entry, JobDraft? Job)> _effects = [];

    public CheckoutSession Current { get; private set; } = original;

    /// <summary>The clock that the session goes by.</summary>
    public StoreClock Clock => clock;

    /// <summary>Transfers of the session as this commit leaves them, in the order they were seen.</summary>
    public IReadOnlyList<Transfer> Transfers =>
        [.. _transfers.Values.OrderBy(t => t.SeenAt).ThenBy(t => t.Id.Value, StringComparer.Ordinal)];

    /// <summary>What the decisions so far enter into the ledger.</summary>
    public IEnumerable<LedgerEntry> Entries => _effects.Select(e => e.Entry).OfType<LedgerEntry>();

    /// <summary>Takes the transfer's new state into what events show.</summary>
    public void See(Transfer transfer) => _transfers[transfer.Id] = transfer;

    /// <summary>Lets the machine decide on one input; a refusal changes nothing and is returned.</summary>
    /// <param name="now">The real time.</param>
    public Rejection? Apply(CheckoutInput input, Instant now)
    {
        var decision = CheckoutMachine.Decide(Current, input, clock.At(now));
        if (decision.Rejection is { } rejection)
            return rejection;
        Take(decision, now);
        return null;
    }

    private void Take(Decision<CheckoutSession> decision, Instant now)
    {
        Current = decision.Next!;
        for (var i = 0; i < decision.Events.Count; i++)
            _events.Add(events.Build(decision.Events[i], i, Current, Transfers, clock.At(now)) with { DueAt = now });
        foreach (var entry in decision.Entries)
            _effects.Add((entry, null));
        foreach (var job in decision.Jobs)
            _effects.Add((null, job));
    }

    /// <summary>Writes the session, its events, entries and jobs.</summary>
    public void AddTo(Commit commit, Instant now)
    {
        if (ReferenceEquals(Current, _original))
            return;
        commit.Update(_original, Current);
        foreach (var item in _events)
            commit.Add(item);
        foreach (var (entry, job) in _effects)
        {
            if (entry is not null)
                commit.Add(entry);
            if (job is not null)
                commit.Add(clock.Due(job, now), IdSource.Derive<JobId>(now, job.UniqueKey, 0, 0), now);
        }
    }
}
