using StablePay.Chains;
using StablePay.Core.Networks;

namespace StablePay.Testing.Nodes;

/// <summary>The production engine with the TRON emulator as its only network.</summary>
public sealed class TronWorld : NodeWorld<TronNode>
{
    private TronWorld(TronNode node, Network network)
        : base(node, network) { }

    public static async Task<TronWorld> StartAsync()
    {
        var node = await TronNode.StartAsync();
        var tron = new TronWorld(node, await node.DeployTokensAsync());
        await tron.OpenAsync();
        return tron;
    }

    protected override IChain Reader(HttpClient http) => Node.Reader(Network, http);
}
