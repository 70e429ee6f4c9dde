using System.Net;

namespace StablePay.Engine.Access;

/// <summary>A key with everything that a request needs of it: its owner, and its Secret Keys opened once.</summary>
public sealed class KnownKey(ApiKey key, Store store, Merchant merchant, IReadOnlyList<byte[]> secrets)
{
    private readonly IReadOnlyList<IPNetwork> _allowed = [.. key.AllowedAddresses.Select(AddressRule.Parse)];

    public ApiKey Key { get; } = key;
    public Store Store { get; } = store;
    public Merchant Merchant { get; } = merchant;

    /// <summary>The Secret Keys as bytes, newest first. Two while rotating.</summary>
    public IReadOnlyList<byte[]> Secrets { get; } = secrets;

    /// <summary>Whether the key accepts calls from this address; always, if it has no list.</summary>
    public bool Accepts(IPAddress? address)
    {
        if (_allowed.Count == 0)
            return true;
        if (address is null)
            return false;
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return _allowed.Any(network => network.Contains(plain));
    }

    /// <summary>Never the key or its secrets.</summary>
    public override string ToString() => Key.ToString();
}
