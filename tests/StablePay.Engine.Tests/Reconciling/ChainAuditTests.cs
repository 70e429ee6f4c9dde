using StablePay.Chains;
using StablePay.Core.Ledger;
using StablePay.Storage.Tests;

namespace StablePay.Engine.Tests.Reconciling;

/// <summary>Books and one network that has one node, or a pool that is believed.</summary>
public abstract class ChainAuditTests(TestCluster? cluster) : ReconcilingTest(cluster)
{
    private static UInt128 Atoms(long cents) => (UInt128)cents * 10_000;

    [Fact]
    public async Task TOK_13_burn_without_a_transfer_is_found_in_one_cycle_and_told_once()
    {
        var (burnt, whole) = (await PaidAsync(2599), await PaidAsync(1000));
        Chain.Burn(Usdt, burnt, Atoms(2599));
        await FinalAsync();
        await CycleAsync();

        (await OnlyOpenAsync()).ShouldBe(new Difference(DifferenceKind.Missing, Atoms(2599), UInt128.Zero));
        var item = (await OpenAsync()).Single();
        (item.At.Address, item.Store).ShouldBe((burnt, World.Store.Store.Id));
        item.Height.ShouldBe(Chain.Tip.Header.Ref.Height);
        World
            .Alerts.ShouldHaveSingleItem()
            .ShouldContain($"25.99 USDT are missing at {burnt} (payment {item.Session})");

        await CycleAsync();
        (await OpenAsync()).Single().Id.ShouldBe(item.Id);
        World.Alerts.Count.ShouldBe(1, "one alert for one difference");
        World.Engine.Reconciliation.Last.Open[(Id, DifferenceKind.Missing)].ShouldBe(1);
        (await World.Database.Reconciliation.ListByAddressAsync(Id, whole, default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task L6_what_is_open_is_what_books_and_chain_differ_in()
    {
        var (one, two, three) = (await PaidAsync(2599), await PaidAsync(1000), await PaidAsync(500));
        Chain.Burn(Usdt, one, Atoms(600));
        Chain.Give(Usdt, two, Atoms(7));
        await FinalAsync();
        await CycleAsync();
        await IsExplainedAsync([one, two, three]);

        // The figures of an open item follow.
        Chain.Burn(Usdt, one, Atoms(99));
        await FinalAsync();
        await CycleAsync();
        await IsExplainedAsync([one, two, three]);
        World.Alerts.Count.ShouldBe(2);
    }

    [Fact]
    public async Task TOK_13_item_closes_itself_when_the_chain_agrees_again_and_the_next_difference_is_another_item()
    {
        var address = await PaidAsync(2599);
        Chain.Burn(Usdt, address, 5);
        await FinalAsync();
        await CycleAsync();
        Chain.Give(Usdt, address, 5);
        await FinalAsync();
        await CycleAsync();
        (await OpenAsync()).ShouldBeEmpty();

        Chain.Burn(Usdt, address, 6);
        await FinalAsync();
        await CycleAsync();
        var items = await World.Database.Reconciliation.ListByAddressAsync(Id, address, default);
        items
            .Select(i => (i.State, i.Difference.Atoms))
            .ShouldBe([(ItemState.Closed, (UInt128)5), (ItemState.Open, (UInt128)6)]);
        items[0].ClosedAt.ShouldNotBeNull();
    }

    [Fact]
    public async Task TOK_13_frozen_address_is_told_and_closes_when_it_is_let_go()
    {
        var address = await PaidAsync(2599);
        Chain.Freeze(Usdt, address);
        await FinalAsync();
        await CycleAsync();
        (await OnlyOpenAsync()).ShouldBe(new Difference(DifferenceKind.Frozen, Atoms(2599), Atoms(2599)));
        World.Alerts.ShouldHaveSingleItem().ShouldContain($"USDT has frozen {address}");

        Chain.Freeze(Usdt, address, isFrozen: false);
        await FinalAsync();
        await CycleAsync();
        (await OpenAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task T3_money_that_no_transfer_told_of_is_a_surplus_even_where_nothing_was_paid()
    {
        var (_, address) = await SessionAsync(2599);
        Chain.Give(Usdt, address, Atoms(2599));
        await FinalAsync();
        await CycleAsync();
        (await OnlyOpenAsync()).ShouldBe(new Difference(DifferenceKind.Surplus, UInt128.Zero, Atoms(2599)));
    }

    [Fact]
    public async Task Money_from_one_address_of_ours_to_another_is_no_difference()
    {
        var from = await PaidAsync(2599);
        var (_, to) = await SessionAsync(1000);
        Chain.Mine(Transfer(to, 1000) with { From = from });
        await FinalAsync();
        await CycleAsync();
        (await World.Database.Reconciliation.ListByAddressAsync(Id, from, default)).ShouldBeEmpty();
        (await World.Database.Reconciliation.ListByAddressAsync(Id, to, default)).ShouldBeEmpty();
        (await CycleStateAsync()).ShouldBe((1, true, 2));
    }

    [Fact]
    public async Task Late_dust_and_unattributed_money_is_in_the_books()
    {
        var (_, address) = await SessionAsync(2599);
        Chain.Mine(
            Transfer(address, 2599),
            new SimTransfer(Usdt, 3, address, Payer),
            new SimTransfer(Chain.Network.Tokens[1], 4_000_000_000_000_000, address, Payer)
        );
        Chain.NextTime += TimeSpan.FromHours(5);
        Chain.Mine(Transfer(address, 10));
        World.Clock.Advance(TimeSpan.FromHours(5));
        await FinalAsync();
        await CycleAsync();
        (await OpenAsync()).ShouldBeEmpty();
        (await World.Database.Reconciliation.ListByAddressAsync(Id, address, default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Payment_that_arrives_meanwhile_is_no_false_alarm_where_a_node_does_not_tell_its_block()
    {
        Chain.IsVague = true;
        var (_, address) = (await PaidAsync(1000), (await SessionAsync(2599)).Address);
        World.Clock.Advance(TimeSpan.FromHours(24));
        await World.WatchAsync();
        // The node has it in its balances, the watcher has not read the block.
        Chain.Mine(Transfer(address, 2599));
        await World.WorkAsync();
        (await CycleStateAsync()).ShouldBe((1, false, 0));

        await LaterAsync(TimeSpan.FromMinutes(1));
        await World.WorkAsync();
        (await CycleStateAsync()).ShouldBe((1, true, 2));
        (await World.Database.Reconciliation.ListByAddressAsync(Id, address, default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task TOK_13_burn_is_found_where_a_node_does_not_tell_its_block()
    {
        Chain.IsVague = true;
        var address = await PaidAsync(2599);
        Chain.Burn(Usdt, address, Atoms(100));
        Chain.Mine(Transfer(address, 50));
        await World.WatchAsync();
        await CycleAsync();
        (await OnlyOpenAsync()).ShouldBe(new Difference(DifferenceKind.Missing, Atoms(2599), Atoms(2549)));
    }

    [Fact]
    public async Task TOK_13_open_item_stays_while_a_payment_that_arrives_could_hide_the_burn()
    {
        Chain.IsVague = true;
        var address = await PaidAsync(2599);
        Chain.Burn(Usdt, address, Atoms(100));
        await FinalAsync();
        await CycleAsync();
        // 26.99 are there: no less than the 25.99 that are final, no more than the 27.99 that came.
        Chain.Mine(Transfer(address, 200));
        await World.WatchAsync();
        await CycleAsync();
        (await OnlyOpenAsync()).ShouldBe(new Difference(DifferenceKind.Missing, Atoms(2599), Atoms(2499)));
        await FinalAsync();
        await CycleAsync();
        (await OnlyOpenAsync()).ShouldBe(new Difference(DifferenceKind.Missing, Atoms(2799), Atoms(2699)));
    }

    [Fact]
    public async Task Difference_that_is_gone_a_minute_later_is_told_to_nobody()
    {
        var address = await PaidAsync(2599);
        Chain.Burn(Usdt, address, 5);
        await FinalAsync();
        World.Clock.Advance(TimeSpan.FromHours(24));
        await World.WorkAsync();
        var suspected = await World.Database.Reconciliation.ListByAddressAsync(Id, address, default);
        suspected.ShouldHaveSingleItem().State.ShouldBe(ItemState.Suspected);
        World.Engine.Reconciliation.Last.OpenCount.ShouldBe(0);

        Chain.Give(Usdt, address, 5);
        await FinalAsync();
        await LaterAsync(TimeSpan.FromMinutes(1));
        await World.WorkAsync();
        (await World.Database.Reconciliation.ListByAddressAsync(Id, address, default)).ShouldBeEmpty();
        World.Alerts.ShouldBeEmpty();
        (await CycleStateAsync()).IsFinished.ShouldBeTrue();
    }

    [Fact]
    public async Task Node_that_fails_in_the_middle_leaves_what_was_compared_and_a_new_process_goes_on_from_there()
    {
        var addresses = new List<string>();
        for (var i = 0; i < 4; i++)
            addresses.Add(await PaidAsync(1000 + i));
        addresses.Sort(StringComparer.Ordinal);
        Chain.Burn(Usdt, addresses[3], 9);
        await FinalAsync();
        // Two tokens: one address a page. A page asks for the block, and for the balances.
        Chain.MostAtOnce = 2;
        await World.RestartAsync();
        await World.WatchAsync();
        World.Clock.Advance(TimeSpan.FromHours(24));
        Chain.PassNext(4);
        Chain.FailNext(NodeFault.Unavailable);
        await World.WorkAsync();
        (await CycleStateAsync()).ShouldBe((1, false, 2));

        await World.RestartAsync();
        await World.WatchAsync();
        await LaterAsync(TimeSpan.FromMinutes(1));
        await World.WorkAsync();
        await LaterAsync(TimeSpan.FromMinutes(1));
        await World.WorkAsync();
        (await CycleStateAsync()).ShouldBe((1, true, 4));
        var item = (await OpenAsync()).ShouldHaveSingleItem();
        (item.At.Address, item.Difference.Atoms).ShouldBe((addresses[3], (UInt128)9));
    }

    [Fact]
    public async Task OPS_19_many_addresses_go_through_one_cycle_in_bounded_pages()
    {
        const int Many = 5_000;
        await PaidAsync(2599);
        await RawAsync(
            $"""
            with recursive n (i) as (select 1 union all select i + 1 from n where i < {Many})
            insert into deposit_addresses (network, address, session_id, store_id, address_index, created_at_ms)
            select network, '0x{new string(
                '3',
                33
            )}' || cast(1000000 + i as text), session_id, store_id, 1000000 + i, created_at_ms
            from n cross join deposit_addresses
            """,
            Many
        );
        // Digits alone have no checksum.
        var asked = Chain.Asked;
        await CycleAsync();
        (await CycleStateAsync()).ShouldBe((1, true, Many + 1));
        // A page of 50 addresses asks for the block and for the balances; the rest are the watcher's own questions.
        (Chain.Asked - asked).ShouldBeInRange(2 * Many / 50, (2 * Many / 50) + 50);
        (await OpenAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Shorter_setting_takes_effect_at_the_next_start()
    {
        await PaidAsync(2599);
        await CycleAsync();
        World.ReconcileEvery = TimeSpan.FromHours(1);
        await World.RestartAsync();
        World.Clock.Advance(TimeSpan.FromHours(1));
        await World.WatchAsync();
        await World.WorkAsync();
        (await CycleStateAsync()).ShouldBe((2, true, 1));
    }

    [Fact]
    public async Task Halted_network_is_not_compared()
    {
        await PaidAsync(2599);
        World.Engine.Networks.ReportHalt(Id, "the chain changed below a final block");
        await CycleAsync();
        (await CycleStateAsync()).ShouldBe((1, false, 0));
    }

    /// <summary>Σ chain = Σ ledger − missing + surplus.</summary>
    private async Task IsExplainedAsync(IReadOnlyList<string> addresses)
    {
        var deposits = await World.Database.Ledger.BalanceAsync(LedgerAccount.Deposits(Id), Usdt, default);
        var held = await Chain.HoldingsAsync(
            [.. addresses.Select(a => new TokenAt(Usdt, a))],
            Chain.Tip.Header.Ref,
            default
        );
        Int128 Sum(DifferenceKind kind, IReadOnlyList<ReconciliationItem> items) =>
            items
                .Where(i => i.Difference.Kind == kind)
                .Aggregate(Int128.Zero, (s, i) => s + (Int128)i.Difference.Atoms);
        var open = await OpenAsync();
        var onChain = held.Held.Values.Aggregate(Int128.Zero, (sum, h) => sum + (Int128)h.Atoms);
        ((Int128)deposits.Debits - (Int128)deposits.Credits - onChain).ShouldBe(
            Sum(DifferenceKind.Missing, open) - Sum(DifferenceKind.Surplus, open)
        );
        open.Count.ShouldBe(2);
    }
}

public sealed class ChainAuditOnSqliteTests() : ChainAuditTests(null);

public sealed class ChainAuditOnPostgresTests(TestCluster cluster) : ChainAuditTests(cluster);
