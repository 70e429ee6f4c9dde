namespace StablePay.Chains;

/// <summary>
/// The catalogue of networks: one entry each. A further EVM network is one entry of configuration
/// (<see cref="NetworkConfig"/>) and needs none here.
/// </summary>
public static class Networks
{
    public static readonly Network Ethereum = new(
        new("eip155:1"),
        ChainFamily.Evm,
        "Ethereum",
        "ERC20",
        TimeSpan.FromSeconds(12),
        new FinalityRule.Tag("finalized", 64),
        Tokens.Ethereum,
        "https://etherscan.io/tx/{0}",
        "Etherscan"
    );

    public static readonly Network Bsc = new(
        new("eip155:56"),
        ChainFamily.Evm,
        "BNB Smart Chain",
        "BEP20",
        TimeSpan.FromMilliseconds(450),
        new FinalityRule.Tag("finalized", 4) { NaturalDepth = 240 },
        Tokens.Bsc,
        "https://bscscan.com/tx/{0}",
        "BscScan"
    );

    /// <summary>Final when solidified: 19 of the 27 producers have built on a block, about 57 s.</summary>
    public static readonly Network Tron = new(
        new("tron:0x2b6653dc"),
        ChainFamily.Tron,
        "TRON",
        "TRC20",
        TimeSpan.FromSeconds(3),
        new FinalityRule.Tag("solidified", 19),
        Tokens.Tron,
        "https://tronscan.org/#/transaction/{0}",
        "Tronscan"
    );

    /// <summary>
    /// Final when <c>finalized</c>: 31 slots have been built on a block's and rooted, about 13 s. The id is the
    /// beginning of the genesis hash (CAIP-2).
    /// </summary>
    public static readonly Network Solana = new(
        new("solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp"),
        ChainFamily.Solana,
        "Solana",
        "SPL",
        TimeSpan.FromMilliseconds(400),
        new FinalityRule.Tag("finalized", 32),
        Tokens.Solana,
        "https://solscan.io/tx/{0}",
        "Solscan"
    );

    /// <summary>Networks known by name; an operator gives them nodes and nothing else.</summary>
    public static IReadOnlyList<Network> Public { get; } = [Ethereum, Bsc, Tron, Solana];

    /// <summary>
    /// The sandbox: one network under each public network's name. TRON has no USDC, as its issuer left TRON.
    /// </summary>
    /// <param name="blockTime">Between two blocks; 100 ms to a minute.</param>
    /// <param name="confirmations">Blocks until final, a transfer's own included.</param>
    public static IReadOnlyList<Network> Sandbox(TimeSpan blockTime, int confirmations)
    {
        Network Of(string name, string title, string standard, IReadOnlyList<Token> tokens) =>
            new(
                new($"sandbox:{name}"),
                ChainFamily.Sandbox,
                title,
                standard,
                blockTime,
                new FinalityRule.Depth(confirmations),
                tokens,
                null,
                null
            );
        return
        [
            Of("tron", "TRON", "TRC20", Tokens.Sandbox(new("sandbox:tron"), 6, Asset.Usdt)),
            Of("ethereum", "Ethereum", "ERC20", Tokens.Sandbox(new("sandbox:ethereum"), 6, Asset.Usdt, Asset.Usdc)),
            Of("bsc", "BNB Smart Chain", "BEP20", Tokens.Sandbox(new("sandbox:bsc"), 18, Asset.Usdt, Asset.Usdc)),
            Of("solana", "Solana", "SPL", Tokens.Sandbox(new("sandbox:solana"), 6, Asset.Usdt, Asset.Usdc)),
        ];
    }
}
