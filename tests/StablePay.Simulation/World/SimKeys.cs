using StablePay.Chains;
using StablePay.Chains.Evm;
using StablePay.Chains.Keys;
using StablePay.Chains.Solana;
using StablePay.Chains.Tron;

namespace StablePay.Simulation.World;

/// <summary>The keys of the simulated merchant: from a seed of zeros, so that nothing here is worth anything.</summary>
internal static class SimKeys
{
    /// <summary>
    /// Addresses are the same in every world, and derived once: derivation is proven elsewhere, and would take most of
    /// the time here.
    /// </summary>
    private static readonly Dictionary<ChainFamily, Remembered> Known = new()
    {
        [ChainFamily.Evm] = new Remembered(new EvmDeriver(AccountOf(EvmDeposits.CoinType))),
        [ChainFamily.Tron] = new Remembered(new TronDeriver(AccountOf(TronAddress.CoinType))),
        [ChainFamily.Solana] = new Remembered(
            new SolanaDeriver(
                Slip10Key.FromSeed(Bip39.ToSeed(Bip39.ToMnemonic(new byte[32]))).Derive(SolanaDeriver.Path)
            )
        ),
    };

    public static IReadOnlyDictionary<NetworkId, IAddressDeriver> DeriversOf(IEnumerable<IChain> chains) =>
        chains.ToDictionary(c => c.Network.Id, c => (IAddressDeriver)Known[c.Network.Family]);

    public static IAddressDeriver Of(ChainFamily family) => Known[family];

    private static EvmDeposits AccountOf(uint coinType)
    {
        using var master = ExtendedPrivateKey.FromSeed(Bip39.ToSeed(Bip39.ToMnemonic(new byte[32])));
        using var account = master.Derive(KeyPath.Account(coinType, 0));
        return new EvmDeposits(account.ToPublic());
    }

    private sealed class Remembered(IAddressDeriver deriver) : IAddressDeriver
    {
        private readonly Dictionary<long, string> _addresses = [];

        public string Scheme => deriver.Scheme;

        public long End => deriver.End;

        public string AddressAt(long index) =>
            _addresses.TryGetValue(index, out var known) ? known : _addresses[index] = deriver.AddressAt(index);

        public byte[]? AgainAt(long index) => deriver.AgainAt(index);
    }
}
