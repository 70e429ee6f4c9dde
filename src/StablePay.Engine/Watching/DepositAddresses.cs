using StablePay.Chains;

namespace StablePay.Engine.Watching;

/// <summary>Derives a session's address on a network, and starts watching it.</summary>
public sealed class DepositAddresses(
    IReadOnlyDictionary<NetworkId, IAddressDeriver> derivers,
    IReadOnlyDictionary<NetworkId, AddressBook> books,
    AddressSpaces spaces,
    AddressIndexes indexes
)
{
    /// <summary>
    /// The choice of a token: with the address that the session already has in this address space, or a new one.
    /// </summary>
    public async Task<Choice> ForAsync(CheckoutSession session, Token token, CancellationToken ct)
    {
        var deriver = derivers[token.Network];
        var earlier = session.Choices.FirstOrDefault(c => derivers[c.Token.Network].Scheme == deriver.Scheme);
        if (earlier is not null)
            return new Choice(token, earlier.Address, earlier.AddressIndex);
        var index = await indexes.NextAsync(deriver.Scheme, ct);
        return new Choice(token, deriver.AddressAt(index), index);
    }

    /// <summary>
    /// Watches an address before its row is committed (PAY-18). The book reads the text back through the network's own
    /// codec, so what is shown is what is watched (PAY-12). It is watched on every network where it is good.
    /// </summary>
    public void Watch(NetworkId network, string address)
    {
        foreach (var sibling in spaces.Of(network))
            books[sibling].Add(address);
    }
}
