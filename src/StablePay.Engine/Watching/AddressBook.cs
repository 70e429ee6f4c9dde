using StablePay.Chains;
using StablePay.Storage;

namespace StablePay.Engine.Watching;

/// <summary>
/// The deposit addresses that a network's watcher looks for: those of its whole address space. The table is the truth;
/// the set in memory is refreshed from it before blocks are read, so that an address issued by another process is
/// watched too.
/// </summary>
public sealed class AddressBook(IChain chain, IReadOnlyList<NetworkId> space, AddressTable table, TimeProvider clock)
{
    /// <summary>
    /// Rows become visible in another order than they were stamped; a commit never takes nearly as long as this.
    /// </summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(2);

    private readonly AddressSet _set = new();
    private Instant _since;

    public IAddressFilter Filter => _set;

    public int Count => _set.Count;

    /// <summary>Adds what the table has got since the last call.</summary>
    public async Task RefreshAsync(CancellationToken ct)
    {
        var started = clock.Now;
        foreach (var network in space)
        await foreach (var address in table.ListSinceAsync(network, _since, ct))
            Add(address);
        _since = started - Overlap;
    }

    /// <summary>Reads an address as the network's watcher does.</summary>
    public bool TryRead(string address, out byte[] raw) => chain.TryReadAddress(address, out raw);

    /// <summary>
    /// Starts watching an address. Called before its row is committed: watching one too many is harmless, one too few
    /// loses money (PAY-18).
    /// </summary>
    public void Add(string address)
    {
        Invariant.Holds(chain.TryReadAddress(address, out var raw), $"{address} is an address of {chain.Network.Id}");
        _set.Add(raw);
    }
}
