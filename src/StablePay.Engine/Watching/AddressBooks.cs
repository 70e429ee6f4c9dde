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

    /// <inheritdoc cref="AddressSpaces.Of"/>
    public IReadOnlyList<NetworkId> SpaceOf(NetworkId network) => spaces.Of(network);

    /// <summary>The raw bytes of a choice's address, as its network's watcher reads it.</summary>
    public bool TryRead(Choice choice, out byte[] raw) => _books[choice.Token.Network].TryRead(choice.Address, out raw);

    /// <summary>Whether these raw bytes are looked for on every network where they are an address.</summary>
    public bool IsWatched(NetworkId network, ReadOnlySpan<byte> raw)
    {
        foreach (var sibling in spaces.Of(network))
            if (!_books[sibling].Filter.MayContain(raw))
                return false;
        return true;
    }

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
