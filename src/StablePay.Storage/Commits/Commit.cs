namespace StablePay.Storage;

/// <summary>
/// One use case's writes: all of them or none. The order of the calls is kept, except that events come last, by store:
/// each locks its store's sequence until the transaction ends, so the lock is short. Where rows are locked, a
/// group's writer takes the locks of all its commits beforehand, in one order.
/// </summary>
public sealed class Commit
{
    private readonly List<Statement> _statements = [];
    private readonly List<NewEvent> _events = [];
    private string? _store;
    private string? _other;
    private int _eventsWritten;

    public bool IsEmpty => _statements.Count == 0 && _events.Count == 0;

    /// <summary>What decides the lane: a store's commits share one.</summary>
    internal string Route => _store ?? _other ?? "";

    /// <summary>The event sequences that it moves.</summary>
    internal IEnumerable<(StoreId Store, bool Live)> Sequences => _events.Select(e => (e.Store, e.Live));

    internal IReadOnlyList<Statement> Statements
    {
        get
        {
            if (_eventsWritten == _events.Count)
                return _statements;
            Invariant.Holds(_eventsWritten == 0, "a commit is not added to after it has run");
            foreach (var happened in _events.OrderBy(e => e.Store.Value, StringComparer.Ordinal).ThenBy(e => e.Live))
                EventTable.Add(_statements, happened);
            _eventsWritten = _events.Count;
            return _statements;
        }
    }

    /// <summary>Duplicate <c>order_id</c> when an open or paid session of the order exists.</summary>
    public Commit Insert(CheckoutSession session) => With(SessionTable.Insert(session), session.Store);

    public Commit Update(CheckoutSession before, CheckoutSession next) =>
        With(SessionTable.Update(before, next), next.Store);

    /// <summary>Duplicate <c>transfer</c>.</summary>
    public Commit Insert(Transfer transfer) => With(TransferTable.Insert(transfer), transfer.Store);

    public Commit Update(Transfer before, Transfer next) => With(TransferTable.Update(before, next), next.Store);

    /// <summary>Duplicate <c>address</c>.</summary>
    public Commit Insert(DepositAddress address) => With(AddressTable.Insert(address), address.Store);

    /// <summary>Duplicate <c>ledger</c> when the cause has touched one of the accounts before.</summary>
    public Commit Add(LedgerEntry entry)
    {
        LedgerTable.Add(_statements, entry);
        _store ??= entry.Store.Value;
        return this;
    }

    /// <summary>
    /// Gives the event its store's next number and a delivery with its job to every endpoint that wants it.
    /// </summary>
    public Commit Add(NewEvent happened)
    {
        _events.Add(happened);
        _store ??= happened.Store.Value;
        return this;
    }

    /// <summary>A job whose unique key exists already is not made again, and that is no error.</summary>
    public Commit Add(JobDraft draft, JobId id, Instant now) => With(JobTable.Insert(draft, id, now), draft.Subject);

    /// <summary>Duplicate <c>nonce</c>.</summary>
    public Commit Spend(NonceClaim claim) => With(NonceTable.Insert(claim), claim.KeyId);

    /// <summary>Duplicate <c>idempotency</c>.</summary>
    public Commit Claim(IdempotencyClaim claim) => With(IdempotencyTable.Insert(claim), claim.KeyId);

    /// <summary>Stale <c>idempotency</c> when the claim has been taken over or is done.</summary>
    public Commit Complete(IdempotencyClaim claim, int status, byte[] body) =>
        With(IdempotencyTable.Complete(claim, status, body), claim.KeyId);

    public Commit Move(BlockLocator locator) => With(LocatorTable.Move(locator), locator.Network.Value);

    /// <summary>Stale <c>lease</c> unless the lease is still held in this term.</summary>
    public Commit Guard(LeaseGrip grip) => With(LeaseTable.Guard(grip), grip.Name);

    /// <summary>Seen twice is kept once.</summary>
    public Commit Quarantine(NetworkId network, BlockRef block, QuarantinedTransfer transfer, Instant now) =>
        With(TransferTable.Quarantine(network, block, transfer, now), network.Value);

    /// <summary>What a store accepts on a network before it is final, in place of what it did.</summary>
    public Commit Put(StoreId store, NetworkId network, AcceptanceTiers tiers) =>
        With(AcceptanceTable.Put(store, network, tiers), store);

    /// <summary>Duplicate <c>reconciliation_item</c> when the same difference is known already.</summary>
    public Commit Insert(ReconciliationItem item) => With(ReconciliationTable.Insert(item), item.Store);

    public Commit Update(ReconciliationItem before, ReconciliationItem next) =>
        With(ReconciliationTable.Update(before, next), next.Store);

    public Commit Drop(ReconciliationItem suspected) => With(ReconciliationTable.Drop(suspected), suspected.Store);

    /// <summary>Stale <c>reconciliation</c> when another process has gone on from there.</summary>
    public Commit Move(ReconciliationCycle? before, ReconciliationCycle next) =>
        With(ReconciliationTable.Move(before, next), next.Subject);

    /// <summary>
    /// Moves a store's clock in test mode, and what waits for it: the ends of its open test sessions, and the tries of
    /// webhooks of test mode that nobody is making now. Stale <c>test_clock</c> if it was moved since it was read.
    /// </summary>
    /// <param name="now">The real time: what becomes due is due then.</param>
    public Commit Advance(StoreId store, StoreClock before, ClockStep step, Instant now)
    {
        With(TestClockTable.Insert(store, before, step), store);
        With(JobTable.EndSooner(store, step.Offset, now), store);
        return With(JobTable.TrySooner(store, step.Offset - before.Offset, now), store);
    }

    public Commit Insert(WebhookEndpoint endpoint) => With(EndpointTable.Insert(endpoint), endpoint.Store);

    public Commit Update(WebhookEndpoint before, WebhookEndpoint next) =>
        With(EndpointTable.Update(before, next), next.Store);

    public Commit Insert(Delivery delivery) => With(DeliveryTable.Insert(delivery), delivery.Endpoint.Value);

    public Commit Update(Delivery before, Delivery next) =>
        With(DeliveryTable.Update(before, next), next.Endpoint.Value);

    public Commit Insert(Merchant merchant) => With(AccessTable.Insert(merchant), merchant.Id.Value);

    public Commit Insert(Store store)
    {
        AccessTable.Add(_statements, store);
        _store ??= store.Id.Value;
        return this;
    }

    public Commit Insert(ApiKey key) => With(AccessTable.Insert(key), key.Store);

    public Commit Update(ApiKey key) => With(AccessTable.Update(key), key.Store);

    /// <summary>Stale <c>job</c> unless this attempt still holds it.</summary>
    public Commit Finish(Job job, JobOutcome outcome) => With(JobTable.Finish(job, outcome), job.Subject);

    private Commit With(Statement statement, StoreId store)
    {
        _store ??= store.Value;
        _statements.Add(statement);
        return this;
    }

    private Commit With(Statement statement, string route)
    {
        _other ??= route;
        _statements.Add(statement);
        return this;
    }
}
