using StablePay.Engine.Quorums;

namespace StablePay.Engine.Tests.Watching;

/// <summary>Payments that a store accepts before they are final, on a chain that is final after twelve blocks.</summary>
public sealed class AcceptanceTests() : SimPaymentTest(new FinalityRule.Depth(12))
{
    protected override Quorum Quorum =>
        new(
            new QuorumRule(Coverage.FromCents(50_000), 2),
            [new("node 1 (a.example)", Chain), new("node 2 (b.example)", new SimNode(Chain))]
        );

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await SetAsync(new(2_599, 1), new(100_000, 3));
    }

    [Fact]
    public async Task Small_payment_is_paid_at_its_tier_and_credited_when_it_is_final()
    {
        var small = await PayAsync(2_599);
        var paid = await World.ReadAsync(small);
        (paid.PaymentStatus, paid.Transfers.Single().Status).ShouldBe(("paid", "accepted"));
        (await CreditedAsync()).ShouldBe((UInt128)0);
        (await World.EventsAsync(true)).ShouldBe(["payment.processing", "payment.completed"]);

        await MineAsync(11);
        (await World.ReadAsync(small)).Transfers.Single().Status.ShouldBe("final");
        (await CreditedAsync()).ShouldBe((UInt128)25_990_000);
        (await World.EventsAsync(true)).ShouldBe(["payment.processing", "payment.completed"]);
    }

    [Fact]
    public async Task Larger_payment_waits_for_the_depth_of_its_own_tier()
    {
        var larger = await PayAsync(2_600);
        await MineAsync(1);
        (await StatusAsync(larger)).ShouldBe("processing");
        await MineAsync(1);
        (await StatusAsync(larger)).ShouldBe("paid");
    }

    [Fact]
    public async Task Parts_of_a_payment_do_not_slip_under_a_lower_tier()
    {
        var (session, address) = await SessionAsync(2_600);
        Chain.Mine(Transfer(address, 1_300), Transfer(address, 1_300));
        await MineAsync(1);
        (await StatusAsync(session)).ShouldBe("processing");
    }

    [Fact]
    public async Task What_no_tier_covers_is_paid_when_it_is_final()
    {
        await SetAsync(new AcceptanceTier(2_599, 1));
        var large = await PayAsync(2_600);
        await MineAsync(10);
        (await StatusAsync(large)).ShouldBe("processing");
        await MineAsync(1);
        (await StatusAsync(large)).ShouldBe("paid");
    }

    /// <summary>A node that lies to us alone must not make a merchant ship.</summary>
    [Fact]
    public async Task EVM_16_payment_that_needs_several_nodes_is_never_accepted_early()
    {
        var large = await PayAsync(50_001);
        await MineAsync(10);
        (await StatusAsync(large)).ShouldBe("processing");
        await MineAsync(1);
        (await StatusAsync(large)).ShouldBe("paid");
    }

    [Fact]
    public async Task EVM_04_accepted_payment_that_leaves_theChain_is_reversed_told_and_can_be_paid_again()
    {
        var (session, address) = await SessionAsync(2_599);
        Chain.Mine(Transfer(address, 2_599));
        await MineAsync(2);
        (await StatusAsync(session)).ShouldBe("paid");

        Chain.Reorg(3, SimReorg.Drop, longerBy: 1);
        await World.WatchAsync();
        var open = await World.ReadAsync(session);
        (open.PaymentStatus, open.AmountReceived, open.PaidAt, open.Transfers.Single().Status).ShouldBe(
            ("pending", 0, null, "orphaned")
        );
        (await World.EventsAsync(true)).ShouldBe(["payment.processing", "payment.completed", "payment.reversed"]);

        Chain.Mine(Transfer(address, 2_599));
        await World.WatchAsync();
        (await StatusAsync(session)).ShouldBe("paid");
        await MineAsync(11);
        (await CreditedAsync()).ShouldBe((UInt128)25_990_000);
    }

    [Fact]
    public async Task EVM_04_accepted_payment_that_leaves_theChain_after_the_sessions_end_fails()
    {
        var session = await PayAsync(2_599);
        await MineAsync(2);
        World.Clock.Advance(TimeSpan.FromHours(4));
        Chain.NextTime = World.Now;
        Chain.Reorg(3, SimReorg.Drop, longerBy: 1);
        Chain.NextTime = World.Now;
        await MineAsync(1);
        await World.WorkAsync();
        (await StatusAsync(session)).ShouldBe("failed");
        (await World.EventsAsync(true)).ShouldBe([
            "payment.processing",
            "payment.completed",
            "payment.reversed",
            "payment.failed",
        ]);
    }

    [Fact]
    public async Task EVM_01_accepted_payment_that_moves_to_another_block_is_paid_again_and_credited_once()
    {
        var session = await PayAsync(2_599);
        await MineAsync(1);
        Chain.Reorg(2, SimReorg.Move, longerBy: 1);
        await World.WatchAsync();
        (await StatusAsync(session)).ShouldBe("paid");
        await MineAsync(12);
        (await CreditedAsync()).ShouldBe((UInt128)25_990_000);
    }

    private async Task SetAsync(params IReadOnlyList<AcceptanceTier> tiers) =>
        (
            await World.Engine.Acceptance.SetAsync(await World.CallerAsync(live: true), Id, tiers, default)
        ).IsOk.ShouldBeTrue();
}
