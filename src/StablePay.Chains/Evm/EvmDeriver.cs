using StablePay.Chains.Keys;

namespace StablePay.Chains.Evm;

/// <summary>
/// Deposit addresses of all EVM networks, from the account's extended public key: the program that serves payers
/// needs no private key for it.
/// </summary>
public sealed class EvmDeriver(EvmDeposits deposits) : IAddressDeriver
{
    public string Scheme => "eip155";

    public long End => KeyPath.Hardened;

    public string AddressAt(long index) => deposits.AddressAt(checked((uint)index)).ToString();

    public byte[]? AgainAt(long index) => deposits.AgainAt(checked((uint)index));
}
