using StablePay.Chains.Evm;
using StablePay.Chains.Keys;

namespace StablePay.Chains.Tron;

/// <summary>
/// Deposit addresses of TRON, <c>m/44'/195'/a'/0/i</c>, from the account's extended public key. TRON's keys and
/// addresses are Ethereum's, shown otherwise.
/// </summary>
/// <param name="deposits">Of the account <c>m/44'/195'/a'</c>: another path than that of EVM networks.</param>
public sealed class TronDeriver(EvmDeposits deposits) : IAddressDeriver
{
    public string Scheme => "tron";

    public long End => KeyPath.Hardened;

    public string AddressAt(long index) => new TronAddress(deposits.AddressAt(checked((uint)index))).ToString();

    public byte[]? AgainAt(long index) => deposits.AgainAt(checked((uint)index));
}
