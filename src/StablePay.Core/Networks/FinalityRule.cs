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
        public override int Confirmations => UsualBlocks;
    }
}
