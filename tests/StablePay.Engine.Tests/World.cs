using StablePay.Chains.Keys;
using StablePay.Engine.Access;
using StablePay.Engine.Checkout;
using StablePay.Engine.Events;
using StablePay.Engine.TestMode;
using StablePay.Engine.Watching;
using StablePay.Engine.Webhooks;
using StablePay.Engine.Working;
using StablePay.Engine.Working.Handlers;
using StablePay.Storage;
using StablePay.Storage.Tests;

namespace StablePay.Engine.Tests;

/// <summary>A store on a database of its own, with everything that tells its events; the clock is the test's.</summary>
internal sealed class World : IAsyncDisposable
{
    public static readonly EgressGuard Guard = new(EgressPolicy.Production with { AllowLoopbackForTestMode = true });
    public static readonly Token Usdt = new(new NetworkId("sandbox:ethereum"), Asset.Usdt, "sandboxusdt", 6);

    private static readonly Network Ethereum = new(
        Usdt.Network,
        ChainFamily.Sandbox,
        "Ethereum",
        "ERC20",
        TimeSpan.FromSeconds(12),
        new FinalityRule.Depth(12),
        [Usdt],
        null,
        null
    );

    private readonly DatabaseOptions _options;
    private readonly string? _folder;
    private readonly EventBody _bodies;
    private int _events;

    private World(DatabaseOptions options, string? folder, TimeProvider clock)
    {
        (_options, _folder, Clock) = (options, folder, clock);
        _bodies = new EventBody(new SessionViews("https://pay.example.com", new NetworkBook([Ethereum], clock)));
        Ids = new IdSource(Dice);
    }

    public TimeProvider Clock { get; }
    public SeededDice Dice { get; } = new(7);
    public IdSource Ids { get; }
    public SecretBox Box { get; } = SecretBox.FromKey(new byte[32]);
    public Database Db { get; private set; } = null!;
    public ProvisionedStore Owner { get; private set; } = null!;
    public Instant Now => Instant.From(Clock.GetUtcNow());

    public static async Task<World> CreateAsync(
        TimeProvider clock,
        string provider = "sqlite",
        TestCluster? cluster = null
    )
    {
        var folder = provider == "sqlite" ? Directory.CreateTempSubdirectory("stablepay-engine-").FullName : null;
        var where = folder is null ? await cluster!.CreateDatabaseAsync() : Path.Combine(folder, "stablepay.db");
        var world = new World(new DatabaseOptions(provider, where), folder, clock);
        world.Db = await world.OpenAsync();
        world.Owner = await new ProvisionStore(world.Db, world.Box, world.Ids, world.Dice, clock).RunAsync(
            "M",
            "S",
            default
        );
        return world;
    }

    /// <summary>Another handle on the same data; on SQLite only after the first is closed.</summary>
    public Task<Database> OpenAsync() => Database.OpenAsync(_options, TimeProvider.System, default);

    /// <summary>What a restart of the program does to its database.</summary>
    public async Task ReopenAsync()
    {
        await Db.DisposeAsync();
        Db = await OpenAsync();
    }

    public Caller CallerOf(bool live = false, RequestScope? scope = null) =>
        new(
            new ApiKey(
                live ? Owner.Live.ApiKey : Owner.Test.ApiKey,
                Owner.Store.Id,
                live,
                Permissions.All,
                [],
                [],
                new Instant(0),
                null
            ),
            Owner.Store,
            Owner.Merchant,
            scope ?? RequestScope.Empty()
        );

    public async Task<EndpointId> AddEndpointAsync(Uri url, params string[] events)
    {
        var create = new CreateEndpoint(Db, Guard, Box, Ids, Clock, Dice);
        var made = await create.RunAsync(
            CallerOf(),
            new NewEndpoint(url.ToString(), events.Length == 0 ? null : events),
            default
        );
        return EndpointId.From(made.Value.Id);
    }

    /// <summary>Past the use case, which bounds the number of a store's endpoints.</summary>
    public async Task InsertEndpointAsync(Uri url)
    {
        var id = Ids.Next<EndpointId>(Now);
        var endpoint = new WebhookEndpoint(
            id,
            Owner.Store.Id,
            false,
            url.ToString(),
            null,
            [],
            EndpointStatus.Enabled,
            [EndpointSecrets.Seal(Box, id, SigningSecret.Make(Dice))],
            Now,
            1
        );
        (await Db.Commits.RunAsync(new Commit().Insert(endpoint), default)).IsDone.ShouldBeTrue();
    }

    /// <summary>A session that was paid with one transfer, and what the machine says about it.</summary>
    public (CheckoutSession Session, Transfer Transfer) Paid(string order)
    {
        var now = Now;
        var session = new CheckoutSession
        {
            Id = Ids.Next<SessionId>(now),
            Merchant = Owner.Merchant.Id,
            Store = Owner.Store.Id,
            Live = false,
            Order = new OrderDetails { OrderId = order, Description = "茶杯 \u2028 <b>\r\nX-Injected: 1" },
            Quote = Quote.Lock(new FiatAmount(Currency.Usd, 2599), Rate.One, "par", now).Value,
            CreatedAt = now,
            ExpiresAt = now + TimeSpan.FromMinutes(30),
            ToleranceBasisPoints = 0,
            Choices = [new Choice(Usdt, "sandbox1aaaa", 1)],
        };
        var amount = new TokenAmount(Usdt, 25_990_000);
        var hash = $"hash of {order}";
        var transfer = new Transfer
        {
            Id = Transfer.IdOf(Usdt.Network, hash, 0),
            Network = Usdt.Network,
            TransactionHash = hash,
            Position = 0,
            Amount = amount,
            From = "payer",
            To = "sandbox1aaaa",
            Session = session.Id,
            Store = session.Store,
            Block = new BlockRef(7, "block"),
            BlockTime = now,
            State = TransferState.Final,
            Class = TransferClass.Counted,
            SeenAt = now,
            Version = 1,
        };
        foreach (
            CheckoutInput input in new CheckoutInput[]
            {
                new CheckoutInput.Included(amount, TransferClass.Counted),
                new CheckoutInput.Finalized(amount, TransferClass.Counted),
            }
        )
            session = CheckoutMachine.Decide(session, input, now).Next!;
        return (session, transfer);
    }

    /// <summary>Commits one <c>payment.completed</c> with the real body of a paid session.</summary>
    public async Task<EventId> TellAsync(EventType? type = null)
    {
        var (session, transfer) = Paid($"A-{Interlocked.Increment(ref _events)}");
        var told = _bodies.Build(new EventDraft(type ?? EventType.PaymentCompleted), 0, session, [transfer], Now);
        (await Db.Commits.RunAsync(new Commit().Add(told), default)).IsDone.ShouldBeTrue();
        return told.Id;
    }

    /// <summary>Commits many events with small bodies.</summary>
    public Task TellManyAsync(int count, StoreId? store = null) =>
        Task.WhenAll(
            Enumerable
                .Range(0, count)
                .Select(async i =>
                {
                    var id = Ids.Next<EventId>(Now);
                    var told = new NewEvent(
                        id,
                        store ?? Owner.Store.Id,
                        false,
                        EventType.PaymentCompleted,
                        "sess_x",
                        i + 1,
                        Now,
                        $$"""{"id":"{{id}}","sequence":""",
                        "}"
                    );
                    (await Db.Commits.RunAsync(new Commit().Add(told), default)).IsDone.ShouldBeTrue();
                })
        );

    public JobRunner NewRunner(
        IHttpSender sender,
        RunnerLimits? limits = null,
        string owner = "runner-1",
        Action<Job, Exception>? onFault = null
    ) =>
        NewRunner(
            [
                new DeliverWebhook(Db, sender, Guard, Box, new StoreClocks(Db, Clock), Dice),
                new PruneExpired(Db, Clock),
                new Scripted(JobKind.ExpireSession, (_, _) => Task.FromResult(JobEnd.Done())),
                new Scripted(JobKind.Reconcile, (_, _) => Task.FromResult(JobEnd.Done())),
            ],
            limits,
            owner,
            onFault
        );

    public JobRunner NewRunner(
        IReadOnlyList<IJobHandler> handlers,
        RunnerLimits? limits = null,
        string owner = "runner-1",
        Action<Job, Exception>? onFault = null
    ) =>
        new(Db, handlers, limits ?? RunnerLimits.Default, owner, Clock, Dice)
        {
            OnFault = onFault ?? ((job, e) => throw new InvalidOperationException($"{job.Kind} {job.Subject}", e)),
        };

    public async Task<IReadOnlyList<Delivery>> DeliveriesOfAsync(EndpointId endpoint) =>
        await Db.Deliveries.ListByEndpointAsync(endpoint, null, 10_000, default);

    /// <summary>Steps as the host's loop does, in real time, until it is told to stop.</summary>
    public async Task LoopAsync(JobRunner runner, CancellationToken stop)
    {
        try
        {
            while (true)
            {
                var step = await runner.StepAsync(stop);
                if (!step.HasMore)
                    await runner.Hint.WaitAsync(step.NextLook - Now, Clock, stop);
            }
        }
        catch (OperationCanceledException)
        {
            await runner.DrainAsync();
        }
    }

    /// <summary>Steps until nothing that is due now is left to start, and every attempt has ended.</summary>
    public static async Task SettleAsync(JobRunner runner)
    {
        while ((await runner.StepAsync(default)).Claimed > 0)
            await runner.DrainAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Db.DisposeAsync();
        Box.Dispose();
        if (_folder is not null)
            Directory.Delete(_folder, recursive: true);
    }
}

/// <summary>A handler that does what the test says.</summary>
internal sealed class Scripted(JobKind kind, Func<Job, CancellationToken, Task<JobEnd>> run) : IJobHandler
{
    public JobKind Kind => kind;

    public Task<JobEnd> RunAsync(Job job, CancellationToken ct) => run(job, ct);

    /// <summary>Handlers for every kind, of which only webhooks' does anything.</summary>
    public static IReadOnlyList<IJobHandler> Only(Func<Job, CancellationToken, Task<JobEnd>> run) =>
        [
            .. JobKind.All.Select(kind => new Scripted(
                kind,
                kind == JobKind.DeliverWebhook ? run : (_, _) => Task.FromResult(JobEnd.Done())
            )),
        ];
}

/// <summary>A sender whose receivers exist only in the test: for schedules that take days.</summary>
internal sealed class FakeSender(Func<WebhookRequest, Task<DeliveryOutcome>> answer) : IHttpSender
{
    public FakeSender(DeliveryOutcome always)
        : this(_ => Task.FromResult(always)) { }

    public async Task<DeliveryOutcome> SendAsync(WebhookRequest request, CancellationToken ct) =>
        await answer(request).WaitAsync(ct);
}
