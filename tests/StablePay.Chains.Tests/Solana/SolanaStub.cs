using System.Text.Json.Nodes;
using StablePay.Chains.Rpc;
using StablePay.Chains.Solana;
using StablePay.Chains.Tests.Contract;
using StablePay.Core.Money;
using StablePay.Core.Networks;
using StablePay.Testing.Nodes;

namespace StablePay.Chains.Tests.Solana;

/// <summary>A reader of Solana on stub nodes, and what tests of it share.</summary>
public sealed class SolanaStub : IAsyncDisposable
{
    private readonly HttpClient _http = new();

    public SolanaStub(int nodes = 1)
    {
        var chain = new StubChain();
        Nodes = [.. Enumerable.Range(0, nodes).Select(_ => Node(chain))];
        Chain = Open(Node1.GenesisHash);
        Filter = new Ours(Chain, Us);
    }

    public static string Payer { get; } = SolanaStubNode.AddressOf("payer");

    public static string Us => AddressOf(0);

    public static Token Usdt => Networks.Solana.Tokens[0];

    public static StubMint Mint { get; } = new(SolanaPrograms.Token.ToString(), 6);

    public IReadOnlyList<SolanaStubNode> Nodes { get; }
    public SolanaStubNode Node1 => Nodes[0];
    public IChain Chain { get; }
    public Ours Filter { get; }

    public static string AddressOf(int index) => SolanaStubNode.AddressOf($"ours {index}");

    /// <summary>A payment to us, out of the payer's account.</summary>
    public static StubTransaction Pay(ulong atoms, string name = "payment") =>
        SolanaStubNode.Transfer(name, Payer, new StubPayment(Usdt.Contract, Us, atoms));

    /// <summary>A transaction of version 0 that names these token accounts.</summary>
    public static StubTransaction With(params IReadOnlyList<StubBalance> balances) =>
        SolanaStubNode.Transaction("scripted", 0, balances);

    public static long PositionOf(string owner, string mint) => SolanaStubNode.PositionOf(owner, mint);

    public IChain Open(string? genesis) =>
        new SolanaChain(
            Networks.Solana,
            new JsonRpc(_http, [.. Nodes.Select(n => n.Url)], SolanaChain.Limits),
            genesis
        );

    /// <summary>Mines one block and asks about it.</summary>
    public async Task<BlockTransfers> ReadAsync(params IReadOnlyList<StubTransaction> transactions) =>
        await Chain.TransfersAsync(await MineAsync(transactions), Filter, default);

    /// <summary>Mines one block and reads its header.</summary>
    public async Task<BlockHeader> MineAsync(params IReadOnlyList<StubTransaction> transactions)
    {
        var block = Node1.Chain.Mine(transactions);
        return (await Chain.HeaderAtAsync(Node1.SlotOf(block.Height), default)).ShouldNotBeNull();
    }

    public async Task<NodeException> FaultAsync(params IReadOnlyList<StubTransaction> transactions) =>
        await Should.ThrowAsync<NodeException>(() => ReadAsync(transactions));

    /// <summary>Lets the first node answer with the truth about every block's transactions, changed.</summary>
    public void Change(Action<JsonObject> change) =>
        Node1.Instead = call =>
        {
            if (call.Method != "getBlock")
                return null;
            var told = Node1.TruthOf(call)!;
            foreach (var transaction in told["transactions"]?.AsArray() ?? [])
                change(transaction!.AsObject());
            return StubAnswer.Result(call, told);
        };

    /// <summary>Lets the first node refuse a method.</summary>
    public void Refuse(string method, int code, string message) =>
        Node1.Instead = call => call.Method == method ? StubAnswer.Error(call, code, message) : null;

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        foreach (var node in Nodes)
            await node.DisposeAsync();
    }

    private static SolanaStubNode Node(StubChain chain)
    {
        var node = new SolanaStubNode(chain);
        foreach (var token in Networks.Solana.Tokens)
            node.Mints[token.Contract] = Mint;
        return node;
    }
}
