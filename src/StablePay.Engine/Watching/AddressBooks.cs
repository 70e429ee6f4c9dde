using StablePay.Chains;
using StablePay.Storage;

namespace StablePay.Engine.Watching;

/// <summary>The address book of each network.</summary>
public sealed class AddressBooks(
    IEnumerable<IChain> chains,
    AddressSpaces spaces,
    AddressTable table,
    TimeProvider clock
)
{
    private readonly Dictionary<NetworkId, AddressBook> _books = chains.ToDictionary(
        c => c.Network.Id,
        c => new AddressBook(c, spaces.Of(c.Network.Id), table, clock)
    );

    public AddressBook Of(NetworkId network) => _books[network];

    /// <summary>
    /// Watches an address before its row is committed (PAY-18), on every network where it is good. A book reads the
    /// text back through its network's own codec, so what is shown is what is watched (PAY-12).
    /// </summary>
    public void Watch(NetworkId network, string address)
    {
        foreach (var sibling in spaces.Of(network))
            _books[sibling].Add(address);
    }
}
