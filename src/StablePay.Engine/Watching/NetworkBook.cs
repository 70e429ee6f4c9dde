using System.Collections.Concurrent;
using System.Collections.Frozen;
using StablePay.Engine.Offering;

namespace StablePay.Engine.Watching;

/// <summary>The networks of this instance, and what their watchers last saw.</summary>
public sealed class NetworkBook(IEnumerable<Network> networks, TimeProvider clock)
{
    /// <summary>A node that has not answered for this long leaves us blind.</summary>
    private static readonly TimeSpan Blind = TimeSpan.FromSeconds(30);

    private readonly FrozenDictionary<NetworkId, Network> _networks = networks.ToFrozenDictionary(n => n.Id);
    private readonly ConcurrentDictionary<NetworkId, Seen> _seen = [];

    private sealed record Seen(
        BlockRef Tip,
        Instant TipTime,
        long FinalHeight,
        Instant ReadAt,
        long NodeHead,
        string? Halted,
        int Held
    );

    /// <summary>What is known of the networks' tokens.</summary>
    public TokenBook Tokens { get; init; } = new(_ => { });

    public IEnumerable<Network> All => _networks.Values.OrderBy(n => n.Id.Value, StringComparer.Ordinal);

    public Network? Find(NetworkId id) => _networks.GetValueOrDefault(id);

    /// <summary>The watcher has connected this block while the node's head was at <paramref name="nodeHead"/>.</summary>
    public void Report(BlockLocator locator, long nodeHead) =>
        _seen.AddOrUpdate(
            locator.Network,
            _ => Of(locator, nodeHead, null, 0),
            // A halt stays until the program is started again by somebody who has looked.
            (_, before) => Of(locator, nodeHead, before.Halted, before.Held)
        );

    private Seen Of(BlockLocator locator, long nodeHead, string? halted, int held) =>
        new(locator.Tip, locator.TipTime, locator.FinalHeight, clock.Now, nodeHead, halted, held);

    /// <summary>So many final transfers are not credited yet, because the nodes do not agree on them.</summary>
    public void ReportHeld(NetworkId network, int transfers)
    {
        if (_seen.TryGetValue(network, out var seen) && seen.Held != transfers)
            _seen[network] = seen with { Held = transfers };
    }

    /// <summary>Crediting on this network has stopped, with a sentence for the operator.</summary>
    public void ReportHalt(NetworkId network, string why) =>
        _seen.AddOrUpdate(
            network,
            _ => new Seen(default, default, 0, clock.Now, 0, why, 0),
            (_, seen) => seen with { Halted = why }
        );

    /// <summary>The height of the last connected block; 0 before the first.</summary>
    public long HeightOf(NetworkId network) => _seen.TryGetValue(network, out var seen) ? seen.Tip.Height : 0;

    /// <summary>The time of the last connected block, or null before the first.</summary>
    public Instant? WatchedUntil(NetworkId network) =>
        _seen.TryGetValue(network, out var seen) && seen.Tip.Hash is not null ? seen.TipTime : null;

    public long FinalHeightOf(NetworkId network) => _seen.TryGetValue(network, out var seen) ? seen.FinalHeight : 0;

    /// <summary>What the watcher of a network last did, or null before it has read anything.</summary>
    public WatchedNetwork? Status(NetworkId id)
    {
        if (!_seen.TryGetValue(id, out var seen) || Find(id) is not { } network)
            return null;
        var now = clock.Now;
        var missing = Math.Max(0, seen.NodeHead - seen.Tip.Height);
        // The lag is counted in blocks we know of and have not read; a chain that makes no blocks is not behind.
        var lag = missing == 0 ? TimeSpan.Zero : now - seen.TipTime;
        var blind = now - seen.ReadAt > Blind;
        var behind = blind || seen.Halted is not null || lag > Blind + (network.BlockTime * 5);
        return new WatchedNetwork(
            network,
            seen.Tip.Height,
            seen.TipTime,
            seen.ReadAt,
            blind ? now - seen.ReadAt : lag,
            behind,
            seen.Halted,
            seen.Held
        );
    }

    /// <summary>
    /// Blocks in the chain we follow from the transfer's own on; never more than the rule asks for, once final.
    /// </summary>
    public (int Have, int Need) ConfirmationsOf(Transfer transfer)
    {
        var need = Find(transfer.Network)?.Finality.Confirmations ?? 1;
        return transfer.State switch
        {
            TransferState.Orphaned => (0, need),
            TransferState.Final => (need, need),
            TransferState.Included or TransferState.Accepted => (
                (int)Math.Clamp(HeightOf(transfer.Network) - transfer.Block.Height + 1, 1, need),
                need
            ),
        };
    }
}
