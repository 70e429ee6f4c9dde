namespace StablePay.Engine.Telemetry;

/// <summary>The last two looks at a node's head: what is new since the one before became visible after it.</summary>
/// <param name="Height">The head at the look before, or null before there was one.</param>
/// <param name="At">When that was, a timestamp of the clock.</param>
internal readonly record struct HeadSight(long? Height, long At, long Latest, long LatestAt)
{
    public HeadSight Next(long head, long at) =>
        LatestAt == 0 ? new HeadSight(null, 0, head, at) : new HeadSight(Latest, LatestAt, head, at);

    /// <summary>
    /// When a block can have become visible at the earliest; null for blocks that were there at the look before.
    /// </summary>
    public long? Before(long height) => Height is { } known && height > known ? At : null;
}
