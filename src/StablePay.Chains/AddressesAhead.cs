using System.Collections.Concurrent;

namespace StablePay.Chains;

/// <summary>
/// Derives the next addresses ahead of demand, so that no session waits for it. An address that nobody has derived yet
/// is derived when it is asked for: being behind costs time, never an address.
/// </summary>
public sealed class AddressesAhead(IAddressDeriver inner) : IAddressDeriver, IAddressPool, IDisposable
{
    /// <summary>Addresses kept ready; more than are chosen between two refills.</summary>
    public const int Ahead = 512;

    private readonly ConcurrentDictionary<long, string> _ready = [];

    public string Scheme => inner.Scheme;

    public long End => inner.End;

    /// <summary>How many addresses are ready.</summary>
    public int Ready => _ready.Count;

    public string AddressAt(long index) => _ready.TryGetValue(index, out var ready) ? ready : inner.AddressAt(index);

    /// <inheritdoc/>
    public byte[]? AgainAt(long index) => inner.AgainAt(index);

    public void Refill(long next)
    {
        foreach (var used in _ready.Keys.Where(index => index < next))
            _ready.TryRemove(used, out _);
        for (var index = next; index < Math.Min(next + Ahead, End); index++)
            _ready.GetOrAdd(index, inner.AddressAt);
    }

    public void Dispose() => (inner as IDisposable)?.Dispose();
}
