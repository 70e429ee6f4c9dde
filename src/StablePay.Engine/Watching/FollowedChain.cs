namespace StablePay.Engine.Watching;

/// <summary>
/// The part of a chain that a watcher holds in memory: every block from the last final one to the tip, and the older
/// ancestors that its locator brought along. It only keeps the books of what was connected.
/// </summary>
public sealed class FollowedChain
{
    /// <summary>Ancestors written with the cursor: the newest ones each, then at doubling distances.</summary>
    private const int DenseAncestors = 16;

    private readonly NetworkId _network;
    private List<BlockRef> _blocks; // oldest first; the last one is the tip

    private FollowedChain(NetworkId network, List<BlockRef> blocks, Instant tipTime, long finalHeight) =>
        (_network, _blocks, TipTime, FinalHeight) = (network, blocks, tipTime, finalHeight);

    public BlockRef Tip => _blocks[^1];

    public Instant TipTime { get; private set; }

    /// <summary>Every block up to this height has been made final.</summary>
    public long FinalHeight { get; private set; }

    /// <summary>The tip and its known ancestors, newest first.</summary>
    public IEnumerable<BlockRef> Ancestors => Enumerable.Reverse(_blocks);

    /// <summary>Begins at a final block: nothing older concerns us.</summary>
    public static FollowedChain Begin(NetworkId network, BlockHeader head) =>
        new(network, [head.Ref], head.Time, head.Ref.Height);

    public static FollowedChain Resume(BlockLocator locator) =>
        new(locator.Network, [.. locator.Ancestors.Reverse(), locator.Tip], locator.TipTime, locator.FinalHeight);

    /// <summary>Replaces the thinned blocks above the final one by all of them, newest first, tip included.</summary>
    public void Fill(IReadOnlyList<BlockRef> newestFirst)
    {
        if (newestFirst.Count == 0)
            return;
        Invariant.Holds(newestFirst[0] == Tip, "the filled blocks end at the tip");
        _blocks.RemoveAll(b => b.Height >= newestFirst[^1].Height);
        _blocks.AddRange(newestFirst.Reverse());
    }

    public void Connect(BlockHeader block)
    {
        Invariant.Holds(block.Parent == Tip && block.Ref.Height > Tip.Height, "blocks connect to the tip (W2)");
        _blocks.Add(block.Ref);
        TipTime = block.Time;
    }

    public void DisconnectTo(BlockHeader fork)
    {
        Invariant.Holds(fork.Ref.Height >= FinalHeight, "final blocks are not disconnected (T8)");
        _blocks.RemoveAll(b => b.Height > fork.Ref.Height);
        Invariant.Holds(Tip == fork.Ref, "the fork point is one of our blocks");
        TipTime = fork.Time;
    }

    public void Finalize(long height)
    {
        Invariant.Holds(height <= Tip.Height && height >= FinalHeight, "finality moves forward, up to the tip");
        FinalHeight = height;
        // Blocks below the final one are kept thinly, to recognise a chain that changed where it must not.
        var keep = _blocks.FindLastIndex(b => b.Height <= height - DenseAncestors);
        if (keep > 0)
            _blocks.RemoveRange(0, keep);
    }

    /// <summary>The hash of our block at a height, if it is in memory.</summary>
    public string? HashAt(long height)
    {
        var i = _blocks.FindLastIndex(b => b.Height == height);
        return i < 0 ? null : _blocks[i].Hash;
    }

    /// <summary>Blocks above the final one, up to a height.</summary>
    public IReadOnlyList<BlockRef> Unscanned(long height) =>
        [.. _blocks.Where(b => b.Height > FinalHeight && b.Height <= height)];

    public BlockLocator ToLocator()
    {
        var ancestors = new List<BlockRef>();
        for (int back = 1, step = 1; back < _blocks.Count; back += step)
        {
            ancestors.Add(_blocks[^(back + 1)]);
            if (back >= DenseAncestors)
                step *= 2;
        }
        return new BlockLocator(_network, Tip, TipTime, FinalHeight, ancestors);
    }

    /// <summary>Moves and writes it; what could not be written has not moved either.</summary>
    public async Task<bool> MoveAsync(Action move, Func<Task<bool>> write)
    {
        var (blocks, tipTime, finalHeight) = (_blocks.ToList(), TipTime, FinalHeight);
        move();
        try
        {
            return await write();
        }
        catch
        {
            (_blocks, TipTime, FinalHeight) = (blocks, tipTime, finalHeight);
            throw;
        }
    }
}
