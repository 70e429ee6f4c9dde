using StablePay.Chains.Evm;
using StablePay.Chains.Solana;
using StablePay.Chains.Tron;

namespace StablePay.Engine.Paying;

/// <summary>
/// Wallet link and call data of a payment, from the same amount and address that the page prints (CO-03). Both name the
/// token contract, so neither can become a transfer of the native coin (CO-04).
/// </summary>
public static class PaymentLinks
{
    /// <summary>The EIP-681 or Solana Pay link, or null where the network has no such link.</summary>
    public static string? UriOf(Network? network, string address, TokenAmount amount, PaymentReference reference) =>
        (amount.Atoms > 0 ? network?.Family : null) switch
        {
            ChainFamily.Evm => Eip681.Transfer(
                EvmAddress.Parse(amount.Token.Contract),
                ChainIdOf(network!),
                EvmAddress.Parse(address),
                amount.Atoms
            ),
            ChainFamily.Solana => SolanaPay.Transfer(address, amount, reference),
            ChainFamily.Sandbox or ChainFamily.Tron or null => null,
        };

    /// <summary>
    /// The call data of <c>transfer(address,uint256)</c> with the payment's reference behind it, in 0x-hex, or null
    /// where there is no such call. Contracts ignore bytes behind the arguments they know.
    /// </summary>
    public static string? CallDataOf(
        Network? network,
        string address,
        TokenAmount amount,
        PaymentReference reference
    ) =>
        amount.Atoms > 0 && RecipientOf(network, address) is { } to
            ? Hex.ToData(Abi.Transfer(to, amount.Atoms, reference.Short))
            : null;

    /// <summary>TRON's virtual machine knows the same 20 bytes as Ethereum's.</summary>
    private static EvmAddress? RecipientOf(Network? network, string address) =>
        network?.Family switch
        {
            ChainFamily.Evm => EvmAddress.Parse(address),
            ChainFamily.Tron => TronAddress.Parse(address).Bytes,
            ChainFamily.Sandbox or ChainFamily.Solana or null => null,
        };

    private static ulong ChainIdOf(Network network) =>
        ulong.Parse(network.Id.Value.AsSpan("eip155:".Length), NumberStyles.None, CultureInfo.InvariantCulture);
}
