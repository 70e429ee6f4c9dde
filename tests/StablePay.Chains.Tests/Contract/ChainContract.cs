using StablePay.Chains;
using StablePay.Core.Networks;

namespace StablePay.Chains.Tests.Contract;

/// <summary>What every implementation of <see cref="IChain"/> promises, whatever is behind it.</summary>
public abstract class ChainContract
{
    protected abstract Task<ChainRig> OpenAsync();

    [Theory]
    [InlineData(Delivery.InOrder)]
    [InlineData(Delivery.Batched)]
    [InlineData(Delivery.Duplicated)]
    [InlineData(Delivery.Skipping)]
    [InlineData(Delivery.Overlapping)]
    public async Task Payments_are_found_once_however_blocks_are_delivered(Delivery delivery)
    {
        await using var rig = await OpenAsync();
        var addresses = Enumerable.Range(0, 3).Select(rig.AddressOf).ToList();
        var follower = new Follower(rig.Chain, new Ours(rig.Chain, addresses), delivery);
        await follower.StartAsync();
        var expected = new List<string>();
        for (var i = 0; i < 10; i++)
        {
            var payments = Enumerable
                .Range(0, (i % 3) + 1)
                .Select(k => new Payment(rig.TokenOf(i), (UInt128)(1_000 + (10 * i) + k), addresses[(i + k) % 3]))
                .ToList();
            var hash = await rig.PayAsync(payments);
            expected.AddRange(
                rig.Told(payments)
                    .Select(t => $"{hash} {t.Position} {t.Payment.Token} {t.Payment.Atoms} {t.Payment.To}")
            );
            await rig.MineAsync();
            if (delivery is not Delivery.Batched && (delivery is not Delivery.Skipping || i % 3 == 2))
                await follower.FollowAsync();
        }
        await rig.MineAsync(3);
        await follower.FollowAsync();

        follower
            .Found.Select(f => Text(f.Transfer))
            .ShouldBe(expected, ignoreOrder: delivery is Delivery.Batched || !rig.TellsInOrder);
        follower.Tip.Ref.Height.ShouldBe(await rig.Chain.HeadAsync(default));
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(1, false)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    [InlineData(4, true)]
    [InlineData(5, false)]
    public async Task Reorganisation_told_by_the_tip_alone_takes_payments_back_or_moves_them(int depth, bool drop)
    {
        await using var rig = await OpenAsync();
        var follower = new Follower(rig.Chain, new Ours(rig.Chain, rig.AddressOf(0)));
        await rig.MineAsync(2);
        await follower.StartAsync();
        Payment[] payments =
        [
            new(rig.TokenOf(0), 41_440_001, rig.AddressOf(0)),
            new(rig.TokenOf(0), 7, rig.AddressOf(0)),
        ];
        var hash = await rig.PayAsync(payments);
        await rig.MineAsync();
        await rig.MineAsync(depth - 1);
        await follower.FollowAsync();
        var before = follower.Found.ToList();
        before.Select(f => f.Transfer.Position).ShouldBe(rig.Told(payments).Select(t => t.Position));
        var height = follower.Tip.Ref.Height;

        await rig.ReorgAsync(depth, drop);
        await follower.FollowAsync();

        follower.Tip.Ref.Height.ShouldBe(height);
        if (drop)
        {
            follower.Found.ShouldBeEmpty();
            return;
        }
        follower.Found.Select(f => f.Transfer).ShouldBe(before.Select(f => f.Transfer));
        follower.Found.ShouldAllBe(f =>
            f.Transfer.TransactionHash == hash && f.Block.Ref.Hash != before[0].Block.Ref.Hash
        );
    }

    [Fact]
    public async Task Block_that_left_the_chain_is_never_answered_as_empty()
    {
        await using var rig = await OpenAsync();
        var ours = new Ours(rig.Chain, rig.AddressOf(0));
        var follower = new Follower(rig.Chain, ours);
        await follower.StartAsync();
        await rig.PayAsync(new Payment(rig.TokenOf(0), 5_000_000, rig.AddressOf(0)));
        await rig.MineAsync();
        await follower.FollowAsync();
        var (block, transfer) = follower.Found.ShouldHaveSingleItem();
        await rig.ReorgAsync(1, drop: true);

        foreach (var chain in new[] { rig.Chain, rig.Another() })
            (await AnswerOrFaultAsync(chain, block, ours) ?? Text(transfer)).ShouldBe(Text(transfer));
    }

    [Fact]
    public async Task Node_behind_its_own_past_answers_with_a_fault_and_not_with_nothing()
    {
        await using var rig = await OpenAsync();
        var ours = new Ours(rig.Chain, rig.AddressOf(0));
        var follower = new Follower(rig.Chain, ours);
        await follower.StartAsync();
        await rig.PayAsync(new Payment(rig.TokenOf(0), 5_000_000, rig.AddressOf(0)));
        await rig.MineAsync();
        await follower.FollowAsync();
        var (block, transfer) = follower.Found.ShouldHaveSingleItem();
        Assert.SkipUnless(rig.TryLag(1), "there is no node that could lag");

        (await rig.Chain.HeadAsync(default)).ShouldBe(block.Parent.Height);
        (await rig.Chain.HeaderAtAsync(block.Ref.Height, default)).ShouldBeNull();
        (await AnswerOrFaultAsync(rig.Chain, block, ours)).ShouldBeNull();
        await follower.FollowAsync();
        follower.Tip.ShouldBe(block, "a node that lags proves no reorganisation");

        rig.TryLag(0);
        (await AnswerOrFaultAsync(rig.Chain, block, ours)).ShouldBe(Text(transfer));
    }

    [Fact]
    public async Task Headers_connect_by_parent_hash_and_end_at_the_head()
    {
        await using var rig = await OpenAsync();
        await rig.MineAsync(5);
        var head = await rig.Chain.HeadAsync(default);
        var header = (await rig.Chain.HeaderAtAsync(head, default)).ShouldNotBeNull();
        for (var i = 0; i < 4; i++)
        {
            header.Ref.Height.ShouldBeGreaterThan(header.Parent.Height);
            var below = (await rig.Chain.HeaderAtAsync(header.Parent.Height, default)).ShouldNotBeNull();
            below.Ref.ShouldBe(header.Parent);
            header.Time.ShouldBeGreaterThanOrEqualTo(below.Time);
            (await rig.Chain.HeaderAfterAsync(below.Ref.Height, head, default)).ShouldBe(header);
            (await rig.Another().HeaderAtAsync(header.Ref.Height, default)).ShouldBe(header);
            for (var skipped = below.Ref.Height + 1; skipped < header.Ref.Height; skipped++)
                (await rig.Chain.HeaderAtAsync(skipped, default)).ShouldBeNull();
            header = below;
        }
        (await rig.Chain.HeaderAtAsync(head + 1, default)).ShouldBeNull();
        (await rig.Chain.HeaderAfterAsync(head, head, default)).ShouldBeNull();
    }

    [Fact]
    public async Task Payments_to_others_and_reverted_ones_are_not_found()
    {
        await using var rig = await OpenAsync();
        var follower = new Follower(rig.Chain, new Ours(rig.Chain, rig.AddressOf(0)));
        await follower.StartAsync();
        await rig.PayAsync(new Payment(rig.TokenOf(0), 1_000_000, rig.AddressOf(1)));
        await rig.PayAsync(reverted: true, new Payment(rig.TokenOf(0), 2_000_000, rig.AddressOf(0)));
        var hash = await rig.PayAsync(new Payment(rig.TokenOf(0), 3_000_000, rig.AddressOf(0)));
        await rig.MineAsync(2);
        await follower.FollowAsync();
        follower.Found.ShouldHaveSingleItem().Transfer.TransactionHash.ShouldBe(hash);
    }

    [Fact]
    public async Task Movement_of_nothing_is_reported_as_such()
    {
        await using var rig = await OpenAsync();
        var follower = new Follower(rig.Chain, new Ours(rig.Chain, rig.AddressOf(0)));
        await follower.StartAsync();
        await rig.PayAsync(new Payment(rig.TokenOf(0), 0, rig.AddressOf(0)));
        await rig.MineAsync(2);
        await follower.FollowAsync();
        follower.Found.ShouldHaveSingleItem().Transfer.Amount.Atoms.ShouldBe(UInt128.Zero);
    }

    [Fact]
    public async Task Address_has_one_display_form()
    {
        await using var rig = await OpenAsync();
        var address = rig.AddressOf(0);
        rig.Chain.TryReadAddress(address, out var raw).ShouldBeTrue();
        raw.ShouldNotBeEmpty();
        foreach (
            var other in new[]
            {
                "",
                address.ToUpperInvariant(),
                address + "0",
                rig.HasChecksum ? address[..^1] : address[..^13],
                " " + address,
                "0x" + address,
            }
        )
            rig.Chain.TryReadAddress(other, out _).ShouldBeFalse(other);
    }

    [Fact]
    public async Task Probe_accepts_the_network_that_is_configured()
    {
        await using var rig = await OpenAsync();
        await rig.Chain.ProbeAsync(default);
    }

    protected static string Text(ObservedTransfer t) =>
        $"{t.TransactionHash} {t.Position} {t.Token} {t.Amount.Atoms} {t.To}";

    /// <summary>The transfers in words, or null where the node is at fault.</summary>
    private static async Task<string?> AnswerOrFaultAsync(IChain chain, BlockHeader block, IAddressFilter ours)
    {
        try
        {
            return string.Join(' ', (await chain.TransfersAsync(block, ours, default)).Transfers.Select(Text));
        }
        catch (NodeException)
        {
            return null;
        }
    }
}
