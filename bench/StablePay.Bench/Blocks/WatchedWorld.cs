using StablePay.Chains;
using StablePay.Chains.Sandbox;
using StablePay.Core.Ids;
using StablePay.Engine;
using StablePay.Engine.Checkout;
using StablePay.Engine.Events;
using StablePay.Engine.Quorums;
using StablePay.Engine.Telemetry;
using StablePay.Engine.TestMode;
using StablePay.Engine.Watching;
using StablePay.Storage;

namespace StablePay.Bench.Blocks;

/// <summary>The production watcher over a database with so many issued addresses.</summary>
internal sealed class WatchedWorld : IAsyncDisposable
{
    private readonly Database _database;
    private readonly NetworkBook _networks;
    private readonly ChainWatcher _watcher;

    private WatchedWorld(Database database, NetworkBook networks, ChainWatcher watcher) =>
        (_database, _networks, _watcher) = (database, networks, watcher);

    public int Addresses => _watcher.AddressCount;

    /// <summary>Reads the addresses and finds the place to follow from.</summary>
    public static async Task<WatchedWorld> OpenAsync(string folder, int addresses, IChain chain)
    {
        var clock = TimeProvider.System;
        var path = Path.Combine(folder, $"{addresses}.db");
        await using (var made = await Database.OpenAsync(new(DatabaseOptions.Sqlite, path), clock, default))
        {
            // Only for its tables.
        }
        await IssuedAddresses.AddAsync(path, chain.Network.Id, addresses);
        var database = await Database.OpenAsync(new(DatabaseOptions.Sqlite, path), clock, default);
        var networks = new NetworkBook([chain.Network], clock);
        var bodies = new EventBody(new SessionViews("https://pay.example.com", networks));
        var deriver = new SandboxDeriver(chain.Network.Id);
        var spaces = new AddressSpaces(new Dictionary<NetworkId, IAddressDeriver> { [chain.Network.Id] = deriver });
        var parts = new WatcherParts(
            database,
            clock,
            "bench",
            new ChangeSignal(),
            new Metrics(networks, clock).Detections,
            Console.Error.WriteLine
        );
        var watcher = new ChainWatcher(
            chain,
            new AddressBook(chain, [chain.Network.Id], database.Addresses, clock),
            new TransferIntake(database, bodies, spaces, new StoreClocks(database, clock)),
            networks,
            Quorum.None,
            parts
        );
        await watcher.StepAsync(default);
        return new WatchedWorld(database, networks, watcher);
    }

    /// <summary>Follows the chain until the node's head is connected.</summary>
    public async Task CatchUpAsync(long head)
    {
        while (_networks.HeightOf(_watcher.Network.Id) < head)
            await _watcher.StepAsync(default);
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();
}
