namespace StablePay.Browser.Tests.Checkout;

/// <summary>The networks of the pages made by hand.</summary>
internal static class SampleNetworks
{
    public static readonly Network Ethereum = Evm(
        "eip155:1",
        "Ethereum",
        "ERC20",
        12,
        new FinalityRule.Depth(12),
        6,
        "Etherscan"
    );
    public static readonly Network Bsc = Evm(
        "eip155:56",
        "BNB Smart Chain",
        "BEP20",
        1,
        new FinalityRule.Tag("finalized", 5),
        18,
        "BscScan"
    );
    public static readonly Network Tron = new(
        new NetworkId("sandbox:tron"),
        ChainFamily.Sandbox,
        "TRON",
        "TRC20",
        TimeSpan.FromSeconds(3),
        new FinalityRule.Depth(20),
        [new Token(new NetworkId("sandbox:tron"), Asset.Usdt, "sandbox-usdt", 6)],
        null,
        null
    );

    public static readonly Network Solana = new(
        new NetworkId("solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp"),
        ChainFamily.Solana,
        "Solana",
        "SPL",
        TimeSpan.FromMilliseconds(400),
        new FinalityRule.Tag("finalized", 32),
        [
            new Token(
                new NetworkId("solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp"),
                Asset.Usdc,
                "EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v",
                6
            ),
        ],
        "https://solscan.example/tx/{0}",
        "Solscan"
    );

    private static Network Evm(
        string id,
        string name,
        string standard,
        int seconds,
        FinalityRule finality,
        int decimals,
        string explorer
    ) =>
        new(
            new NetworkId(id),
            ChainFamily.Evm,
            name,
            standard,
            TimeSpan.FromSeconds(seconds),
            finality,
            [
                new Token(new NetworkId(id), Asset.Usdt, "0xdAC17F958D2ee523a2206206994597C13D831ec7", decimals),
                new Token(new NetworkId(id), Asset.Usdc, "0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48", decimals),
            ],
            "https://etherscan.example/tx/{0}",
            explorer
        );
}
