using StablePay.Chains;
using StablePay.Chains.Evm;
using StablePay.Chains.Keys;
using StablePay.Chains.Sandbox;
using StablePay.Chains.Solana;
using StablePay.Chains.Tron;
using StablePay.Core.Networks;

namespace StablePay.Testing;

/// <summary>Keys from a seed of zeros, so that nothing here is worth anything.</summary>
public static class KeysOfZeros
{
    private static byte[] Seed => Bip39.ToSeed(Bip39.ToMnemonic(new byte[32]));

    public static IAddressDeriver DeriverOf(Network network) =>
        network.Family switch
        {
            ChainFamily.Sandbox => new SandboxDeriver(network.Id),
            ChainFamily.Tron => new TronDeriver(AccountOf(TronAddress.CoinType)),
            ChainFamily.Solana => new SolanaDeriver(Slip10Key.FromSeed(Seed).Derive(SolanaDeriver.Path)),
            _ => new EvmDeriver(AccountOf(EvmDeposits.CoinType)),
        };

    private static EvmDeposits AccountOf(uint coinType)
    {
        using var master = ExtendedPrivateKey.FromSeed(Seed);
        using var account = master.Derive(KeyPath.Account(coinType, 0));
        return new EvmDeposits(account.ToPublic());
    }
}
