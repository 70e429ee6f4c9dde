using System.Net;

namespace StablePay.Engine.Access;

/// <summary>An entry of an allow-list: one address, or a range in CIDR form.</summary>
public static class AddressRule
{
    /// <summary>The range that the text means; a single address is a range of one.</summary>
    public static bool TryParse(string text, out IPNetwork network)
    {
        if (text.Contains('/', StringComparison.Ordinal))
            return IPNetwork.TryParse(text, out network);
        if (!IPAddress.TryParse(text, out var address))
        {
            network = default;
            return false;
        }
        network = new IPNetwork(address, address.GetAddressBytes().Length * 8);
        return true;
    }

    /// <summary>
    /// The range of a stored rule. Storing one that does not parse is a broken promise, not a refusal.
    /// </summary>
    public static IPNetwork Parse(string text) =>
        TryParse(text, out var network)
            ? network
            : throw new InvariantBrokenException("a stored address rule is an address or a CIDR range");
}
