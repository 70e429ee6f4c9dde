using StablePay.Bench.Blocks;
using StablePay.Chains;
using StablePay.Core.Money;
using StablePay.Engine.Checkout;
using StablePay.Testing;

namespace StablePay.Bench.CatchUp;

/// <summary>The production engine on a SQLite file, as tests run it, with many addresses that nobody pays to.</summary>
internal sealed class CatchUpWorld : IAsyncDisposable
{
    public const long Cents = 2_599;

    private readonly PaymentWorld _world;
    private readonly List<SessionView> _open = [];

    private CatchUpWorld(PaymentWorld world) => _world = world;

    public static async Task<CatchUpWorld> StartAsync(HeavyNode node, HttpClient http, int strangers)
    {
        var config = new NetworkConfig(node.Network.Id, [node.Url]);
        var world = await PaymentWorld.StartAsync(
            new WorldOptions((_, _, _) => [ChainFamilies.Live(node.Network, config, http)]) { Start = node.Start }
        );
        await IssuedAddresses.AddAsync(world.DatabasePath, node.Network.Id, strangers);
        await world.RestartAsync();
        await world.WatchAsync();
        return new CatchUpWorld(world);
    }

    public int Addresses => _world.Engine.Watchers.Single().AddressCount;

    /// <summary>Opens sessions whose payments the next blocks hold.</summary>
    /// <returns>Their addresses.</returns>
    public async Task<IReadOnlyList<string>> OpenAsync(int count)
    {
        _open.Clear();
        var addresses = new List<string>();
        for (var i = 0; i < count; i++)
        {
            var session = await _world.OpenSessionAsync(Cents, live: true, TimeSpan.FromHours(2));
            var network = _world.Engine.Watchers.Single().Network.Id;
            addresses.Add((await _world.ChooseAsync(session, network, Asset.Usdt)).Chosen!.Address);
            _open.Add(session);
        }
        return addresses;
    }

    /// <summary>Moves the clock behind the blocks; addresses that were just issued are not looked for again.</summary>
    public void Advance(TimeSpan span) => _world.Clock.Advance(span);

    public Task CatchUpAsync() => _world.WatchAsync();

    /// <summary>What was not seen was not measured.</summary>
    public async Task CheckAsync()
    {
        foreach (var session in _open)
            if ((await _world.ReadAsync(session)).AmountReceived != Cents)
                throw new InvalidOperationException($"{session.Id} is not paid");
        if (_world.Alerts.Count > 0)
            throw new InvalidOperationException(string.Join(' ', _world.Alerts));
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();
}
