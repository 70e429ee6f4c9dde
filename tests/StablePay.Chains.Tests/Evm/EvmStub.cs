using StablePay.Chains;
using StablePay.Chains.Evm;
using StablePay.Chains.Rpc;
using StablePay.Chains.Tests.Contract;
using StablePay.Core.Money;
using StablePay.Core.Networks;
using StablePay.Testing.Nodes;

namespace StablePay.Chains.Tests.Evm;

/// <summary>Readers of Ethereum and BSC on stub nodes, and what tests of them share.</summary>
public sealed class EvmStub : IAsyncDisposable
{
    public const string Payer = "0x1111111111111111111111111111111111111111";

    private readonly HttpClient _http = new(
        new SocketsHttpHandler
        {
            AutomaticDecompression = System.Net.DecompressionMethods.All,
            AllowAutoRedirect = false,
        }
    );

    public EvmStub(Network? network = null, int nodes = 1, RpcLimits? limits = null)
    {
        Network = network ?? Networks.Ethereum;
        var chain = new StubChain();
        Nodes = [.. Enumerable.Range(0, nodes).Select(_ => Node(chain))];
        Chain = Open(Network, limits);
        Filter = new Ours(Chain, Us, AlsoUs);
    }

    public static string Us => AddressOf(0);

    public static string AlsoUs => AddressOf(1);

    public Network Network { get; }
    public IReadOnlyList<StubNode> Nodes { get; }
    public StubNode Node1 => Nodes[0];
    public StubChain Blocks => Node1.Chain;
    public IChain Chain { get; }
    public Ours Filter { get; }
    public Token Usdt => Network.Tokens[0];
    public Token Usdc => Network.Tokens[1];

    public static string AddressOf(int index) =>
        EvmAddress
            .Parse(
                "0x"
                    + (0xabcdef0000 + index)
                        .ToString("x", System.Globalization.CultureInfo.InvariantCulture)
                        .PadLeft(40, '7')
            )
            .ToString();

    public IChain Open(Network network, RpcLimits? limits = null, bool bloomExcludes = true, string? genesis = null) =>
        new EvmChain(
            network,
            new JsonRpc(_http, [.. Nodes.Select(n => n.Url)], limits ?? RpcLimits.Default),
            genesis ?? Blocks.Blocks[0].Hash,
            bloomExcludes
        );

    public StubLog Pay(string to, UInt256 value, Token? token = null) =>
        StubLog.Transfer((token ?? Usdt).Contract, Payer, to, value);

    /// <summary>Mines one block and asks about it.</summary>
    public async Task<BlockTransfers> ReadAsync(params IReadOnlyList<StubTransaction> transactions)
    {
        var block = Blocks.Mine(transactions);
        var header = (await Chain.HeaderAtAsync(block.Height, default)).ShouldNotBeNull();
        return await Chain.TransfersAsync(header, Filter, default);
    }

    public async Task<NodeException> FaultAsync(params IReadOnlyList<StubTransaction> transactions) =>
        await Should.ThrowAsync<NodeException>(() => ReadAsync(transactions));

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        foreach (var node in Nodes)
            await node.DisposeAsync();
    }

    private StubNode Node(StubChain chain)
    {
        var node = new StubNode(chain) { ChainId = Network.Id.Value == "eip155:56" ? 56 : 1 };
        foreach (var token in Network.Tokens)
            node.Decimals[token.Contract] = token.Decimals;
        return node;
    }
}
