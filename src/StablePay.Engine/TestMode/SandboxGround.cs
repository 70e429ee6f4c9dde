using StablePay.Chains.Sandbox;
using StablePay.Engine.Watching;

namespace StablePay.Engine.TestMode;

/// <summary>What test payments are made on: the sandbox's networks, and nothing else (PAY-17).</summary>
public sealed record SandboxGround(
    IReadOnlyDictionary<NetworkId, SandboxChain> Chains,
    NetworkBook Networks,
    AddressSpaces Spaces,
    Dice Dice
)
{
    /// <summary>
    /// The token that a test payer uses: what is asked for, else what the session was shown, else USDT on the first
    /// network. Refused, with the member's name, if the sandbox has none such.
    /// </summary>
    public Result<Token> TokenOf(CheckoutSession session, NetworkId? network, Asset? asset)
    {
        var id = network ?? session.Chosen?.Token.Network ?? Chains.Keys.MinBy(k => k.Value, StringComparer.Ordinal);
        if (!Chains.ContainsKey(id) || Networks.Find(id) is not { } known)
            return new Rejection(ErrorCode.ParameterInvalid, "This is not a network of the sandbox.", "network");
        var coin = asset ?? session.Chosen?.Token.Asset ?? Asset.Usdt;
        return known.Find(coin) is { } token
            ? token
            : new Rejection(ErrorCode.ParameterInvalid, $"{known.Name} has no {coin} here.", "token");
    }

    /// <summary>The networks where an address of this one is good too, without itself.</summary>
    public IReadOnlyList<Network> SiblingsOf(NetworkId network) =>
        [.. Spaces.Of(network).Where(id => id != network).Select(Networks.Find).OfType<Network>()];
}
