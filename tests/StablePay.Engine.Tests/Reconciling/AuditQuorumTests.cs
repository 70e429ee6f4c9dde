using StablePay.Chains;
using StablePay.Core.Ledger;
using StablePay.Engine.Quorums;

namespace StablePay.Engine.Tests.Reconciling;

/// <summary>Balances of a network whose nodes are asked each alone, as they do not always tell the same.</summary>
public sealed class AuditQuorumTests : ReconcilingTest
{
    private readonly SimNode[] _nodes;

    public AuditQuorumTests()
        : base(null) => _nodes = [new(Chain), new(Chain), new(Chain)];

    protected override Quorum Quorum => With(3);

    private Quorum With(int count) =>
        new(
            new QuorumRule(Coverage.FromCents(1_000_000), 2),
            [.. _nodes.Take(count).Select((n, i) => new NodeSource($"node {i + 1}", n))]
        );

    [Fact]
    public async Task TOK_13_node_that_alone_says_that_money_is_gone_makes_no_item_and_is_named()
    {
        await PaidAsync(2599);
        _nodes[1].Tells = (_, held) => held with { Atoms = 0 };
        await CycleAsync();
        (await OpenAsync()).ShouldBeEmpty();
        (await SuspectedAsync()).ShouldBe(0, "two others have refuted it");
        World.Alerts.ShouldHaveSingleItem().ShouldContain("node 2 says 0.00 USDT");

        await CycleAsync();
        (await OpenAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task TOK_13_node_that_alone_hides_a_burn_hides_it_for_no_cycle(int liar)
    {
        var address = await PaidAsync(2599);
        Chain.Burn(Usdt, address, 7);
        _nodes[liar].Tells = (at, held) => at.Token == Usdt ? held with { Atoms = held.Atoms + 7 } : held;
        await FinalAsync();
        await CycleAsync();
        (await OnlyOpenAsync()).ShouldBe(new Difference(DifferenceKind.Missing, 25_990_000, 25_989_993));
        World.Alerts.Count.ShouldBe(2, "the difference, and that a node says otherwise");

        // Nor does it close what is open.
        await CycleAsync();
        (await OnlyOpenAsync()).ShouldBe(new Difference(DifferenceKind.Missing, 25_990_000, 25_989_993));
    }

    [Fact]
    public async Task TOK_13_of_two_nodes_that_disagree_neither_is_believed_and_the_operator_hears_it_each_cycle()
    {
        World.Quorums = QuorumsOf(With(2));
        await World.RestartAsync();
        await World.WatchAsync();
        var address = await PaidAsync(2599);
        Chain.Freeze(Usdt, address);
        _nodes[0].Tells = (_, held) => held with { IsFrozen = false };
        await FinalAsync();
        await CycleAsync();
        (await OpenAsync()).ShouldBeEmpty();
        (await SuspectedAsync()).ShouldBe(1);
        World.Alerts.Count.ShouldBe(1);
        await CycleAsync();
        World.Alerts.Count.ShouldBe(2);

        // The wrong node is taken out, or tells the truth again.
        _nodes[0].Tells = null;
        await CycleAsync();
        (await OnlyOpenAsync()).ShouldBe(new Difference(DifferenceKind.Frozen, 25_990_000, 25_990_000));
    }

    [Fact]
    public async Task Node_that_is_away_counts_for_nothing_and_the_others_are_enough()
    {
        var address = await PaidAsync(2599);
        Chain.Burn(Usdt, address, 7);
        await FinalAsync();
        _nodes[0].IsAway = true;
        await CycleAsync();
        (await OnlyOpenAsync()).ShouldBe(new Difference(DifferenceKind.Missing, 25_990_000, 25_989_993));
    }

    [Fact]
    public async Task Without_enough_answers_nothing_is_opened_and_nothing_closed()
    {
        var address = await PaidAsync(2599);
        Chain.Burn(Usdt, address, 7);
        await FinalAsync();
        (_nodes[0].IsAway, _nodes[1].IsAway) = (true, true);
        await CycleAsync();
        (await OpenAsync()).ShouldBeEmpty();
        (await SuspectedAsync()).ShouldBe(1);

        (_nodes[0].IsAway, _nodes[1].IsAway) = (false, false);
        await CycleAsync();
        (await OpenAsync()).Count.ShouldBe(1);

        Chain.Give(Usdt, address, 7);
        await FinalAsync();
        (_nodes[0].IsAway, _nodes[1].IsAway) = (true, true);
        await CycleAsync();
        (await OpenAsync()).Count.ShouldBe(1, "one node's word closes nothing");
        (_nodes[0].IsAway, _nodes[1].IsAway) = (false, false);
        await CycleAsync();
        (await OpenAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Final_money_that_waits_for_more_nodes_is_no_surplus()
    {
        var (session, address) = await SessionAsync(1_000_001);
        Chain.Mine(Transfer(address, 1_000_001));
        (_nodes[1].FinalLag, _nodes[2].FinalLag) = (6, 6);
        await FinalAsync();
        (await StatusAsync(session)).ShouldBe("processing");
        // Only the second question of the day, about finality, is answered late: balances are told.
        await CycleAsync();
        (await World.Database.Reconciliation.ListByAddressAsync(Id, address, default)).ShouldBeEmpty();
        (await CycleStateAsync()).IsFinished.ShouldBeTrue();
    }

    private async Task<int> SuspectedAsync() =>
        (await World.Database.Reconciliation.SuspectedAsync(Id, long.MaxValue, 100, default)).Count;
}
