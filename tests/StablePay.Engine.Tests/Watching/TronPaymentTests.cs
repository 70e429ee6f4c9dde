using StablePay.Chains;
using StablePay.Chains.Evm;
using StablePay.Chains.Rpc;
using StablePay.Chains.Tron;
using StablePay.Core.Ledger;
using StablePay.Engine.Checkout;
using StablePay.Testing.Nodes;

namespace StablePay.Engine.Tests.Watching;

/// <summary>
/// Sessions paid on TRON through the production engine, while its node does what a test scripted. The node is a stub;
/// the same on the emulator is in the tests of nodes.
/// </summary>
public sealed class TronPaymentTests : IAsyncLifetime
{
    private const int Solid = 19;

    private static readonly Token Usdt = Networks.Tron.Tokens[0];
    private static readonly string Payer = new TronAddress(EvmAddress.Parse("0x" + new string('1', 40))).ToString();

    private readonly TronStubNode _node = new() { SolidDistance = Solid };
    private readonly HttpClient _http = new();
    private PaymentWorld _world = null!;
    private int _sent;

    public async ValueTask InitializeAsync()
    {
        _node.Decimals[Usdt.Contract] = Usdt.Decimals;
        for (var i = 0; i < 3; i++)
            _node.Chain.Mine();
        var api = new TronApi(_http, [new NodeAddress(_node.Url)], RpcLimits.Default);
        _world = await PaymentWorld.StartAsync(
            new WorldOptions((_, _, _) => [new TronChain(Networks.Tron, api, _node.GenesisId)])
            {
                Start = DateTimeOffset.FromUnixTimeSeconds(_node.Chain.Tip.Time),
            }
        );
        await _world.WatchAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _world.DisposeAsync();
        await _node.DisposeAsync();
        _http.Dispose();
    }

    [Fact]
    public async Task Exact_payment_is_seen_then_paid_when_solidified_and_credited_once()
    {
        var (session, address) = await SessionAsync(2599);
        TronAddress.TryParse(address, out _).ShouldBeTrue(address);
        var payment = Payment(address, 25_990_000);
        await MineAsync(payment);
        var seen = await _world.ReadAsync(session);
        (seen.PaymentStatus, seen.AmountReceived, seen.AmountRemaining).ShouldBe(("processing", 2599, 0));
        seen.Transfers.Single().TransactionHash.ShouldBe(TronStubNode.IdOf(payment));

        for (var i = 0; i < Solid - 1; i++)
            await MineAsync();
        (await _world.ReadAsync(session)).PaymentStatus.ShouldBe("processing");
        await MineAsync();

        (await _world.ReadAsync(session)).PaymentStatus.ShouldBe("paid");
        (await _world.EventsAsync(true)).ShouldBe(["payment.processing", "payment.completed"]);
        var balance = await _world.Database.Ledger.BalanceAsync(
            LedgerAccount.StoreBalance(_world.Store.Store.Id),
            Usdt,
            CancellationToken.None
        );
        (balance.Credits, balance.Debits).ShouldBe(((UInt128)25_990_000, UInt128.Zero));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(18)]
    public async Task TRX_05_payment_whose_blocks_roll_back_before_they_are_solid_is_taken_back(int depth)
    {
        var (session, address) = await SessionAsync(2599);
        await MineAsync(Payment(address, 25_990_000));
        for (var i = 1; i < depth; i++)
            await MineAsync();
        _node.Chain.Cut(depth);
        for (var i = 0; i <= depth; i++)
            await MineAsync();

        var open = await _world.ReadAsync(session);
        (open.PaymentStatus, open.AmountReceived, open.Transfers.Single().Status).ShouldBe(("pending", 0, "orphaned"));
        (await _world.EventsAsync(true)).ShouldBe(["payment.processing", "payment.reversed"]);
    }

    [Fact]
    public async Task TRX_06_node_that_is_away_and_back_costs_nothing()
    {
        var (session, address) = await SessionAsync(2599);
        _node.Instead = (_, _, _) => new StubAnswer("""{"Error":"lack of computing resources"}""");
        _node.Chain.Mine(Payment(address, 25_990_000));
        await Should.ThrowAsync<NodeException>(() => _world.WatchAsync());
        for (var i = 0; i < Solid; i++)
            _node.Chain.Mine();
        _node.Instead = null;
        await _world.WatchAsync();
        (await _world.ReadAsync(session)).PaymentStatus.ShouldBe("paid");
    }

    [Fact]
    public async Task TRX_01_reverted_payment_is_none()
    {
        var (session, address) = await SessionAsync(2599);
        await MineAsync(Payment(address, 25_990_000) with { Succeeded = false });
        for (var i = 0; i < Solid; i++)
            await MineAsync();
        var open = await _world.ReadAsync(session);
        (open.PaymentStatus, open.Transfers.Count).ShouldBe(("pending", 0));
    }

    private async Task<(SessionView Session, string Address)> SessionAsync(long cents)
    {
        var session = await _world.OpenSessionAsync(cents, live: true);
        return (session, (await _world.ChooseAsync(session, Networks.Tron.Id, Asset.Usdt)).Chosen!.Address);
    }

    private StubTransaction Payment(string to, UInt128 atoms) =>
        StubTransaction.Of($"sent {++_sent}", TronStubNode.Transfer(Usdt.Contract, Payer, to, atoms));

    private async Task MineAsync(params IReadOnlyList<StubTransaction> transactions)
    {
        _node.Chain.Mine(transactions);
        await _world.WatchAsync();
    }
}
