using StablePay.Chains;
using StablePay.Chains.Evm;
using StablePay.Chains.Rpc;
using StablePay.Chains.Tron;
using StablePay.Testing.Nodes;

namespace StablePay.Engine.Tests.Watching;

/// <summary>Sessions paid on TRON; see the base.</summary>
public sealed class TronPaymentTests : StubPaymentTest
{
    private const int Solid = 19;

    private static readonly string Payer = new TronAddress(EvmAddress.Parse("0x" + new string('1', 40))).ToString();

    private readonly TronStubNode _node;

    public TronPaymentTests()
        : this(new TronStubNode { SolidDistance = Solid }) { }

    private TronPaymentTests(TronStubNode node)
        : base(Networks.Tron, node, node.Chain, Solid)
    {
        _node = node;
        node.Decimals[Usdt.Contract] = Usdt.Decimals;
    }

    protected override IChain ReaderOf(HttpClient http) =>
        new TronChain(
            Networks.Tron,
            new TronApi(http, [new NodeAddress(_node.Url)], RpcLimits.Default),
            _node.GenesisId
        );

    protected override StubTransaction Payment(string name, string to, ulong atoms) =>
        StubTransaction.Of(name, TronStubNode.Transfer(Usdt.Contract, Payer, to, atoms));

    protected override string HashOf(StubTransaction transaction) => TronStubNode.IdOf(transaction);

    [Fact]
    public async Task Address_that_is_shown_is_one_of_TRON()
    {
        var (_, address) = await SessionAsync(2599);
        TronAddress.TryParse(address, out _).ShouldBeTrue(address);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(18)]
    public Task TRX_05_payment_whose_blocks_roll_back_before_they_are_solid_is_taken_back(int depth) =>
        IsTakenBackAsync(depth);

    [Fact]
    public async Task TRX_06_node_that_is_away_and_back_costs_nothing()
    {
        var (session, address) = await SessionAsync(2599);
        _node.Instead = (_, _, _) => new StubAnswer("""{"Error":"lack of computing resources"}""");
        _node.Chain.Mine(Payment(address, 25_990_000));
        await Should.ThrowAsync<NodeException>(() => World.WatchAsync());
        for (var i = 0; i < Solid; i++)
            _node.Chain.Mine();
        _node.Instead = null;
        await World.WatchAsync();
        (await World.ReadAsync(session)).PaymentStatus.ShouldBe("paid");
    }

    [Fact]
    public async Task TRX_01_reverted_payment_is_none()
    {
        var (session, address) = await SessionAsync(2599);
        await MineAsync(Payment(address, 25_990_000) with { Succeeded = false });
        for (var i = 0; i < Solid; i++)
            await MineAsync();
        var open = await World.ReadAsync(session);
        (open.PaymentStatus, open.Transfers.Count).ShouldBe(("pending", 0));
    }
}
