namespace StablePay.Engine.Watching;

/// <summary>What a network's watcher has seen.</summary>
/// <param name="Height">The last block connected.</param>
/// <param name="ReadAt">When the node was last asked with success.</param>
/// <param name="Lag">How far the last connected block is behind the clock.</param>
/// <param name="IsBehind">Whether that is more than the network's usual.</param>
/// <param name="Halted">Why crediting stopped, a sentence for the operator; null when it has not.</param>
/// <param name="Held">Final transfers that wait until enough nodes agree on them.</param>
public sealed record WatchedNetwork(
    Network Network,
    long Height,
    Instant BlockTime,
    Instant ReadAt,
    TimeSpan Lag,
    bool IsBehind,
    string? Halted,
    int Held = 0
);
