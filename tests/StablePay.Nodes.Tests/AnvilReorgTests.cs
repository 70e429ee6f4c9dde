using StablePay.Core.Money;
using StablePay.Engine.Checkout;

namespace StablePay.Nodes.Tests;

/// <summary>Reorganisations of a real EVM node, and nodes that are away or behind.</summary>
public abstract class AnvilReorgTests(PostgresServer? postgres) : IAsyncLifetime
{
    private AnvilWorld _anvil = null!;

    public async ValueTask InitializeAsync() =>
        _anvil = await AnvilWorld.StartAsync(postgres: postgres is null ? null : await postgres.CreateDatabaseAsync());

    public async ValueTask DisposeAsync()
    {
        await _anvil.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private PaymentWorld World => _anvil.World;

    private static UInt128 Usdt(long cents) => (UInt128)cents * 10_000;

    private async Task<(SessionView Session, string Address)> SessionAsync(long cents)
    {
        var session = await World.OpenSessionAsync(cents, live: true);
        return (session, (await World.ChooseAsync(session, AnvilWorld.Network, Asset.Usdt)).Chosen!.Address);
    }

    /// <summary>Pays, mines the payment and blocks on top, lets the engine see them, and takes them back.</summary>
    private async Task PayThenTakeBackAsync(string address, long cents, int depth)
    {
        var before = await _anvil.Node.SnapshotAsync();
        await _anvil.Usdt.TransferAsync(address, Usdt(cents));
        for (var i = 0; i < depth; i++)
            await _anvil.BlockAsync();
        await _anvil.Node.RevertAsync(before);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public async Task EVM_01_reorg_that_drops_the_payment_takes_it_back_once(int depth)
    {
        var (session, address) = await SessionAsync(2599);
        await PayThenTakeBackAsync(address, 2599, depth);
        for (var i = 0; i <= depth; i++)
            await _anvil.BlockAsync();
        var open = await World.ReadAsync(session);
        (open.PaymentStatus, open.AmountReceived, open.Transfers.Single().Status).ShouldBe(("pending", 0, "orphaned"));
        (await World.EventsAsync(true)).ShouldBe(["payment.processing", "payment.reversed"]);
        await _anvil.FinalizeAsync();
        (await World.ReadAsync(session)).PaymentStatus.ShouldBe("pending");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(8)]
    public async Task EVM_02_reorg_that_moves_the_payment_credits_it_once(int depth)
    {
        var (session, address) = await SessionAsync(2599);
        await PayThenTakeBackAsync(address, 2599, depth);
        // The same transaction again, behind another one of the same token: its block-wide log index changes.
        await _anvil.Usdt.TransferAsync("0x00000000000000000000000000000000000000aa", 1, _anvil.Node.OtherPayer);
        await _anvil.Usdt.MintAsync("0x00000000000000000000000000000000000000aa", 7);
        await _anvil.Usdt.TransferAsync(address, Usdt(2599));
        for (var i = 0; i <= depth; i++)
            await _anvil.BlockAsync();
        await _anvil.FinalizeAsync();
        var paid = await World.ReadAsync(session);
        (paid.PaymentStatus, paid.AmountReceived).ShouldBe(("paid", 2599));
        (await World.EventsAsync(true)).Count(e => e == "payment.completed").ShouldBe(1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(8)]
    public async Task EVM_03_reorg_that_changes_the_payment_counts_what_the_new_chain_says(int depth)
    {
        var (session, address) = await SessionAsync(2599);
        await PayThenTakeBackAsync(address, 2599, depth);
        await _anvil.Usdt.TransferAsync(address, Usdt(1_000));
        for (var i = 0; i <= depth; i++)
            await _anvil.BlockAsync();
        await _anvil.FinalizeAsync();
        var changed = await World.ReadAsync(session);
        (changed.PaymentStatus, changed.AmountReceived, changed.Exception).ShouldBe(("pending", 1_000, "underpaid"));
    }

    [Fact]
    public async Task Reorg_told_by_the_tip_alone_is_followed()
    {
        var (session, address) = await SessionAsync(2599);
        await PayThenTakeBackAsync(address, 2599, 1);
        // One block replaces one block: the height stays, only the hash differs.
        World.Clock.Advance(TimeSpan.FromSeconds(5));
        await _anvil.BlockAsync();
        (await World.ReadAsync(session)).PaymentStatus.ShouldBe("pending");
    }

    [Fact]
    public async Task EVM_17_node_away_for_200_blocks_and_back_misses_nothing()
    {
        var (session, address) = await SessionAsync(2599);
        _anvil.Node.Pause();
        try
        {
            var step = World.Engine.Watchers[0].StepAsync(CancellationToken.None);
            var fault = await Should.ThrowAsync<StablePay.Chains.NodeException>(() => step);
            fault.Fault.ShouldBe(StablePay.Chains.NodeFault.Unavailable);
        }
        finally
        {
            _anvil.Node.Resume();
        }
        await _anvil.Node.MineAsync(100);
        await _anvil.Usdt.TransferAsync(address, Usdt(2599));
        await _anvil.Node.MineAsync(100);
        await World.WatchAsync();
        (await World.ReadAsync(session)).PaymentStatus.ShouldBe("paid");
        World.Engine.Networks.HeightOf(AnvilWorld.Network).ShouldBe(await _anvil.Node.HeightAsync());
    }

    [Fact]
    public async Task T8_chain_that_changes_below_a_final_block_halts_crediting_with_a_sentence()
    {
        var (session, address) = await SessionAsync(2599);
        var before = await _anvil.Node.SnapshotAsync();
        await _anvil.Usdt.TransferAsync(address, Usdt(2599));
        await _anvil.BlockAsync();
        await _anvil.FinalizeAsync();
        (await World.ReadAsync(session)).PaymentStatus.ShouldBe("paid");
        await _anvil.Node.RevertAsync(before);
        World.Clock.Advance(TimeSpan.FromSeconds(9));
        await _anvil.MineAtClockAsync();
        await _anvil.Node.MineAsync(60);
        await World.WatchAsync();
        World.Alerts.ShouldContain(a => a.Contains("final"));
        World.Engine.Networks.Status(AnvilWorld.Network)!.Halted.ShouldNotBeNull();
        (await World.ReadAsync(session)).PaymentStatus.ShouldBe("paid");
    }
}

/// <summary>Reorganisations, written to a SQLite file.</summary>
public sealed class SqliteAnvilReorgTests() : AnvilReorgTests(null);

/// <summary>The same, written to a real PostgreSQL.</summary>
public sealed class PostgresAnvilReorgTests(PostgresServer postgres) : AnvilReorgTests(postgres);
