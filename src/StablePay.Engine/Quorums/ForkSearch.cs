using StablePay.Chains;
using StablePay.Engine.Watching;

namespace StablePay.Engine.Quorums;

/// <summary>Finds where our chain and the node's part, and whether enough nodes have left ours.</summary>
internal sealed class ForkSearch(IChain chain, Quorum quorum)
{
    /// <summary>
    /// The highest block of ours that the node has too; null if only blocks below the final one are common.
    /// </summary>
    /// <exception cref="NodeException">
    /// Several nodes are configured, and fewer than two have left our branch: it is kept (EVM-08).
    /// </exception>
    public async Task<BlockHeader?> FindAsync(FollowedChain followed, CancellationToken ct)
    {
        if (await PointAsync(followed, ct) is not { } fork)
            return null;
        if (quorum.HasSeveral)
            await SecondAsync(fork.Ref, followed.Ancestors.Last(b => b.Height > fork.Ref.Height), ct);
        return fork;
    }

    private async Task<BlockHeader?> PointAsync(FollowedChain followed, CancellationToken ct)
    {
        foreach (var ours in followed.Ancestors)
        {
            if (ours.Height < followed.FinalHeight)
                return null;
            var theirs = await chain.HeaderAtAsync(ours.Height, ct);
            if (theirs is not null && theirs.Ref.Hash == ours.Hash)
                return theirs;
        }
        return null;
    }

    private async Task SecondAsync(BlockRef fork, BlockRef left, CancellationToken ct)
    {
        if (await quorum.CountOthersAsync(fork, left, ct) >= 2)
            return;
        chain.Doubt();
        throw new NodeException(NodeFault.Lagging, $"fewer than two nodes have another block than {left}; it is kept");
    }
}
