using System.Text.Json.Nodes;
using StablePay.Chains.Evm;
using StablePay.Chains.Rpc;
using StablePay.Chains.Tests.Contract;
using StablePay.Chains.Tests.Evm;
using StablePay.Chains.Tron;
using StablePay.Core.Money;
using StablePay.Core.Networks;
using StablePay.Testing.Nodes;

namespace StablePay.Chains.Tests.Tron;

/// <summary>A reader of TRON on stub nodes, and what tests of it share.</summary>
public sealed class TronStub : IAsyncDisposable
{
    private readonly HttpClient _http = new();

    public TronStub(int nodes = 1, RpcLimits? limits = null, string? key = null)
    {
        var chain = new StubChain();
        Nodes = [.. Enumerable.Range(0, nodes).Select(_ => Node(chain))];
        Chain = Open(Nodes[0].GenesisId, limits, key);
        Filter = new Ours(Chain, Us);
    }

    public static string Payer { get; } = new TronAddress(EvmAddress.Parse("0x" + new string('1', 40))).ToString();

    public static string Us => AddressOf(0);

    public static Token Usdt => Networks.Tron.Tokens[0];

    public IReadOnlyList<TronStubNode> Nodes { get; }
    public TronStubNode Node1 => Nodes[0];
    public IChain Chain { get; }
    public Ours Filter { get; }

    public static string AddressOf(int index) => new TronAddress(EvmAddress.Parse(EvmStub.AddressOf(index))).ToString();

    public static StubLog Pay(UInt256 value, string? contract = null) =>
        TronStubNode.Transfer(contract ?? Usdt.Contract, Payer, Us, value);

    public IChain Open(string? genesis, RpcLimits? limits = null, string? key = null) =>
        new TronChain(
            Networks.Tron,
            new TronApi(
                _http,
                [
                    .. Nodes.Select(n => new NodeAddress(
                        n.Url,
                        key is null ? null : KeyValuePair.Create("TRON-PRO-API-KEY", key)
                    )),
                ],
                limits ?? RpcLimits.Default
            ),
            genesis
        );

    /// <summary>Mines one block and asks about it.</summary>
    public async Task<BlockTransfers> ReadAsync(params IReadOnlyList<StubTransaction> transactions)
    {
        var block = Node1.Chain.Mine(transactions);
        var header = (await Chain.HeaderAtAsync(block.Height, default)).ShouldNotBeNull();
        return await Chain.TransfersAsync(header, Filter, default);
    }

    public async Task<NodeException> FaultAsync(params IReadOnlyList<StubTransaction> transactions) =>
        await Should.ThrowAsync<NodeException>(() => ReadAsync(transactions));

    /// <summary>Lets the first node answer a path with its truth, changed.</summary>
    public void Change(string path, Func<JsonNode, JsonNode> change) =>
        Node1.Instead = (asked, _, truth) => asked == path ? new StubAnswer(change(truth()).ToJsonString()) : null;

    /// <summary>Lets the first node answer a path with this text.</summary>
    public void Say(string path, string text, int status = 200) =>
        Node1.Instead = (asked, _, _) => asked == path ? new StubAnswer(text, status) : null;

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        foreach (var node in Nodes)
            await node.DisposeAsync();
    }

    private static TronStubNode Node(StubChain chain)
    {
        var node = new TronStubNode(chain);
        foreach (var token in Networks.Tron.Tokens)
            node.Decimals[token.Contract] = token.Decimals;
        return node;
    }
}
