namespace StablePay.Core.Networks;

/// <summary>Height and hash together. A height alone does not say which chain was meant.</summary>
public readonly record struct BlockRef(long Height, string Hash)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Height}:{Hash}");
}

/// <summary>
/// A block's own reference, its parent's, and the time it claims. Heights grow: by one on most networks; on Solana they
/// are slots, of which some are skipped.
/// </summary>
public sealed record BlockHeader(BlockRef Ref, BlockRef Parent, Instant Time);

/// <summary>
/// Where a watcher stands: the last block it has connected, recent ancestors to find a fork point with (newest first,
/// thinning out with age), the highest block it has treated as final, and the time of the last connected block.
/// </summary>
public sealed record BlockLocator(
    NetworkId Network,
    BlockRef Tip,
    Instant TipTime,
    long FinalHeight,
    IReadOnlyList<BlockRef> Ancestors
);
