using System.Globalization;
using StablePay.Chains;
using StablePay.Chains.Solana;
using StablePay.Core.Networks;
using StablePay.Testing.Nodes;

namespace StablePay.Bench.Detection;

/// <summary>A stub node of a network, whose blocks hold one payment each.</summary>
internal sealed class PayingNode : IAsyncDisposable
{
    private const string Stranger = "0x1111111111111111111111111111111111111111";

    private readonly StubServer _node;
    private readonly StubChain _chain;
    private readonly Func<int, string, ulong, StubTransaction> _payment;
    private int _made;

    private PayingNode(
        Network network,
        StubServer node,
        StubChain chain,
        string? genesis,
        Func<int, string, ulong, StubTransaction> payment
    )
    {
        (Network, _node, _chain, Genesis, _payment) = (network, node, chain, genesis, payment);
        for (var i = 0; i < 40; i++)
            chain.Mine();
    }

    public Network Network { get; }
    public Uri Url => _node.Url;
    public string? Genesis { get; }

    /// <summary>The newest block's time; the chain's own runs ahead of it by seconds a block, so sessions are long.</summary>
    public DateTimeOffset Start => DateTimeOffset.FromUnixTimeSeconds(_chain.Tip.Time);

    /// <summary>The families, BSC before Ethereum as it has more blocks.</summary>
    public static IReadOnlyList<Func<PayingNode>> All =>
        [() => Evm(Networks.Bsc, 56), () => Evm(Networks.Ethereum, 1), Tron, Solana];

    public void Mine(string to, ulong atoms) => _chain.Mine(_payment(++_made, to, atoms));

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    private static string Name(int made) => string.Create(CultureInfo.InvariantCulture, $"payment {made}");

    private static PayingNode Evm(Network network, long chainId)
    {
        var token = network.Tokens[0];
        var node = new StubNode { ChainId = chainId };
        foreach (var pinned in network.Tokens)
            node.Decimals[pinned.Contract] = pinned.Decimals;
        return new PayingNode(
            network,
            node,
            node.Chain,
            node.Chain.Blocks[0].Hash,
            (made, to, atoms) =>
                StubTransaction.Of(
                    Name(made),
                    // The amount is given with 6 decimals.
                    StubLog.Transfer(
                        token.Contract,
                        Stranger,
                        to,
                        (UInt128)atoms * Core.Money.Decimals.PowerOfTen(token.Decimals - 6)
                    )
                )
        );
    }

    private static PayingNode Tron()
    {
        var token = Networks.Tron.Tokens[0];
        var node = new TronStubNode();
        node.Decimals[token.Contract] = token.Decimals;
        var payer = new StablePay.Chains.Tron.TronAddress(StablePay.Chains.Evm.EvmAddress.Parse(Stranger)).ToString();
        return new PayingNode(
            Networks.Tron,
            node,
            node.Chain,
            node.GenesisId,
            (made, to, atoms) => StubTransaction.Of(Name(made), TronStubNode.Transfer(token.Contract, payer, to, atoms))
        );
    }

    private static PayingNode Solana()
    {
        var node = new SolanaStubNode();
        foreach (var token in Networks.Solana.Tokens)
            node.Mints[token.Contract] = new StubMint(SolanaPrograms.Token.ToString(), token.Decimals);
        var payer = SolanaStubNode.AddressOf("payer");
        return new PayingNode(
            Networks.Solana,
            node,
            node.Chain,
            node.GenesisHash,
            (made, to, atoms) =>
                SolanaStubNode.Transfer(
                    Name(made),
                    payer,
                    new StubPayment(Networks.Solana.Tokens[0].Contract, to, atoms)
                )
        );
    }
}
