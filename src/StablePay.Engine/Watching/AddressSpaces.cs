using StablePay.Chains;

namespace StablePay.Engine.Watching;

/// <summary>
/// Which networks share their deposit addresses: all EVM networks do. Money may come to an address on any network of
/// its space, whichever the payer was shown (TOK-19).
/// </summary>
public sealed class AddressSpaces(IReadOnlyDictionary<NetworkId, IAddressDeriver> derivers)
{
    private readonly Dictionary<NetworkId, IReadOnlyList<NetworkId>> _spaces = derivers.ToDictionary(
        own => own.Key,
        own =>
            (IReadOnlyList<NetworkId>)
                [
                    own.Key,
                    .. derivers
                        .Where(d => d.Value.Scheme == own.Value.Scheme && d.Key != own.Key)
                        .Select(d => d.Key)
                        .OrderBy(id => id.Value, StringComparer.Ordinal),
                ]
    );

    /// <summary>The networks whose addresses are good on this one, itself first.</summary>
    public IReadOnlyList<NetworkId> Of(NetworkId network) => _spaces[network];
}
