using System.Globalization;
using StablePay.Chains.Evm;
using StablePay.Chains.Tests.Contract;
using StablePay.Chains.Tron;
using StablePay.Core.Networks;
using StablePay.Testing.Nodes;

namespace StablePay.Nodes.Tests;

/// <summary>The TRON emulator with two tokens, of which its payer holds plenty.</summary>
public sealed class TronRig : ProgramRig<TronNode>
{
    private TronRig(TronNode node, Network network)
        : base(node, http => node.Reader(network, http)) { }

    public static async Task<TronRig> StartAsync()
    {
        var node = await TronNode.StartAsync();
        return new TronRig(node, await node.DeployTokensAsync());
    }

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
}

/// <summary>The promises of every chain, kept by the reader of TRON on the emulator.</summary>
public sealed class TronChainTests : ChainContract
{
    protected override async Task<ChainRig> OpenAsync() => await TronRig.StartAsync();
}
