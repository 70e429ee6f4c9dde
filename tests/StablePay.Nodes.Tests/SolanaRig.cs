using StablePay.Chains.Tests.Contract;
using StablePay.Core.Networks;
using StablePay.Testing.Nodes;

namespace StablePay.Nodes.Tests;

/// <summary>Solana's runtime with the catalogue's two mints, of which its payer holds plenty.</summary>
public sealed class SolanaRig : ProgramRig<SolanaNode>
{
    private SolanaRig(SolanaNode node, Network network)
        : base(node, http => node.Reader(network, http)) { }

    public override bool HasChecksum => false;

    /// <summary>Accounts are ordered by what is done to them, and then by address.</summary>
    public override bool TellsInOrder => false;

    public static async Task<SolanaRig> StartAsync()
    {
        var node = await SolanaNode.StartAsync();
        return new SolanaRig(node, await node.MakeTokensAsync());
    }

    public override string AddressOf(int index) => SolanaStubNode.AddressOf($"ours {index}");

    public override IReadOnlyList<(long Position, Payment Payment)> Told(IReadOnlyList<Payment> payments) =>
        [
            .. SolanaStubNode
                .Joined(payments.Select(p => (p.Token, p.To, p.Atoms)))
                .Select(j => (j.Position, new Payment(j.Token, j.Atoms, j.To))),
        ];

    public override Task<string> PayAsync(bool reverted, params IReadOnlyList<Payment> payments) =>
        Node.PayAsync(payments.Select(p => new NodePayment(p.Token, p.Atoms, p.To)), fails: reverted);
}

/// <summary>The promises of every chain, kept by the reader of Solana on the runtime.</summary>
public sealed class SolanaChainTests : ChainContract
{
    protected override async Task<ChainRig> OpenAsync() => await SolanaRig.StartAsync();
}
