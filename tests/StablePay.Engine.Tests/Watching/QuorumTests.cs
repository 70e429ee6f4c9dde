using StablePay.Chains;
using StablePay.Engine.Checkout;
using StablePay.Engine.Watching;

namespace StablePay.Engine.Tests.Watching;

/// <summary>
/// Payments on a network with several nodes, through the production engine. The chain and its nodes are simulated.
/// </summary>
public sealed class QuorumTests : IAsyncLifetime
{
    private const string Payer = "0x1111111111111111111111111111111111111111";
    private const long Limit = 100_000;

    private static readonly NetworkId Id = new("eip155:31337");
    private static readonly Token Usdt = new(Id, Asset.Usdt, "0xdAC17F958D2ee523a2206206994597C13D831ec7", 6);
    private static readonly DateTimeOffset Start = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    private static readonly Network Net = new(
        Id,
        ChainFamily.Evm,
        "Test network",
        "ERC20",
        TimeSpan.FromSeconds(12),
        new FinalityRule.Tag("finalized", 64) { NaturalDepth = 40 },
        [Usdt],
        null,
        null
    );

    private readonly SimChain _chain = new(Net, Instant.From(Start));
    private readonly SimNode _second;
    private PaymentWorld _world = null!;

    public QuorumTests() => _second = new SimNode(_chain);

    public async ValueTask InitializeAsync()
    {
        _chain.MineEmpty(3);
        _chain.Finalize(1);
        var quorum = new Quorum(
            new QuorumRule(Coverage.FromCents(Limit), 2),
            [new("node 1 (a.example)", _chain), new("node 2 (b.example)", _second)]
        );
        _world = await PaymentWorld.StartAsync(
            new WorldOptions((_, _, _) => [_chain])
            {
                Start = Start,
                Quorums = new Dictionary<NetworkId, Quorum> { [Id] = quorum },
            }
        );
        await _world.WatchAsync();
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task EVM_16_large_payment_waits_for_a_second_node_and_a_small_one_does_not()
    {
        var (large, small) = (await PayAsync(Limit + 1), await PayAsync(Limit));
        _second.IsAway = true;
        await FinalAsync();
        (await StatusAsync(large)).ShouldBe("processing");
        (await StatusAsync(small)).ShouldBe("paid");
        _world.Engine.Networks.Status(Id)!.Held.ShouldBe(1);

        _second.IsAway = false;
        await LaterAsync(Quorum.AskAgain);
        (await StatusAsync(large)).ShouldBe("paid");
        _world.Engine.Networks.Status(Id)!.Held.ShouldBe(0);
        (await CreditedAsync()).ShouldBe((UInt128)((Limit + Limit + 1) * 10_000));
    }

    [Fact]
    public async Task EVM_16_transfer_that_only_one_node_tells_is_never_credited()
    {
        var large = await PayAsync(Limit + 1);
        _second.LeaveOut(_chain.Tip.Header.Ref.Height);
        await FinalAsync();
        for (var i = 0; i < 3; i++)
            await LaterAsync(Quorum.AskAgain);
        (await StatusAsync(large)).ShouldBe("processing");
        (await CreditedAsync()).ShouldBe((UInt128)0);
        _world.Alerts.ShouldHaveSingleItem().ShouldContain("node 2 (b.example) disagrees");
    }

    [Fact]
    public async Task EVM_16_final_block_that_another_node_replaced_credits_nothing()
    {
        var large = await PayAsync(Limit + 1);
        _second.Replace(_chain.Tip.Header.Ref.Height);
        await FinalAsync();
        (await StatusAsync(large)).ShouldBe("processing");
        _world.Alerts.ShouldHaveSingleItem().ShouldContain("node 2 (b.example) disagrees");
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
        _world.Alerts.ShouldBeEmpty("a node that is a little behind is nothing to tell");
    }

    [Fact]
    public async Task EVM_16_many_small_parts_are_one_large_payment()
    {
        var session = await SessionAsync(Limit + 1);
        _chain.Mine(Transfer(session.Address, Limit), Transfer(session.Address, 1));
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
        await _world.RestartAsync();
        await _world.WatchAsync();
        (await StatusAsync(large)).ShouldBe("processing");
        await LaterAsync(TimeSpan.FromMinutes(3));
        _world.Alerts.ShouldHaveSingleItem().ShouldContain("no answer yet from node 2 (b.example)");

        _second.IsAway = false;
        await LaterAsync(Quorum.AskAgain);
        (await StatusAsync(large)).ShouldBe("paid");
        (await CreditedAsync()).ShouldBe((UInt128)((Limit + 1) * 10_000));
    }

    [Fact]
    public async Task EVM_08_one_node_alone_does_not_take_a_payment_back()
    {
        var session = await PayAsync(2599);
        var ours = _chain.Tip.Header.Ref;
        (await StatusAsync(session)).ShouldBe("processing");
        // The node that is asked first moves to another branch, the second one stays on ours.
        var stays = new SimNode(_chain.Copy());
        await WithAsync(stays);
        _chain.Reorg(1, SimReorg.Drop, longerBy: 1);
        (await Should.ThrowAsync<NodeException>(() => _world.WatchAsync())).Message.ShouldContain(ours.ToString());
        (await StatusAsync(session)).ShouldBe("processing");

        await WithAsync(_second);
        await _world.WatchAsync();
        (await StatusAsync(session)).ShouldBe("pending");
        (await _world.EventsAsync(true)).ShouldBe(["payment.processing", "payment.reversed"]);
    }

    [Fact]
    public async Task EVM_11_without_the_tag_many_confirmations_make_final()
    {
        var session = await PayAsync(2599);
        _chain.MineEmpty(38);
        await _world.WatchAsync();
        (await StatusAsync(session)).ShouldBe("processing");
        _chain.MineEmpty(1);
        await _world.WatchAsync();
        (await StatusAsync(session)).ShouldBe("paid");
    }

    [Fact]
    public async Task EVM_15_node_that_becomes_another_networks_halts_the_network_within_the_hour()
    {
        var session = await PayAsync(2599);
        _chain.SetWrongNetwork("The node answers for eip155:1.");
        await LaterAsync(TimeSpan.FromMinutes(59));
        _world.Engine.Networks.Status(Id)!.Halted.ShouldBeNull();
        await LaterAsync(TimeSpan.FromMinutes(2));
        _world.Engine.Networks.Status(Id)!.Halted.ShouldBe("The node answers for eip155:1.");
        await FinalAsync();
        (await StatusAsync(session)).ShouldBe("processing");
        _world.Alerts.ShouldBe(["The node answers for eip155:1."]);
    }

    /// <summary>Starts the engine again with this node as the second one.</summary>
    private async Task WithAsync(SimNode node)
    {
        _world.Quorums = new Dictionary<NetworkId, Quorum>
        {
            [Id] = new(
                new QuorumRule(Coverage.FromCents(Limit), 2),
                [new("node 1 (a.example)", _chain), new("node 2 (b.example)", node)]
            ),
        };
        await _world.RestartAsync();
    }

    private async Task<(SessionView Session, string Address)> SessionAsync(long cents)
    {
        var session = await _world.OpenSessionAsync(cents, live: true, TimeSpan.FromHours(3));
        return (session, (await _world.ChooseAsync(session, Id, Asset.Usdt)).Chosen!.Address);
    }

    /// <summary>A session, paid in full in the newest block.</summary>
    private async Task<SessionView> PayAsync(long cents)
    {
        var (session, address) = await SessionAsync(cents);
        _chain.Mine(Transfer(address, cents));
        await _world.WatchAsync();
        return session;
    }

    private static SimTransfer Transfer(string to, long cents) => new(Usdt, (UInt128)cents * 10_000, to, Payer);

    /// <summary>Everything so far becomes final at the node that is asked first.</summary>
    private async Task FinalAsync()
    {
        _chain.MineEmpty(5);
        _chain.Finalize(_chain.Tip.Header.Ref.Height);
        await _world.WatchAsync();
    }

    private async Task LaterAsync(TimeSpan time)
    {
        _world.Clock.Advance(time);
        await _world.WatchAsync();
    }

    private async Task<string> StatusAsync(SessionView session) => (await _world.ReadAsync(session)).PaymentStatus;

    private async Task<UInt128> CreditedAsync() =>
        (
            await _world.Database.Ledger.BalanceAsync(
                Core.Ledger.LedgerAccount.StoreBalance(_world.Store.Store.Id),
                Usdt,
                CancellationToken.None
            )
        ).Credits;
}
