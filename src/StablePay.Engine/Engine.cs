using StablePay.Chains;
using StablePay.Engine.Acceptance;
using StablePay.Engine.Access;
using StablePay.Engine.Checkout;
using StablePay.Engine.Events;
using StablePay.Engine.Paying;
using StablePay.Engine.Quorums;
using StablePay.Engine.Rates;
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
    private readonly EgressSender _sender;
    private readonly StoreClocks _clocks;
    private readonly StoreNetworks _sights;

    public Engine(EngineParts parts)
    {
        _parts = parts;
        var (database, clock, dice) = (parts.Database, parts.Clock, parts.Dice);
        Ids = new IdSource(dice);
        Changed = new ChangeSignal();
        Networks = new NetworkBook(parts.Chains.Select(c => c.Network), clock);
        Metrics = new Metrics(Networks, clock);
        _clocks = new StoreClocks(database, clock);
        _sights = new StoreNetworks(database, Networks, clock);
        var views = new SessionViews(parts.PublicUrl, Networks);
        var bodies = new EventBody(views);

        var spaces = new AddressSpaces(parts.Derivers);
        var books = new AddressBooks(parts.Chains, spaces, database.Addresses, clock);
        var intake = new TransferIntake(database, bodies, spaces, _clocks);
        Watchers = [.. parts.Chains.Select(c => WatcherOf(c, books.Of(c.Network.Id), intake))];

        var guard = new EgressGuard(parts.Egress);
        _sender = new EgressSender(guard, EgressLimits.Default, clock);
        Jobs = new JobRunner(
            database,
            [
                new ExpireSession(database, _sights, bodies, Changed, _clocks),
                new DeliverWebhook(database, _sender, guard, parts.Secrets, _clocks, dice),
                new PruneExpired(database, clock),
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
        await _parts.Database.Commits.RunAsync(first, ct);
        await Rates.LoadAsync(ct);
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
        _sender.Dispose();
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
        var choose = new ChooseToken(database, Networks, Addresses, books, bodies, _clocks);
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
            new OpenSession(database, Rates, views, Ids, _clocks),
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
