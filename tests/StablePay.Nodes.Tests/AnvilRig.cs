using System.Globalization;
using StablePay.Chains;
using StablePay.Chains.Evm;
using StablePay.Chains.Rpc;
using StablePay.Chains.Tests.Contract;
using StablePay.Core.Money;
using StablePay.Core.Networks;

namespace StablePay.Nodes.Tests;

/// <summary>A real EVM node with a token of 6 and one of 18 decimals, of which the payer holds plenty.</summary>
public sealed class AnvilRig : ChainRig
{
    private readonly HttpClient _http = new();
    private readonly Dictionary<string, TestToken> _tokens = [];
    private readonly Dictionary<long, string> _snapshots = [];

    private AnvilRig(AnvilNode node, TestToken usdt, TestToken usdc)
    {
        Node = node;
        (_tokens[usdt.Address], _tokens[usdc.Address]) = (usdt, usdc);
        Chain = Another();
    }

    public AnvilNode Node { get; }

    public override IChain Chain { get; }

    public static async Task<AnvilRig> StartAsync()
    {
        var node = await AnvilNode.StartAsync();
        var usdt = await TestToken.DeployAsync(node, "Tether USD", "USDT", 6);
        var usdc = await TestToken.DeployAsync(node, "USD Coin", "USDC", 18);
        await usdt.MintAsync(node.Payer, 1_000_000 * Decimals.PowerOfTen(6));
        await usdc.MintAsync(node.Payer, 1_000_000 * Decimals.PowerOfTen(18));
        var rig = new AnvilRig(node, usdt, usdc);
        await rig.MineAsync();
        return rig;
    }

    public override IChain Another() => Reader(bloomExcludes: false);

    public IChain Reader(bool bloomExcludes) => Open(bloomExcludes, Tokens);

    private IReadOnlyList<(string Asset, string Contract, int Decimals)> Tokens =>
        [.. _tokens.Values.Select((t, i) => i == 0 ? ("USDT", t.Address, 6) : ("USDC", t.Address, 18))];

    /// <summary>A reader that recomputes what it is told, of the node or of what stands before it.</summary>
    public IChain Verified(Uri? through = null) => Open(false, Tokens, verified: true, through);

    /// <summary>A reader that believes what stands before the node.</summary>
    public IChain Believing(Uri through) => Open(false, Tokens, through: through);

    /// <summary>A reader of one other token.</summary>
    public (IChain Chain, Token Token) Reader((string Asset, string Contract, int Decimals) token)
    {
        var chain = Open(false, [token]);
        return (chain, chain.Network.Tokens[0]);
    }

    public override string AddressOf(int index) =>
        EvmAddress
            .Parse("0x" + (0xabcdef0000 + index).ToString("x", CultureInfo.InvariantCulture).PadLeft(40, '7'))
            .ToString();

    public override async Task<string> PayAsync(bool reverted, params IReadOnlyList<Payment> payments)
    {
        var token = _tokens[payments[0].Token.Contract];
        if (reverted)
            return await token.TransferThenRevertAsync(payments[0].To, payments[0].Atoms);
        return payments.Count == 1
            ? await token.TransferAsync(payments[0].To, payments[0].Atoms)
            : await token.BatchAsync([.. payments.Select(p => (p.To, p.Atoms))]);
    }

    public override async Task MineAsync(int blocks = 1)
    {
        for (var i = 0; i < blocks; i++)
        {
            await Node.MineAsync();
            _snapshots[await Node.HeightAsync()] = await Node.SnapshotAsync();
        }
    }

    public override async Task ReorgAsync(int depth, bool drop)
    {
        var head = await Node.HeightAsync();
        var time = await Node.TimeAsync();
        var raw = new List<string>();
        for (var height = head - depth + 1; height <= head; height++)
        {
            var block = await Node.Rpc.CallAsync("eth_getBlockByNumber", AnvilNode.Hex((ulong)height), false);
            foreach (var hash in block.GetProperty("transactions").EnumerateArray())
                raw.Add((await Node.Rpc.CallAsync("eth_getRawTransactionByHash", hash.GetString())).GetString()!);
        }
        await Node.RevertAsync(_snapshots[head - depth]);
        _snapshots[head - depth] = await Node.SnapshotAsync();
        if (!drop)
            foreach (var transaction in raw)
                await Node.Rpc.CallAsync("eth_sendRawTransaction", transaction);
        // Another time makes other blocks of the same transactions.
        await Node.SetNextTimeAsync(time + 1);
        await MineAsync(depth);
    }

    protected override async ValueTask CloseAsync()
    {
        _http.Dispose();
        await Node.DisposeAsync();
    }

    private EvmChain Open(
        bool bloomExcludes,
        IReadOnlyList<(string Asset, string Contract, int Decimals)> tokens,
        bool verified = false,
        Uri? through = null
    )
    {
        var options = new NetworkConfig(new("eip155:31337"), [through ?? Node.Url])
        {
            Name = "Test network",
            BlockTime = TimeSpan.FromSeconds(1),
            Tokens = [.. tokens.Select(t => new TokenConfig(t.Asset, t.Contract, t.Decimals))],
        };
        var network = options.ToNetwork([]) ?? throw new InvalidOperationException("the options are right");
        return new EvmChain(
            network,
            new JsonRpc(_http, options.Nodes, RpcLimits.Default),
            null,
            bloomExcludes,
            verified
        );
    }
}
