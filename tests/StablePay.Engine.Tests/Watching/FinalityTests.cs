using StablePay.Engine.Watching;
using StablePay.Storage;

namespace StablePay.Engine.Tests.Watching;

/// <summary>What becomes of payments when a network's finality stalls, goes back, or contradicts itself.</summary>
public sealed class FinalityTests() : SimPaymentTest(new FinalityRule.Tag("finalized", 64))
{
    [Fact]
    public async Task EVM_09_while_finality_stalls_nothing_is_credited_and_nothing_expires()
    {
        var session = await PayAsync(2599);
        for (var i = 0; i < 5; i++)
        {
            // An hour passes, and the chain goes on without calling anything final.
            World.Clock.Advance(TimeSpan.FromHours(1));
            Chain.NextTime = World.Now;
            await MineAsync(100);
            await World.WorkAsync();
        }
        (await StatusAsync(session)).ShouldBe("processing");
        (await CreditedAsync()).ShouldBe((UInt128)0);
        World.Alerts.ShouldBeEmpty();

        await FinalAsync();
        (await StatusAsync(session)).ShouldBe("paid");
        (await CreditedAsync()).ShouldBe((UInt128)25_990_000);
    }

    [Fact]
    public async Task EVM_10_final_block_that_is_replaced_halts_the_network_and_reverses_nothing()
    {
        var paid = await PayAsync(2599);
        await FinalAsync();
        (await StatusAsync(paid)).ShouldBe("paid");
        var (later, address) = await SessionAsync(4144);

        Chain.Reorg(8, SimReorg.Drop, longerBy: 1);
        Chain.Mine(Transfer(address, 4144));
        await FinalAsync();
        await FinalAsync();
        World.Engine.Networks.Status(Id)!.Halted.ShouldNotBeNull().ShouldContain("was final");
        World.Alerts.ShouldHaveSingleItem();
        (await StatusAsync(paid)).ShouldBe("paid");
        (await StatusAsync(later)).ShouldBe("pending");
        (await CreditedAsync()).ShouldBe((UInt128)25_990_000);
        (await World.EventsAsync(true)).ShouldBe(["payment.processing", "payment.completed"]);
    }

    [Fact]
    public async Task EVM_10_finality_tag_that_goes_back_takes_nothing_back()
    {
        var paid = await PayAsync(2599);
        await FinalAsync();
        Chain.Finalize(3);
        await MineAsync(3);
        (await StatusAsync(paid)).ShouldBe("paid");
        World.Engine.Networks.Status(Id)!.Halted.ShouldBeNull();
        var next = await PayAsync(4144);
        await FinalAsync();
        (await StatusAsync(next)).ShouldBe("paid");
    }

    [Fact]
    public async Task EVM_12_blocks_of_one_second_are_in_order_of_their_height()
    {
        var (session, address) = await SessionAsync(2599);
        var second = Chain.Tip.Header.Time;
        for (var i = 0; i < 4; i++)
        {
            Chain.NextTime = second;
            Chain.Mine(i is 1 or 3 ? [Transfer(address, i == 1 ? 2000 : 599)] : []);
        }
        await World.WatchAsync();
        await FinalAsync();
        var paid = await World.ReadAsync(session);
        (paid.PaymentStatus, paid.Transfers.Count, paid.AmountReceived).ShouldBe(("paid", 2, 2599));
    }

    [Fact]
    public async Task EVM_19_side_block_that_a_node_still_serves_by_its_hash_credits_nothing()
    {
        var session = await PayAsync(2599);
        var side = Chain.Tip.Header;
        Chain.Reorg(1, SimReorg.Drop, longerBy: 1);
        await World.WatchAsync();
        // The node still knows the payment in it.
        (await Chain.TransfersAsync(side, new Everybody(), default)).Transfers.ShouldHaveSingleItem();
        await FinalAsync();
        (await StatusAsync(session)).ShouldBe("pending");
        (await CreditedAsync()).ShouldBe((UInt128)0);
    }

    private sealed class Everybody : StablePay.Chains.IAddressFilter
    {
        public bool MayContain(ReadOnlySpan<byte> address) => true;
    }

    [Fact]
    public async Task OPS_05_no_step_outlasts_its_lease_however_much_there_is_to_read_and_however_slow_the_node_is()
    {
        Chain.MineEmpty(300);
        Chain.Finalize(300);
        Chain.Asking = () => World.Clock.Advance(TimeSpan.FromMilliseconds(400));
        var watcher = World.Engine.Watchers[0];
        var (steps, more) = (0, true);
        while (more)
        {
            var began = World.Now;
            more = await watcher.StepAsync(CancellationToken.None);
            (World.Now - began).ShouldBeLessThan(WatcherParts.LeaseLength);
            (++steps).ShouldBeLessThan(300);
        }
        World.Engine.Networks.HeightOf(Id).ShouldBe(Chain.Tip.Header.Ref.Height);
        World.Engine.Networks.FinalHeightOf(Id).ShouldBe(300);
    }

    [Fact]
    public async Task OPS_05_lease_is_held_while_a_long_gap_is_filled_after_a_restart()
    {
        await MineAsync(300);
        // A cursor over blocks without news is written every few seconds.
        World.Clock.Advance(TimeSpan.FromMinutes(1));
        await MineAsync(1);
        await World.RestartAsync();
        var began = World.Now;
        var rivals = new List<Task<LeaseGrip?>>();
        Chain.Asking = () =>
        {
            World.Clock.Advance(TimeSpan.FromMilliseconds(400));
            rivals.Add(
                World.Database.Leases.AcquireAsync(
                    $"watcher:{Id}",
                    "proc_rival",
                    WatcherParts.LeaseLength,
                    World.Now,
                    CancellationToken.None
                )
            );
        };
        await World.Engine.Watchers[0].StepAsync(CancellationToken.None);
        Chain.Asking = null;

        (World.Now - began).ShouldBeGreaterThan(WatcherParts.LeaseLength * 2);
        rivals.Count.ShouldBeGreaterThan(250);
        (await Task.WhenAll(rivals)).ShouldAllBe(grip => grip == null);
        World.Engine.Networks.HeightOf(Id).ShouldBe(Chain.Tip.Header.Ref.Height);
    }
}
