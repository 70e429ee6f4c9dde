using StablePay.Chains.Evm;

namespace StablePay.Engine.Checkout;

/// <summary>
/// Wallet link and call data of a payment, from the same amount and address that the page prints (CO-03). Both name the
/// token contract, so neither can become a transfer of the native coin (CO-04).
/// </summary>
public static class PaymentLinks
{
    /// <summary>The EIP-681 link, or null where the network has no such link.</summary>
    public static string? UriOf(Network? network, string address, TokenAmount amount) =>
        network is { Family: ChainFamily.Evm } && amount.Atoms > 0
            ? Eip681.Transfer(
                EvmAddress.Parse(amount.Token.Contract),
                ChainIdOf(network),
                EvmAddress.Parse(address),
                amount.Atoms
            )
            : null;

    /// <summary>
    /// The call data of <c>transfer(address,uint256)</c> in 0x-hex, or null where there is no such call.
    /// </summary>
    public static string? CallDataOf(Network? network, string address, TokenAmount amount) =>
        network is { Family: ChainFamily.Evm } && amount.Atoms > 0
            ? Hex.ToData(Abi.Transfer(EvmAddress.Parse(address), amount.Atoms))
            : null;

    private static ulong ChainIdOf(Network network) =>
        ulong.Parse(network.Id.Value.AsSpan("eip155:".Length), NumberStyles.None, CultureInfo.InvariantCulture);
}
