namespace StablePay.Server.Options;

/// <summary>The vault that holds the seed of deposit addresses and the key of sealed secrets.</summary>
public sealed class KeyOptions
{
    /// <summary>The vault; empty for <c>vault.json</c> in the data directory. Created at first start.</summary>
    public string VaultPath { get; set; } = "";

    /// <summary>
    /// A file that holds the vault's passphrase. Empty for one that is made at first start and kept beside the vault,
    /// which is allowed only while no live network is configured.
    /// </summary>
    public string PassphraseFile { get; set; } = "";

    /// <summary>
    /// The extended public key of the account that live EVM addresses come from, for a seed that lives elsewhere. Empty
    /// for the vault's own seed.
    /// </summary>
    public string AccountKey { get; set; } = "";

    /// <summary>The same for live TRON addresses, which come from an account of their own.</summary>
    public string TronAccountKey { get; set; } = "";

    /// <summary>
    /// A file with Solana addresses, one to a line, the first for index 0: made where the seed is with
    /// <c>addresses solana --from 0 --count 10000</c>, as Solana's cannot come from a public key. Add lines at its end
    /// before they are used up, and start again. Empty for the vault's own seed.
    /// </summary>
    public string SolanaAddressFile { get; set; } = "";
}
