using StablePay.Chains;
using StablePay.Engine.Quorums;

namespace StablePay.Engine.Tests.Watching;

/// <summary>Payments on a network with several nodes that do not always tell the same.</summary>
public sealed class QuorumTests : SimPaymentTest
{
    private const long Limit = 100_000;

    private readonly SimNode _second;

    public QuorumTests()
        : base(new FinalityRule.Tag("finalized", 64) { NaturalDepth = 40 }) => _second = new SimNode(Chain);

    protected override Quorum Quorum => With(_second);

    private Quorum With(SimNode second) =>
        new(
            new QuorumRule(Coverage.FromCents(Limit), 2),
            [new("node 1 (a.example)", Chain), new("node 2 (b.example)", second)]
        );

    [Fact]
    public async Task EVM_16_large_payment_waits_for_a_second_node_and_a_small_one_does_not()
    {
        var (large, small) = (await PayAsync(Limit + 1), await PayAsync(Limit));
        _second.IsAway = true;
        await FinalAsync();
        (await StatusAsync(large)).ShouldBe("processing");
        (await StatusAsync(small)).ShouldBe("paid");
        World.Engine.Networks.Status(Id)!.Held.ShouldBe(1);

        _second.IsAway = false;
        await LaterAsync(Quorum.AskAgain);
        (await StatusAsync(large)).ShouldBe("paid");
        World.Engine.Networks.Status(Id)!.Held.ShouldBe(0);
        (await CreditedAsync()).ShouldBe((UInt128)((Limit + Limit + 1) * 10_000));
    }

    [Fact]
    public async Task EVM_16_transfer_that_only_one_node_tells_is_never_credited()
    {
        var large = await PayAsync(Limit + 1);
        _second.LeaveOut(Chain.Tip.Header.Ref.Height);
        await FinalAsync();
        for (var i = 0; i < 3; i++)
            await LaterAsync(Quorum.AskAgain);
        (await StatusAsync(large)).ShouldBe("processing");
        (await CreditedAsync()).ShouldBe((UInt128)0);
        World.Alerts.ShouldHaveSingleItem().ShouldContain("node 2 (b.example) disagrees");
    }

    [Fact]
    public async Task EVM_16_transfer_that_every_node_denies_again_was_never_there()
    {
        var large = await PayAsync(Limit + 1);
        Chain.LeaveOut(Chain.Tip.Header.Ref.Height);
        await FinalAsync();
        (await StatusAsync(large)).ShouldBe("processing", "a node may deny once what it has not got yet");
        await LaterAsync(Quorum.AskAgain);
        (await StatusAsync(large)).ShouldBe("pending");
        (await CreditedAsync()).ShouldBe((UInt128)0);
        World.Engine.Networks.Status(Id)!.Held.ShouldBe(0);
        (await World.EventsAsync(live: true)).ShouldBe(["payment.processing", "payment.reversed"]);
    }

    [Fact]
    public async Task EVM_16_transfer_that_is_told_again_after_it_was_denied_is_credited()
    {
        var large = await PayAsync(Limit + 1);
        Chain.LeaveOut(Chain.Tip.Header.Ref.Height);
        await FinalAsync();
        Chain.SpeakAgain();
        await LaterAsync(Quorum.AskAgain);
        (await StatusAsync(large)).ShouldBe("paid");
    }

    [Fact]
    public async Task EVM_16_final_block_that_another_node_replaced_credits_nothing()
    {
        var large = await PayAsync(Limit + 1);
        _second.Replace(Chain.Tip.Header.Ref.Height);
        await FinalAsync();
        (await StatusAsync(large)).ShouldBe("processing");
        World.Alerts.ShouldHaveSingleItem().ShouldContain("node 2 (b.example) disagrees");
    }

    [Fact]
    public async Task EVM_16_node_whose_final_block_is_older_has_not_agreed()
    {
        var large = await PayAsync(Limit + 1);
        _second.FinalLag = 6;
        await FinalAsync();
        (await StatusAsync(large)).ShouldBe("processing");
        _second.FinalLag = 0;
        await LaterAsync(Quorum.AskAgain);
        (await StatusAsync(large)).ShouldBe("paid");
        World.Alerts.ShouldBeEmpty("a node that is a little behind is nothing to tell");
    }

    [Fact]
    public async Task EVM_16_many_small_parts_are_one_large_payment()
    {
        var session = await SessionAsync(Limit + 1);
        Chain.Mine(Transfer(session.Address, Limit), Transfer(session.Address, 1));
        _second.IsAway = true;
        await FinalAsync();
        (await StatusAsync(session.Session)).ShouldBe("processing");
        (await CreditedAsync()).ShouldBe((UInt128)0);
    }

    [Fact]
    public async Task EVM_16_what_waits_still_waits_after_a_restart_and_the_operator_hears_of_it()
    {
        var large = await PayAsync(Limit + 1);
        _second.IsAway = true;
        await FinalAsync();
        await World.RestartAsync();
        await World.WatchAsync();
        (await StatusAsync(large)).ShouldBe("processing");
        await LaterAsync(TimeSpan.FromMinutes(3));
        World.Alerts.ShouldHaveSingleItem().ShouldContain("no answer yet from node 2 (b.example)");

        _second.IsAway = false;
        await LaterAsync(Quorum.AskAgain);
        (await StatusAsync(large)).ShouldBe("paid");
        (await CreditedAsync()).ShouldBe((UInt128)((Limit + 1) * 10_000));
    }

    [Fact]
    public async Task EVM_08_one_node_alone_does_not_take_a_payment_back()
    {
        var session = await PayAsync(2599);
        var ours = Chain.Tip.Header.Ref;
        (await StatusAsync(session)).ShouldBe("processing");
        // The node that is asked first moves to another branch, the second one stays on ours.
        var stays = new SimNode(Chain.Copy());
        await WithAsync(stays);
        Chain.Reorg(1, SimReorg.Drop, longerBy: 1);
        (await Should.ThrowAsync<NodeException>(() => World.WatchAsync())).Message.ShouldContain(ours.ToString());
        (await StatusAsync(session)).ShouldBe("processing");

        await WithAsync(_second);
        await World.WatchAsync();
        (await StatusAsync(session)).ShouldBe("pending");
        (await World.EventsAsync(true)).ShouldBe(["payment.processing", "payment.reversed"]);
    }

    [Fact]
    public async Task EVM_11_without_the_tag_many_confirmations_make_final()
    {
        var session = await PayAsync(2599);
        Chain.MineEmpty(38);
        await World.WatchAsync();
        (await StatusAsync(session)).ShouldBe("processing");
        Chain.MineEmpty(1);
        await World.WatchAsync();
        (await StatusAsync(session)).ShouldBe("paid");
    }

    [Fact]
    public async Task EVM_15_node_that_becomes_another_networks_halts_the_network_within_the_hour()
    {
        var session = await PayAsync(2599);
        Chain.SetWrongNetwork("The node answers for eip155:1.");
        await LaterAsync(TimeSpan.FromMinutes(59));
        World.Engine.Networks.Status(Id)!.Halted.ShouldBeNull();
        await LaterAsync(TimeSpan.FromMinutes(2));
        World.Engine.Networks.Status(Id)!.Halted.ShouldBe("The node answers for eip155:1.");
        await FinalAsync();
        (await StatusAsync(session)).ShouldBe("processing");
        World.Alerts.ShouldBe(["The node answers for eip155:1."]);
    }

    /// <summary>Starts the engine again with this node as the second one.</summary>
    private Task WithAsync(SimNode node)
    {
        World.Quorums = QuorumsOf(With(node));
        return World.RestartAsync();
    }
}
