using StablePay.Chains;
using StablePay.Core.Networks;

namespace StablePay.Testing.Nodes;

/// <summary>
/// The production engine with Solana's runtime as its only network, which calls itself devnet: wallets know no other
/// name for it.
/// </summary>
public sealed class SolanaWorld : NodeWorld<SolanaNode>
{
    private const string Devnet = "EtWTRABZaYq6iMfeYKouRu166VU2xqa1wcaWoxPkrZBG";

    private SolanaWorld(SolanaNode node, Network network)
        : base(node, network) { }

    public static async Task<SolanaWorld> StartAsync()
    {
        var node = await SolanaNode.StartAsync(genesis: Devnet);
        var solana = new SolanaWorld(node, await node.MakeTokensAsync());
        await solana.OpenAsync();
        return solana;
    }

    protected override IChain Reader(HttpClient http) => Node.Reader(Network, http);
}
