using StablePay.Chains;
using StablePay.Engine.Acceptance;
using StablePay.Engine.Access;
using StablePay.Engine.Checkout;
using StablePay.Engine.Events;
using StablePay.Engine.Offering;
using StablePay.Engine.Paying;
using StablePay.Engine.Quorums;
using StablePay.Engine.Rates;
using StablePay.Engine.Rates.Pegs;
using StablePay.Engine.Reconciling;
using StablePay.Engine.Telemetry;
using StablePay.Engine.TestMode;
using StablePay.Engine.Watching;
using StablePay.Engine.Webhooks;
using StablePay.Engine.Working;
using StablePay.Engine.Working.Handlers;
using StablePay.Storage;

namespace StablePay.Engine;

/// <summary>
/// The whole engine, wired by hand from its parts. It spawns nothing and sets no timers: the host steps the watchers,
/// the job runner, the rates and the addresses made ahead.
/// </summary>
public sealed class Engine : IAsyncDisposable
{
    private readonly EngineParts _parts;
    private readonly EgressSender? _egress;
    private readonly StoreClocks _clocks;
    private readonly StoreNetworks _sights;

    public Engine(EngineParts parts)
    {
        _parts = parts;
        var (database, clock, dice) = (parts.Database, parts.Clock, parts.Dice);
        Ids = new IdSource(dice);
        Changed = new ChangeSignal();
        Networks = new NetworkBook(parts.Chains.Select(c => c.Network), clock)
        {
            Tokens = new TokenBook(parts.Alert) { Pegs = parts.Pegs },
        };
        Metrics = new Metrics(Networks, clock);
        _clocks = new StoreClocks(database, clock);
        _sights = new StoreNetworks(database, Networks, clock);
        var views = new SessionViews(parts.PublicUrl, Networks);
        var bodies = new EventBody(views);

        var spaces = new AddressSpaces(parts.Derivers);
        var books = new AddressBooks(parts.Chains, spaces, database.Addresses, clock);
        var intake = new TransferIntake(database, bodies, spaces, _clocks) { Shortages = Metrics.Shortages };
        Watchers = [.. parts.Chains.Select(c => WatcherOf(c, books.Of(c.Network.Id), intake))];

        Reconciliation = ReconciliationOf(spaces);
        Metrics.Watch(Reconciliation, Networks, clock);

        var guard = new EgressGuard(parts.Egress);
        var sender = parts.Sender ?? (_egress = new EgressSender(guard, EgressLimits.Default, clock));
        Jobs = new JobRunner(
            database,
            [
                new ExpireSession(database, _sights, bodies, Changed, _clocks),
                new DeliverWebhook(database, sender, guard, parts.Secrets, _clocks, dice),
                new PruneExpired(database, clock),
                new Reconcile(Reconciliation, clock),
            ],
            RunnerLimits.Default,
            parts.Owner,
            clock,
            dice
        )
        {
            OnFault = (job, e) => parts.Alert($"job {job.Id} ({job.Kind} of {job.Subject}) failed: {e.Message}"),
        };
        Changed.Also = Jobs.Hint.Set;

        Addresses = new DepositAddresses(
            parts.Derivers,
            new AddressIndexes(database.Addresses, parts.Mark),
            parts.Alert
        );
        Rates = parts.Rates;
        Pricing = new LockQuote(parts.Rates, parts.Pegs);
        Acceptance = new AcceptanceDesk(database, Networks);
        TestClocks = new MoveTestClock(database, _clocks, Changed);
        Checkout = DeskOf(views, bodies, books, spaces);
        Sessions = new SessionList(database, views);
        Events = new EventFeed(new FindEvent(database), new ListEvents(database));
        Endpoints = EndpointsOf(guard);
        Keys = new KeyBook(database, key => ApiSecrets.Open(parts.Secrets, key), clock);
        Claims = new RequestClaims(database, parts.Secrets, Ids, clock);
        Provision = new ProvisionStore(database, parts.Secrets, Ids, dice, clock);
    }

    public IdSource Ids { get; }

    /// <summary>Signalled after commits that pages may want to show.</summary>
    public ChangeSignal Changed { get; }
    public NetworkBook Networks { get; }
    public Metrics Metrics { get; }

    /// <summary>One for each network; each is stepped by a loop of its own, so that none waits for another.</summary>
    public IReadOnlyList<ChainWatcher> Watchers { get; }
    public JobRunner Jobs { get; }
    public DepositAddresses Addresses { get; }
    public RateBook Rates { get; }
    public ReconciliationDesk Reconciliation { get; }
    public PegBook? Pegs => _parts.Pegs;
    public LockQuote Pricing { get; }
    public AcceptanceDesk Acceptance { get; }
    public CheckoutDesk Checkout { get; }
    public SessionList Sessions { get; }
    public EventFeed Events { get; }
    public EndpointDesk Endpoints { get; }
    public KeyBook Keys { get; }
    public RequestClaims Claims { get; }
    public MoveTestClock TestClocks { get; }

    /// <summary>The networks as a store sees them.</summary>
    public StoreNetworks Sights => _sights;
    public ProvisionStore Provision { get; }

    /// <summary>
    /// Makes the rows that every instance has, reads the last good rates and makes addresses ready. Call once before
    /// the first step.
    /// </summary>
    public async Task StartAsync(CancellationToken ct)
    {
        var now = _parts.Clock.Now;
        var first = new Commit().Add(PruneExpired.First(now), Ids.Next<JobId>(now), now);
        foreach (var job in Reconciliation.Jobs(now))
            first.Add(job, Ids.Next<JobId>(now), now);
        await _parts.Database.Commits.RunAsync(first, ct);
        await Reconciliation.StartAsync(ct);
        await Rates.LoadAsync(ct);
        if (Pegs is not null)
            await Pegs.LoadAsync(ct);
        await Addresses.RefillAsync(ct);
    }

    /// <summary>Whether any merchant exists: false on the very first start.</summary>
    public Task<bool> AnyMerchantAsync(CancellationToken ct) => _parts.Database.Access.AnyMerchantAsync(ct);

    /// <summary>Jobs that wait, are done, and have given up; also proves that the database answers.</summary>
    public async Task<(long Ready, long Done, long Dead)> CountJobsAsync(CancellationToken ct)
    {
        var counts = await _parts.Database.Jobs.CountAsync(ct);
        return (counts.Ready, counts.Done, counts.Dead);
    }

    /// <summary>Lets attempts end and gives the leases up. Stepping must have stopped.</summary>
    public async Task StopAsync(CancellationToken ct)
    {
        await Jobs.DrainAsync();
        foreach (var watcher in Watchers)
            await watcher.StopAsync(ct);
    }

    public async ValueTask DisposeAsync()
    {
        _egress?.Dispose();
        Metrics.Dispose();
        await _parts.DisposeAsync();
    }

    private ChainWatcher WatcherOf(IChain chain, AddressBook addresses, TransferIntake intake) =>
        new(
            chain,
            addresses,
            intake,
            Networks,
            _parts.Quorums.GetValueOrDefault(chain.Network.Id, Quorum.None),
            new WatcherParts(_parts.Database, _parts.Clock, _parts.Owner, Changed, Metrics.Detections, _parts.Alert)
        );

    /// <summary>Live networks whose readers tell balances, and the ledger.</summary>
    private ReconciliationDesk ReconciliationOf(AddressSpaces spaces)
    {
        var parts = new AuditParts(
            _parts.Database,
            _parts.Clock,
            Ids,
            _parts.ReconcileEvery,
            _parts.Alert,
            _parts.Note
        );
        var audits = new List<IAudit> { new LedgerAudit(parts) };
        foreach (var chain in _parts.Chains)
            if (chain is IBalances balances)
                audits.Add(
                    new ChainAudit(
                        chain,
                        balances,
                        _parts.Quorums.GetValueOrDefault(chain.Network.Id, Quorum.None),
                        spaces,
                        Networks,
                        parts
                    )
                );
        return new ReconciliationDesk(audits, Networks, parts);
    }

    private CheckoutDesk DeskOf(SessionViews views, EventBody bodies, AddressBooks books, AddressSpaces spaces)
    {
        var (database, clock) = (_parts.Database, _parts.Clock);
        var makers = _parts.Chains.Where(c => c is IPayerTransfers);
        var payers = new PayerTransfers(
            database,
            makers.ToDictionary(c => c.Network.Id, c => (IPayerTransfers)c),
            clock
        );
        var read = new ReadCheckoutPage(database, Networks, views, payers, _sights, _clocks);
        var check = new AddressCheck(Addresses, books, database, _parts.Alert);
        var choose = new ChooseToken(database, Networks, Addresses, check, bodies, _clocks);
        var ground = new SandboxGround(_parts.Sandboxes, Networks, spaces, _parts.Dice);
        var pages = new SessionPages(
            read,
            new WatchSession(read, Changed, Metrics.Detections, clock),
            choose,
            new PayInSandbox(database, ground, choose),
            new PlayScenario(database, ground, choose, _clocks, TestClocks),
            payers,
            new NoteSent(database, Watchers.ToDictionary(w => w.Network.Id))
        );
        return new CheckoutDesk(
            database,
            views,
            new OpenSession(database, Pricing, views, Ids, _clocks),
            new CancelSession(database, views, bodies, Changed, _clocks),
            pages
        );
    }

    private EndpointDesk EndpointsOf(EgressGuard guard)
    {
        var database = _parts.Database;
        return new EndpointDesk(
            new CreateEndpoint(database, guard, _parts.Secrets, Ids, _parts.Clock, _parts.Dice),
            new FindEndpoint(database),
            new ListEndpoints(database),
            new UpdateEndpoint(database, guard),
            new DeleteEndpoint(database)
        );
    }
}
