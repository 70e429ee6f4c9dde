using StablePay.Chains;
using StablePay.Core.Networks;

namespace StablePay.Chains.Tests.Contract;

/// <summary>How blocks reach a follower.</summary>
public enum Delivery
{
    /// <summary>Each block as it comes.</summary>
    InOrder,

    /// <summary>Many blocks at once, at the end.</summary>
    Batched,

    /// <summary>Each block is asked about twice.</summary>
    Duplicated,

    /// <summary>Only every third block is noticed when it comes.</summary>
    Skipping,

    /// <summary>The newest blocks are taken back and read again, each time.</summary>
    Overlapping,
}

/// <summary>
/// Follows a chain as a watcher does, without a database: connects by parent hash, disconnects what left the chain.
/// </summary>
public sealed class Follower(IChain chain, IAddressFilter ours, Delivery delivery = Delivery.InOrder)
{
    private readonly List<(BlockHeader Block, BlockTransfers Found)> _blocks = [];

    public BlockHeader Tip => _blocks[^1].Block;

    /// <summary>What stands in the blocks that are connected now.</summary>
    public IEnumerable<(BlockHeader Block, ObservedTransfer Transfer)> Found =>
        _blocks.SelectMany(b => b.Found.Transfers.Select(t => (b.Block, t)));

    public async Task StartAsync()
    {
        var head = await chain.HeadAsync(default);
        var header =
            await chain.HeaderAtAsync(head, default) ?? throw new InvalidOperationException("no header at the head");
        _blocks.Add((header, BlockTransfers.None));
    }

    public async Task FollowAsync()
    {
        if (delivery == Delivery.Overlapping && _blocks.Count > 3)
            _blocks.RemoveRange(_blocks.Count - 2, 2);
        var head = await chain.HeadAsync(default);
        while (await StepAsync(head)) { }
    }

    private async Task<bool> StepAsync(long head)
    {
        if (Tip.Ref.Height < head && await chain.HeaderAfterAsync(Tip.Ref.Height, head, default) is { } next)
        {
            if (next.Parent != Tip.Ref)
                return Disconnect();
            var found = await chain.TransfersAsync(next, ours, default);
            if (delivery == Delivery.Duplicated)
                (await chain.TransfersAsync(next, ours, default)).Transfers.ShouldBe(found.Transfers);
            _blocks.Add((next, found));
            return true;
        }
        var same = await chain.HeaderAtAsync(Tip.Ref.Height, default);
        return same is not null && same.Ref.Hash != Tip.Ref.Hash && Disconnect();
    }

    private bool Disconnect()
    {
        _blocks.Count.ShouldBeGreaterThan(1, "the chain changed below the block at which the test began");
        _blocks.RemoveAt(_blocks.Count - 1);
        return true;
    }
}
