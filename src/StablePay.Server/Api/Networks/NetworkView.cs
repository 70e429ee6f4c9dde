using StablePay.Engine.Acceptance;

namespace StablePay.Server.Api.Networks;

/// <summary>A network that payments can come in on.</summary>
public sealed record NetworkView
{
    /// <summary>The CAIP-2 id.</summary>
    public required string Id { get; init; }

    /// <summary>Always <c>network</c>.</summary>
    public string Object { get; } = "network";

    public required string Name { get; init; }

    /// <summary>What exchanges call its tokens: <c>ERC20</c>.</summary>
    public required string Standard { get; init; }

    public required bool Livemode { get; init; }

    /// <summary>The usual time between blocks, in seconds.</summary>
    public required double BlockTime { get; init; }

    public required FinalityView Finality { get; init; }

    /// <summary>What the store accepts before it is final, by rising amount; empty if nothing.</summary>
    public required IReadOnlyList<AcceptanceTierView> Acceptance { get; init; }

    public required IReadOnlyList<TokenView> Tokens { get; init; }

    /// <summary>How far the network is watched; null before its first block.</summary>
    public required WatcherView? Watcher { get; init; }
}

/// <summary>When a transfer counts as irreversible.</summary>
/// <param name="Rule"><c>depth</c>: after that many confirmations; <c>tag</c>: when the node's tag has reached it.</param>
/// <param name="Tag">The tag's name.</param>
/// <param name="Confirmations">Blocks needed, or with a tag the usual number.</param>
public sealed record FinalityView(string Rule, string? Tag, int Confirmations);

/// <summary>A coin on the network.</summary>
/// <param name="Token"><c>USDT</c> or <c>USDC</c>.</param>
/// <param name="Stopped">
/// Why no new payment may choose it: <c>paused</c> or <c>deprecated</c> by its issuer, <c>depegged</c> on the
/// market; null if it may.
/// </param>
/// <param name="Tolerated">
/// Coin cents that the store went without so far, because its tolerance took payments for paid that were short.
/// </param>
public sealed record TokenView(string Token, string Contract, int Decimals, string? Stopped, long Tolerated);

/// <summary>What the network's watcher last did.</summary>
public sealed record WatcherView
{
    public required long LastBlock { get; init; }

    public required long LastBlockTime { get; init; }

    /// <summary>When a node was last asked with success.</summary>
    public required long ReadAt { get; init; }

    /// <summary>Seconds that the last connected block is behind.</summary>
    public required long Lag { get; init; }

    /// <summary>Whether that is more than usual: payments are then seen late, and no session expires.</summary>
    public required bool IsBehind { get; init; }

    /// <summary>Whether crediting has stopped until a person looks.</summary>
    public required bool IsHalted { get; init; }

    /// <summary>Large transfers that are final and wait until enough nodes agree on them.</summary>
    public required int HeldTransfers { get; init; }
}
