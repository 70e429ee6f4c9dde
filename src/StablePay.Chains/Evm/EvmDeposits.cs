using StablePay.Chains.Keys;

namespace StablePay.Chains.Evm;

/// <summary>
/// The receiving addresses of one BIP-44 account, <c>m/44'/60'/a'/0/i</c>, derived from the account's extended public
/// key alone: the server that shows addresses holds nothing that can spend from them.
/// </summary>
public sealed class EvmDeposits
{
    /// <summary>SLIP-44's number for Ethereum, used by every EVM network.</summary>
    public const uint CoinType = 60;

    private readonly ExtendedPublicKey _external;
    private readonly PublicKeyAgain _externalAgain;

    /// <param name="account">The account's key, three hardened steps below the master key.</param>
    /// <exception cref="ArgumentException">
    /// The key stands elsewhere in the tree; its addresses would be ones that no wallet finds again.
    /// </exception>
    public EvmDeposits(ExtendedPublicKey account)
    {
        ArgumentNullException.ThrowIfNull(account);
        if (account.Depth != 3 || account.ChildNumber < KeyPath.Hardened)
            throw new ArgumentException("An account-level key is needed: m/44'/60'/0'.", nameof(account));
        _external = account.Derive(0);
        _externalAgain = account.Again.Child(0);
    }

    /// <exception cref="FormatException">The text is not an <c>xpub</c>.</exception>
    public static EvmDeposits FromAccountKey(string xpub) => new(ExtendedPublicKey.Parse(xpub));

    /// <summary>The address with this number; the same one for ever.</summary>
    /// <exception cref="KeyDerivationException">None is there (one in 2^127): use the next number.</exception>
    public EvmAddress AddressAt(uint index)
    {
        Span<byte> hash = stackalloc byte[64];
        Span<byte> coordinates = stackalloc byte[64];
        _external.ChildPoint(index, hash).WriteCoordinates(coordinates);
        return EvmAddress.FromPoint(coordinates);
    }

    /// <summary>The 20 bytes of the same address, through another library at every step (PAY-12).</summary>
    internal byte[] AgainAt(uint index) => _externalAgain.Child(index).Address();
}
