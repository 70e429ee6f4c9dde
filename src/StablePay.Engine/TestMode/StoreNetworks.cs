using StablePay.Engine.Watching;
using StablePay.Storage;

namespace StablePay.Engine.TestMode;

/// <summary>
/// The networks as a store sees them: as they are, and in test mode with the trouble that this store plays. No other
/// store sees that.
/// </summary>
public sealed class StoreNetworks(Database database, NetworkBook networks, TimeProvider clock)
{
    public async Task<StoreSight> OfAsync(StoreId store, bool live, CancellationToken ct)
    {
        var now = clock.Now;
        return new StoreSight(networks, live ? [] : await database.Sandbox.TroublesAsync(store, now, ct), now);
    }
}

/// <summary>What one store sees of the networks at a moment of real time.</summary>
public sealed class StoreSight(NetworkBook networks, IReadOnlyList<SandboxTrouble> troubles, Instant now)
{
    /// <inheritdoc cref="NetworkBook.Status"/>
    public WatchedNetwork? Status(NetworkId id)
    {
        if (networks.Status(id) is not { } watched || TroubleOf(id) is not { } trouble)
            return networks.Status(id);
        var troubled = watched with
        {
            Height = Math.Min(watched.Height, trouble.Height),
            Lag = now - trouble.From,
            IsBehind = true,
        };
        return trouble.Kind == TroubleKind.Outage ? troubled with { ReadAt = trouble.From } : troubled;
    }

    /// <inheritdoc cref="NetworkBook.WatchedUntil"/>
    public Instant? WatchedUntil(NetworkId id)
    {
        var until = networks.WatchedUntil(id);
        return TroubleOf(id) is { } trouble && until > trouble.From ? trouble.From : until;
    }

    private SandboxTrouble? TroubleOf(NetworkId id) => troubles.FirstOrDefault(t => t.Network == id);
}
