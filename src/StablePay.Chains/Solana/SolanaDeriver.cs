using System.Collections.Concurrent;
using StablePay.Chains.Keys;

namespace StablePay.Chains.Solana;

/// <summary>
/// Deposit addresses of Solana, <c>m/44'/501'/i'/0'</c> as wallets derive them. Every step is hardened (SLIP-10), so a
/// private key is needed for each: they are derived ahead of demand, and no session waits for it.
/// </summary>
/// <param name="key">The key at <see cref="Path"/>, which is cleared with this.</param>
public sealed class SolanaDeriver(Slip10Key key) : IAddressDeriver, IAddressPool, IDisposable
{
    /// <summary>Addresses kept ready; more than are chosen between two refills.</summary>
    public const int Ahead = 512;

    private readonly ConcurrentDictionary<long, string> _ready = [];

    /// <summary>What the key is derived by: <c>m/44'/501'</c>.</summary>
    public static KeyPath Path { get; } = new([44 | KeyPath.Hardened, SolanaAddress.CoinType | KeyPath.Hardened]);

    public string Scheme => "solana";

    public long End => KeyPath.Hardened;

    /// <summary>How many addresses are ready.</summary>
    public int Ready => _ready.Count;

    public string AddressAt(long index) => _ready.TryGetValue(index, out var ready) ? ready : Derive(index);

    public void Refill(long next)
    {
        foreach (var used in _ready.Keys.Where(index => index < next))
            _ready.TryRemove(used, out _);
        for (var index = next; index < Math.Min(next + Ahead, End); index++)
            _ready.GetOrAdd(index, Derive);
    }

    public void Dispose() => key.Dispose();

    private string Derive(long index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, End);
        using var derived = key.Derive(new KeyPath([checked((uint)index) | KeyPath.Hardened, KeyPath.Hardened]));
        return new SolanaAddress(derived.PublicKey()).ToString();
    }
}
