using StablePay.Chains;
using StablePay.Core.Ledger;
using StablePay.Engine.Checkout;
using StablePay.Testing.Nodes;

namespace StablePay.Engine.Tests.Watching;

/// <summary>
/// Sessions paid through the production engine, while a network's node does what a test scripted. The node is a stub;
/// the same on a runtime or an emulator is in the tests of nodes.
/// </summary>
/// <param name="final">Blocks above a block that make it final.</param>
public abstract class StubPaymentTest(Network network, StubServer node, StubChain chain, int final) : IAsyncLifetime
{
    private readonly HttpClient _http = new();
    private int _sent;

    protected PaymentWorld World { get; private set; } = null!;
    protected Token Usdt => network.Tokens[0];

    public async ValueTask InitializeAsync()
    {
        for (var i = 0; i < 3; i++)
            chain.Mine();
        World = await PaymentWorld.StartAsync(
            new WorldOptions((_, _, _) => [ReaderOf(_http)])
            {
                Start = DateTimeOffset.FromUnixTimeSeconds(chain.Tip.Time),
            }
        );
        await World.WatchAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await World.DisposeAsync();
        await node.DisposeAsync();
        _http.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Exact_payment_is_seen_then_paid_when_final_and_credited_once()
    {
        var (session, address) = await SessionAsync(2599);
        var payment = Payment(address, 25_990_000);
        await MineAsync(payment);
        var seen = await World.ReadAsync(session);
        (seen.PaymentStatus, seen.AmountReceived, seen.AmountRemaining).ShouldBe(("processing", 2599, 0));
        seen.Transfers.Single().TransactionHash.ShouldBe(HashOf(payment));

        for (var i = 0; i < final - 1; i++)
            await MineAsync();
        (await World.ReadAsync(session)).PaymentStatus.ShouldBe("processing");
        await MineAsync();

        (await World.ReadAsync(session)).PaymentStatus.ShouldBe("paid");
        (await World.EventsAsync(true)).ShouldBe(["payment.processing", "payment.completed"]);
        (await CreditedAsync()).ShouldBe(((UInt128)25_990_000, UInt128.Zero));
    }

    protected abstract IChain ReaderOf(HttpClient http);

    /// <summary>A transfer of USDT to an address; its name is new.</summary>
    protected abstract StubTransaction Payment(string name, string to, ulong atoms);

    /// <summary>A transaction's hash as the network shows it.</summary>
    protected abstract string HashOf(StubTransaction transaction);

    protected StubTransaction Payment(string to, ulong atoms) => Payment($"sent {++_sent}", to, atoms);

    protected async Task<(SessionView Session, string Address)> SessionAsync(long cents)
    {
        var session = await World.OpenSessionAsync(cents, live: true);
        return (session, (await World.ChooseAsync(session, network.Id, Asset.Usdt)).Chosen!.Address);
    }

    protected async Task MineAsync(params IReadOnlyList<StubTransaction> transactions)
    {
        chain.Mine(transactions);
        await World.WatchAsync();
    }

    /// <summary>A payment whose blocks are dropped before they are final is taken back.</summary>
    protected async Task IsTakenBackAsync(int depth)
    {
        var (session, address) = await SessionAsync(2599);
        await MineAsync(Payment(address, 25_990_000));
        for (var i = 1; i < depth; i++)
            await MineAsync();
        chain.Cut(depth);
        for (var i = 0; i <= depth; i++)
            await MineAsync();
        var open = await World.ReadAsync(session);
        (open.PaymentStatus, open.AmountReceived, open.Transfers.Single().Status).ShouldBe(("pending", 0, "orphaned"));
        (await World.EventsAsync(true)).ShouldBe(["payment.processing", "payment.reversed"]);
        (await CreditedAsync()).ShouldBe((UInt128.Zero, UInt128.Zero));
    }

    protected async Task<(UInt128 Credits, UInt128 Debits)> CreditedAsync()
    {
        var balance = await World.Database.Ledger.BalanceAsync(
            LedgerAccount.StoreBalance(World.Store.Store.Id),
            Usdt,
            CancellationToken.None
        );
        return (balance.Credits, balance.Debits);
    }
}
