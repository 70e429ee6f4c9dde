using StablePay.Chains;
using StablePay.Chains.Tests.Contract;
using StablePay.Core.Networks;
using StablePay.Testing.Nodes;

namespace StablePay.Nodes.Tests;

/// <summary>Solana's runtime with the catalogue's two mints, of which its payer holds plenty.</summary>
public sealed class SolanaRig : ChainRig
{
    private readonly HttpClient _http = new();
    private readonly Network _network;

    private SolanaRig(SolanaNode node, Network network)
    {
        (Node, _network) = (node, network);
        Chain = Another();
    }

    public SolanaNode Node { get; }

    public override IChain Chain { get; }

    public override bool HasChecksum => false;

    /// <summary>Accounts are ordered by what is done to them, and then by address.</summary>
    public override bool TellsInOrder => false;

    public static async Task<SolanaRig> StartAsync()
    {
        var node = await SolanaNode.StartAsync();
        return new SolanaRig(node, await node.MakeTokensAsync());
    }

    public override IChain Another() => Node.Reader(_network, _http);

    public override string AddressOf(int index) => SolanaStubNode.AddressOf($"ours {index}");

    public override IReadOnlyList<(long Position, Payment Payment)> Told(IReadOnlyList<Payment> payments) =>
        [
            .. SolanaStubNode
                .Joined(payments.Select(p => (p.Token, p.To, p.Atoms)))
                .Select(j => (j.Position, new Payment(j.Token, j.Atoms, j.To))),
        ];

    public override Task<string> PayAsync(bool reverted, params IReadOnlyList<Payment> payments) =>
        Node.PayAsync(payments.Select(p => new NodePayment(p.Token, p.Atoms, p.To)), fails: reverted);

    public override Task MineAsync(int blocks = 1) => Node.MineAsync(blocks);

    public override Task ReorgAsync(int depth, bool drop) => Node.ForkAsync(depth, drop);

    public override bool TryLag(int blocks)
    {
        Node.LagAsync(blocks).GetAwaiter().GetResult();
        return true;
    }

    protected override async ValueTask CloseAsync()
    {
        _http.Dispose();
        await Node.DisposeAsync();
    }
}

/// <summary>The promises of every chain, kept by the reader of Solana on the runtime.</summary>
public sealed class SolanaChainTests : ChainContract
{
    protected override async Task<ChainRig> OpenAsync() => await SolanaRig.StartAsync();
}
