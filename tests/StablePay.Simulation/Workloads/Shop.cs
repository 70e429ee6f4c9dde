using StablePay.Core.Access;
using StablePay.Engine.Access;
using StablePay.Engine.Webhooks;
using StablePay.Simulation.Auditing;
using StablePay.Simulation.World;

namespace StablePay.Simulation.Workloads;

/// <summary>An endpoint of a merchant, with the secret that its events are signed with.</summary>
internal sealed record ShopEndpoint(string Id, string Url, string Secret);

/// <summary>A merchant with a store.</summary>
internal sealed record SimMerchant(ProvisionedStore Store, IReadOnlyList<ShopEndpoint> Endpoints);

/// <summary>What a payer was shown.</summary>
internal sealed record Shown(SessionId Session, NetworkId Network, string Address, TokenAmount Due, Instant Until);

/// <summary>An address of ours with coins.</summary>
internal sealed record Holder(string Address, Token Token, UInt128 Atoms);

/// <summary>The merchants of the world: their stores, their endpoints, and what their payers were shown.</summary>
internal sealed class Shop(SimWorld world)
{
    private readonly List<SimMerchant> _merchants = [];
    private readonly List<Shown> _shown = [];
    private readonly List<AcceptedRequest> _accepted = [];

    public IReadOnlyList<SimMerchant> Merchants => _merchants;

    public IReadOnlyList<string> EndpointUrls => [.. _merchants.SelectMany(m => m.Endpoints).Select(e => e.Url)];

    /// <summary>Requests for sessions that were answered, oldest first.</summary>
    public IReadOnlyList<AcceptedRequest> Accepted => _accepted;

    public void Accept(OpenRequest request) => _accepted.Add(new AcceptedRequest(request, world.Agenda.Now));

    public void Show(Shown shown)
    {
        _shown.Add(shown);
        world.Auditor.Shown(shown);
    }

    /// <summary>Something that is open on a network, or null.</summary>
    public Shown? ShownOn(SimNetwork network, Chance chance)
    {
        var open = _shown.Where(s => s.Network == network.Network.Id && s.Until > world.Agenda.Now).ToList();
        return open.Count == 0 ? null : chance.OneOf(open);
    }

    /// <summary>An address that payers were shown, with the coins that it holds; null if none has any.</summary>
    public Holder? HolderOn(SimNetwork network, Chance chance)
    {
        var holders = _shown
            .Where(s => s.Network == network.Network.Id)
            .Select(s => new Holder(s.Address, s.Due.Token, (UInt128)network.Held(s.Address, s.Due.Token.Contract)))
            .Where(h => h.Atoms > 0)
            .ToList();
        return holders.Count == 0 ? null : chance.OneOf(holders);
    }

    /// <summary>Two merchants, each with a store and endpoints; one of them accepts small payments early.</summary>
    public async Task OpenAsync()
    {
        var chance = new Chance(world.Options.Seed, "shop");
        var client = new Client(world, chance);
        foreach (var name in (string[])["Harbour", "Kiln"])
        {
            var store =
                await client.AskAsync(e => e.Provision.RunAsync(name, name, CancellationToken.None))
                ?? throw new AuditException("O1", $"{name} has no store, though nothing hinders its opening");
            var endpoints = new List<ShopEndpoint>();
            for (var i = 1; i <= 2; i++)
            {
                var number = i;
                var made =
                    await client.AskAsync(e => AddEndpointAsync(e, store, name, number))
                    ?? throw new AuditException("O1", $"the store of {name} was answered, and is not there");
                endpoints.Add(made);
            }
            _merchants.Add(new SimMerchant(store, endpoints));
        }
        await client.AskAsync(e => AcceptEarlyAsync(e, _merchants[0].Store));
    }

    public static async Task<Caller> CallerAsync(Engine.Engine engine, string apiKey)
    {
        var known = await engine.Keys.FindAsync(apiKey) ?? throw new InvalidOperationException("no such key");
        return new Caller(known.Key, known.Store, known.Merchant, RequestScope.Empty());
    }

    private static async Task<ShopEndpoint> AddEndpointAsync(
        Engine.Engine engine,
        ProvisionedStore store,
        string name,
        int number
    )
    {
        var url = string.Create(
            CultureInfo.InvariantCulture,
            $"https://{name.ToLowerInvariant()}{number}.example.com/hook"
        );
        var caller = await CallerAsync(engine, store.Live.ApiKey);
        // The first endpoint hears of everything, the second of what is documented.
        var events = number == 1 ? Core.Events.EventType.All.Select(t => t.Name).ToList() : null;
        var made = await engine.Endpoints.Create.RunAsync(caller, new NewEndpoint(url, events), CancellationToken.None);
        return new ShopEndpoint(made.Value.Id, url, made.Value.Secret!);
    }

    private static async Task<object> AcceptEarlyAsync(Engine.Engine engine, ProvisionedStore store)
    {
        var caller = await CallerAsync(engine, store.Live.ApiKey);
        foreach (var network in engine.Networks.All)
        {
            var set = await engine.Acceptance.SetAsync(
                caller,
                network.Id,
                [new AcceptanceTier(3_000, 1), new AcceptanceTier(6_000, 3)],
                CancellationToken.None
            );
            Invariant.Holds(set.IsOk, "the table is right");
        }
        return store;
    }
}
