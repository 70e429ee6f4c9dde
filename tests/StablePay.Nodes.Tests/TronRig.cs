using System.Globalization;
using StablePay.Chains;
using StablePay.Chains.Evm;
using StablePay.Chains.Tests.Contract;
using StablePay.Chains.Tron;
using StablePay.Core.Networks;
using StablePay.Testing;
using StablePay.Testing.Nodes;

namespace StablePay.Nodes.Tests;

/// <summary>The TRON emulator with two tokens, of which its payer holds plenty.</summary>
public sealed class TronRig : ChainRig
{
    private readonly HttpClient _http = new();
    private readonly Network _network;

    private TronRig(TronNode node, Network network)
    {
        (Node, _network) = (node, network);
        Chain = Another();
    }

    public TronNode Node { get; }

    public override IChain Chain { get; }

    public static async Task<TronRig> StartAsync()
    {
        var node = await TronNode.StartAsync();
        return new TronRig(node, await node.DeployTokensAsync());
    }

    public override IChain Another() => Node.Reader(_network, _http);

    public override string AddressOf(int index) =>
        new TronAddress(
            EvmAddress.Parse("0x" + (0xabcdef0000 + index).ToString("x", CultureInfo.InvariantCulture).PadLeft(40, '7'))
        ).ToString();

    public override Task<string> PayAsync(bool reverted, params IReadOnlyList<Payment> payments) =>
        payments.Count == 1
            ? Node.CallAsync(
                payments[0].Token.Contract,
                reverted ? "transferThenRevert(address,uint256)" : "transfer(address,uint256)",
                ["address", "uint256"],
                [payments[0].To, $"{payments[0].Atoms}"]
            )
            : Node.CallAsync(
                payments[0].Token.Contract,
                "batchTransfer(address[],uint256[])",
                ["address[]", "uint256[]"],
                [payments.Select(p => p.To).ToArray(), payments.Select(p => $"{p.Atoms}").ToArray()]
            );

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

/// <summary>The promises of every chain, kept by the reader of TRON on the emulator.</summary>
public sealed class TronChainTests : ChainContract
{
    protected override async Task<ChainRig> OpenAsync() => await TronRig.StartAsync();
}
