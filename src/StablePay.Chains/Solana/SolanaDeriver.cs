using StablePay.Chains.Keys;

namespace StablePay.Chains.Solana;

/// <summary>
/// Deposit addresses of Solana, <c>m/44'/501'/i'/0'</c> as wallets derive them. Every step is hardened (SLIP-10), so a
/// private key is needed for each.
/// </summary>
/// <param name="key">The key at <see cref="Path"/>, which is cleared with this.</param>
public sealed class SolanaDeriver(Slip10Key key) : IAddressDeriver, IDisposable
{
    /// <summary>What the key is derived by: <c>m/44'/501'</c>.</summary>
    public static KeyPath Path { get; } = new([44 | KeyPath.Hardened, SolanaAddress.CoinType | KeyPath.Hardened]);

    public string Scheme => "solana";

    public long End => KeyPath.Hardened;

    public void Dispose() => key.Dispose();

    public string AddressAt(long index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, End);
        using var derived = key.Derive(new KeyPath([checked((uint)index) | KeyPath.Hardened, KeyPath.Hardened]));
        return new SolanaAddress(derived.PublicKey()).ToString();
    }

    public byte[]? AgainAt(long index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, End);
        return key.PublicKeyAgain([checked((uint)index) | KeyPath.Hardened, KeyPath.Hardened]);
    }
}
