using StablePay.Chains;
using StablePay.Chains.Tests.Contract;
using StablePay.Core.Money;
using StablePay.Core.Networks;
using StablePay.Engine.Checkout;
using StablePay.Testing.Nodes;

namespace StablePay.Nodes.Tests;

/// <summary>An emulated node in a process of its own, with two tokens of which its payer holds plenty.</summary>
public abstract class ProgramRig<TNode> : ChainRig
    where TNode : NodeProgram
{
    private readonly HttpClient _http = new();
    private readonly Func<HttpClient, IChain> _reader;

    protected ProgramRig(TNode node, Func<HttpClient, IChain> reader)
    {
        (Node, _reader) = (node, reader);
        Chain = Another();
    }

    public TNode Node { get; }

    public sealed override IChain Chain { get; }

    public sealed override IChain Another() => _reader(_http);

    public override Task MineAsync(int blocks = 1) => Node.MineAsync(blocks);

    public override Task ReorgAsync(int depth, bool drop) => Node.ForkAsync(depth, drop);

    public override bool TryLag(int blocks)
    {
        Node.LagAsync(blocks).GetAwaiter().GetResult();
        return true;
    }

    /// <summary>The production engine on this node.</summary>
    public Task<PaymentWorld> WorldAsync() => NodeWorld.StartAsync(Chain, Another);

    /// <summary>A session of 25.99 and its address for USDT.</summary>
    public async Task<(SessionView Session, string Address)> SessionAsync(PaymentWorld world)
    {
        var session = await world.OpenSessionAsync(2599, live: true);
        var page = await world.ChooseAsync(session, Chain.Network.Id, Asset.Usdt);
        return (session, page.Chosen!.Address);
    }

    /// <summary>A session that is paid in two parts is paid when the second one is final.</summary>
    /// <param name="finalAfter">Blocks until it is, its own included.</param>
    public async Task PaysInTwoPartsAsync(int finalAfter)
    {
        await using var world = await WorldAsync();
        var (session, address) = await SessionAsync(world);
        await PayAsync(new Payment(TokenOf(0), 20_000_000, address));
        await MineAsync();
        await world.WatchAsync();
        var part = await world.ReadAsync(session);
        (part.PaymentStatus, part.AmountReceived, part.AmountRemaining).ShouldBe(("pending", 2000, 599));

        await PayAsync(new Payment(TokenOf(0), 5_990_000, address));
        await MineAsync(finalAfter - 1);
        await world.WatchAsync();
        (await world.ReadAsync(session)).PaymentStatus.ShouldBe("processing");
        await MineAsync();
        await world.WatchAsync();
        var paid = await world.ReadAsync(session);
        (paid.PaymentStatus, paid.Transfers.Count).ShouldBe(("paid", 2));
    }

    protected override async ValueTask CloseAsync()
    {
        _http.Dispose();
        await Node.DisposeAsync();
    }
}
