using StablePay.Chains;
using StablePay.Testing;

namespace StablePay.Simulation.World;

/// <summary>The keys of the simulated merchant: from a seed of zeros, so that nothing here is worth anything.</summary>
internal static class SimKeys
{
    /// <summary>
    /// Addresses are the same in every world, and derived once: derivation is proven elsewhere, and would take most of
    /// the time here.
    /// </summary>
    private static readonly Dictionary<ChainFamily, Remembered> Known = Chains
        .Networks.Public.DistinctBy(n => n.Family)
        .ToDictionary(n => n.Family, n => new Remembered(KeysOfZeros.DeriverOf(n)));

    public static IReadOnlyDictionary<NetworkId, IAddressDeriver> DeriversOf(IEnumerable<IChain> chains) =>
        chains.ToDictionary(c => c.Network.Id, c => (IAddressDeriver)Known[c.Network.Family]);

    public static IAddressDeriver Of(ChainFamily family) => Known[family];

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
