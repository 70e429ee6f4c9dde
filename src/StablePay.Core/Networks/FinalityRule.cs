namespace StablePay.Core.Networks;

/// <summary>The network's rule after which a block is treated as irreversible.</summary>
public abstract record FinalityRule
{
    private FinalityRule() { }

    /// <summary>
    /// What a person counts up to: confirmations needed, or for a tag the usual number of blocks until it arrives.
    /// </summary>
    public abstract int Confirmations { get; }

    /// <summary>Final when this many blocks, its own included, stand in the chain we follow.</summary>
    public sealed record Depth(int Blocks) : FinalityRule
    {
        public override int Confirmations => Blocks;
    }

    /// <summary>
    /// Final when the node's own finality tag has reached it: <c>finalized</c> on EVM networks.
    /// <paramref name="UsualBlocks"/> is only for estimates.
    /// </summary>
    public sealed record Tag(string Name, int UsualBlocks) : FinalityRule
    {
        /// <summary>
        /// Blocks that make final without the tag, where the network has such a rule for times in which its fast
        /// finality is off: BSC's two thirds of the validators (EVM-11). Null where only the tag counts.
        /// </summary>
        public int? NaturalDepth { get; init; }

        public override int Confirmations => UsualBlocks;

        /// <summary>The highest final block, or null if there is none yet.</summary>
        /// <param name="tagged">The height of the node's tag, if it has one.</param>
        /// <param name="tip">The newest block of the chain that we follow.</param>
        public long? FinalHeight(long? tagged, long tip) =>
            NaturalDepth is { } depth && tip - depth + 1 > (tagged ?? 0) ? tip - depth + 1 : tagged;
    }
}
