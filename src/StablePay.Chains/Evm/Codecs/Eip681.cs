namespace StablePay.Chains.Evm;

/// <summary>
/// EIP-681 payment links. The amount is a plain integer of atoms: the exponent form that the standard also allows is
/// rounded through floating point by some wallets.
/// </summary>
public static class Eip681
{
    /// <summary>
    /// <c>ethereum:&lt;token&gt;@&lt;chainId&gt;/transfer?address=&lt;to&gt;&amp;uint256=&lt;atoms&gt;</c>.
    /// Every part is typed, so nothing a buyer or merchant wrote can reach the link, and a link for a token can never
    /// turn into one for the native coin.
    /// </summary>
    public static string Transfer(EvmAddress token, ulong chainId, EvmAddress to, UInt128 atoms)
    {
        if (token == default)
            throw new ArgumentException("The token has no contract address.", nameof(token));
        if (to == default)
            throw new ArgumentException("The zero address cannot be paid.", nameof(to));
        ArgumentOutOfRangeException.ThrowIfZero(chainId);
        if (atoms == 0)
            throw new ArgumentOutOfRangeException(nameof(atoms), "There is nothing to pay.");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"ethereum:{token}@{chainId}/transfer?address={to}&uint256={atoms}"
        );
    }
}
