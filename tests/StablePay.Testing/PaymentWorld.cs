using System.Net;
using Microsoft.Extensions.Time.Testing;
using StablePay.Chains;
using StablePay.Chains.Evm;
using StablePay.Chains.Keys;
using StablePay.Chains.Sandbox;
using StablePay.Chains.Solana;
using StablePay.Chains.Tron;
using StablePay.Core.Access;
using StablePay.Core.Checkout;
using StablePay.Core.Ids;
using StablePay.Core.Jobs;
using StablePay.Core.Money;
using StablePay.Core.Networks;
using StablePay.Core.Primitives;
using StablePay.Engine;
using StablePay.Engine.Access;
using StablePay.Engine.Checkout;
using StablePay.Engine.Quorums;
using StablePay.Engine.Rates;
using StablePay.Engine.Rates.Pegs;
using StablePay.Engine.Watching;
using StablePay.Engine.Webhooks;
using StablePay.Storage;

namespace StablePay.Testing;

/// <summary>What a world is made of.</summary>
/// <param name="Chains">Makes its chains on the world's database and clock.</param>
/// <param name="Postgres">A connection string, or null for a SQLite file.</param>
public sealed record WorldOptions(
    Func<Database, TimeProvider, Dice, IReadOnlyList<IChain>> Chains,
    string? Postgres = null
)
{
    public DateTimeOffset Start { get; init; } = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    /// <summary>A clock that moves by itself, for what is measured; null for one that the test moves.</summary>
    public TimeProvider? Time { get; init; }

    /// <summary>Who must agree on large payments.</summary>
    public IReadOnlyDictionary<NetworkId, Quorum> Quorums { get; init; } = new Dictionary<NetworkId, Quorum>();

    /// <summary>Where a chain's addresses come from; from a seed of zeros if not told.</summary>
    public Func<IChain, IAddressDeriver>? Derivers { get; init; }

    /// <summary>What the coins are worth; gets what takes sentences for the operator.</summary>
    public Func<Database, TimeProvider, Action<string>, PegBook>? Pegs { get; init; }

    /// <summary>The four sandbox networks, a block every two seconds, final after four.</summary>
    public static WorldOptions Sandbox(string? postgres = null) =>
        new(
            (database, clock, dice) =>
                [
                    .. Networks
                        .Sandbox(TimeSpan.FromSeconds(2), 4)
                        .Select(n => ChainFamilies.Sandbox(n, new SandboxRows(database.Sandbox), dice, clock)),
                ],
            postgres
        );
}

/// <summary>
/// The production engine on a real database with a clock that a test moves, and a merchant to pay. The engine can be
/// stopped and started again on the same data.
/// </summary>
public sealed class PaymentWorld : IAsyncDisposable
{
    private readonly WorldOptions _options;
    private readonly TestDirectory _folder = new();
    private readonly SecretBox _box = SecretBox.FromKey(new byte[32]);
    private readonly SeededDice _dice = new(42);
    private int _orders;

    private PaymentWorld(WorldOptions options)
    {
        (_options, Quorums) = (options, options.Quorums);
        Clock = new FakeTimeProvider(options.Start);
    }

    public FakeTimeProvider Clock { get; }
    public Database Database { get; private set; } = null!;
    public Engine.Engine Engine { get; private set; } = null!;
    public IReadOnlyList<IChain> Chains { get; private set; } = [];
    public ProvisionedStore Store { get; private set; } = null!;

    /// <summary>Who must agree on large payments; a change holds from the next start on.</summary>
    public IReadOnlyDictionary<NetworkId, Quorum> Quorums { get; set; }

    /// <summary>How often books and chains are compared; a change holds from the next start on.</summary>
    public TimeSpan ReconcileEvery { get; set; } = TimeSpan.FromHours(24);

    /// <summary>Sentences for the operator so far.</summary>
    public List<string> Alerts { get; } = [];
    public Instant Now => Instant.From(Time.GetUtcNow());

    private TimeProvider Time => _options.Time ?? Clock;

    /// <summary>The file of a world on SQLite.</summary>
    public string DatabasePath => _folder.Of("stablepay.db");

    public static async Task<PaymentWorld> StartAsync(WorldOptions options)
    {
        var world = new PaymentWorld(options);
        await world.OpenAsync();
        world.Store = await world.Engine.Provision.RunAsync(
            "Harbour & Kiln Ltd",
            "Harbour & Kiln",
            CancellationToken.None
        );
        return world;
    }

    /// <summary>Ends the engine without ceremony and starts another on the same database.</summary>
    public async Task RestartAsync()
    {
        await Engine.DisposeAsync();
        await OpenAsync();
    }

    public Task<Caller> CallerAsync(bool live) => CallerAsync(live ? Store.Live.ApiKey : Store.Test.ApiKey);

    public async Task<SessionView> OpenSessionAsync(long cents, bool live, TimeSpan? lifetime = null)
    {
        var request = new NewSession(
            new FiatAmount(Currency.Usd, cents),
            new OrderDetails { OrderId = $"order-{++_orders}" },
            lifetime
        );
        var answer = await Engine.Checkout.OpenAsync(await CallerAsync(live), request, CancellationToken.None);
        return answer.Value.View;
    }

    /// <summary>Chooses a coin; the page shows its address.</summary>
    public async Task<CheckoutPage> ChooseAsync(SessionView session, NetworkId network, Asset asset) =>
        (await Engine.Checkout.ChooseAsync(SessionId.From(session.Id), network, asset, CancellationToken.None)).Value;

    public async Task<SessionView> ReadAsync(SessionView session) =>
        await Engine.Checkout.FindAsync(
            Store.Store.Id,
            session.Livemode,
            SessionId.From(session.Id),
            CancellationToken.None
        ) ?? throw new InvalidOperationException($"{session.Id} is gone");

    /// <summary>Steps every watcher until none has work left.</summary>
    public async Task WatchAsync()
    {
        foreach (var watcher in Engine.Watchers)
            while (await watcher.StepAsync(CancellationToken.None))
            {
                // Each step is bounded; the last one says that there is no more.
            }
    }

    /// <summary>Runs the jobs that are due now, to their end.</summary>
    public async Task WorkAsync()
    {
        while ((await Engine.Jobs.StepAsync(CancellationToken.None)).Claimed > 0)
            await Engine.Jobs.DrainAsync();
    }

    public async Task<IReadOnlyList<string>> EventsAsync(bool live) =>
        [
            .. (await Database.Events.ListAsync(Store.Store.Id, live, 0, 100, CancellationToken.None)).Select(e =>
                e.Type
            ),
        ];

    public async ValueTask DisposeAsync()
    {
        await Engine.DisposeAsync();
        _box.Dispose();
        _folder.Dispose();
    }

    private async Task<Caller> CallerAsync(string key)
    {
        var (apiKey, store, merchant) =
            await Database.Access.FindKeyAsync(key, CancellationToken.None)
            ?? throw new InvalidOperationException("the key is gone");
        return new Caller(apiKey, store, merchant, RequestScope.Empty());
    }

    private async Task OpenAsync()
    {
        var options = _options.Postgres is { } connection
            ? new DatabaseOptions(DatabaseOptions.Postgres, connection)
            : new DatabaseOptions(DatabaseOptions.Sqlite, DatabasePath);
        Database = await Database.OpenAsync(options, Time, CancellationToken.None);
        Chains = _options.Chains(Database, Time, _dice);
        var parts = new EngineParts
        {
            Database = Database,
            Clock = Time,
            Dice = _dice,
            Owner = new IdSource(_dice).Next("proc_", Now),
            PublicUrl = "http://localhost",
            Chains = Chains,
            Sandboxes = Chains.OfType<SandboxChain>().ToDictionary(c => c.Network.Id),
            Derivers = Chains.ToDictionary(
                c => c.Network.Id,
                _options.Derivers ?? (c => KeysOfZeros.DeriverOf(c.Network))
            ),
            Quorums = Quorums,
            ReconcileEvery = ReconcileEvery,
            Mark = new HighWaterFile(_folder.Of("high-water.json")),
            Secrets = _box,
            Egress = EgressPolicy.Production,
            Rates = new RateBook([], new NoFetch(), Database.Rates, Time),
            Pegs = _options.Pegs?.Invoke(Database, Time, Alerts.Add),
            Alert = Alerts.Add,
        };
        Engine = new Engine.Engine(parts);
        await Engine.StartAsync(CancellationToken.None);
        // The lease of an engine that ended without ceremony keeps others away until its term is over.
        Clock.Advance(WatcherParts.LeaseLength + TimeSpan.FromSeconds(1));
    }

    private sealed class NoFetch : IRateFetch
    {
        public Task<byte[]> GetAsync(Uri address, CancellationToken ct) =>
            throw new HttpRequestException("tests have no network", null, HttpStatusCode.ServiceUnavailable);
    }
}
