using StablePay.Chains.Solana;

namespace StablePay.Engine;

/// <summary>
/// Makes deposit addresses where the seed is, for a program that serves payers elsewhere without it. Solana has no
/// public key that addresses could be derived from (SLIP-10), so they are made ahead and handed over as a list.
/// </summary>
public static class MakeAddresses
{
    /// <summary>Addresses of Solana from an index on, in order.</summary>
    /// <exception cref="EngineRefusedException">The vault does not open.</exception>
    public static IReadOnlyList<string> Solana(KeySettings keys, long from, int count)
    {
        using var vault = EngineStart.OpenVault(keys);
        using var deriver = new SolanaDeriver(vault.Seed.Ed25519KeyAt(SolanaDeriver.Path));
        return [.. Enumerable.Range(0, count).Select(i => deriver.AddressAt(from + i))];
    }
}
