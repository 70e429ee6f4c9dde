namespace StablePay.Chains;

/// <summary>
/// The pinned tokens, one line each (contract section 9). Decimals are pinned too: what a chain reports is compared
/// with them and never adapted to (TOK-16).
/// </summary>
public static class Tokens
{
    public static IReadOnlyList<Token> Ethereum { get; } =
    [
        new(new("eip155:1"), Asset.Usdt, "0xdAC17F958D2ee523a2206206994597C13D831ec7", 6),
        new(new("eip155:1"), Asset.Usdc, "0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48", 6),
    ];

    public static IReadOnlyList<Token> Bsc { get; } =
    [
        new(new("eip155:56"), Asset.Usdt, "0x55d398326f99059fF775485246999027B3197955", 18),
        new(new("eip155:56"), Asset.Usdc, "0x8AC76a51cc950d9822D68b83fE1Ad97B32Cd580d", 18),
    ];

    /// <summary>The issuer of USDC left TRON, so it is no token of the catalogue there (contract section 9).</summary>
    public static IReadOnlyList<Token> Tron { get; } =
    [new(new("tron:0x2b6653dc"), Asset.Usdt, "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t", 6)];

    /// <summary>Mints of the Token program; the bridged USDT of Wormhole is another asset (TOK-20).</summary>
    public static IReadOnlyList<Token> Solana { get; } =
    [
        new(
            new("solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp"),
            Asset.Usdt,
            "Es9vMFrzaCERmJfrF4H2FYD4KCoNkY11McCe8BenwNYB",
            6
        ),
        new(
            new("solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp"),
            Asset.Usdc,
            "EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v",
            6
        ),
    ];

    /// <summary>The sandbox's tokens have the decimals that the public network's tokens have.</summary>
    public static IReadOnlyList<Token> Sandbox(NetworkId network, int decimals, params ReadOnlySpan<Asset> assets)
    {
        var tokens = new List<Token>();
        foreach (var asset in assets)
            tokens.Add(new Token(network, asset, $"{network}:{asset.Code.ToLowerInvariant()}", decimals));
        return tokens;
    }
}
