namespace StablePay.Server.Options;

/// <summary>
/// A live EVM network to take payments on, as <c>Networks:NAME:…</c>. Ethereum (1) and BNB Smart Chain (56) need only
/// their nodes; any further EVM network is described here.
/// </summary>
public sealed class NetworkOptions
{
    /// <summary>The EIP-155 chain id.</summary>
    [Within(1, 9_007_199_254_740_991)]
    public long ChainId { get; set; }

    /// <summary>JSON-RPC addresses of nodes, the preferred one first.</summary>
    public IList<string> Nodes { get; set; } = [];

    /// <summary>A file with one JSON-RPC address per line, for addresses that hold a secret.</summary>
    public string NodesFile { get; set; } = "";

    /// <summary>As people know it; from the catalogue if empty.</summary>
    public string Name { get; set; } = "";

    /// <summary>What exchanges call its tokens, as <c>ERC20</c>.</summary>
    public string Standard { get; set; } = "";

    /// <summary>The usual time between blocks.</summary>
    [Within(0.1, 3_600)]
    public TimeSpan? BlockTime { get; set; }

    /// <summary>The node's finality tag; <c>finalized</c> unless a depth is given.</summary>
    public string FinalityTag { get; set; } = "";

    /// <summary>Blocks until a transfer is final, its own included, for networks without a usable tag.</summary>
    [Within(1, 100_000)]
    public int? FinalityDepth { get; set; }

    /// <summary>Tokens as <c>USDT 0x… 6</c>: asset, contract, decimals. From the catalogue if empty.</summary>
    public IList<string> Tokens { get; set; } = [];

    /// <summary>The explorer's address of a transaction, with <c>{0}</c> for its hash.</summary>
    public string TransactionUrl { get; set; } = "";

    /// <summary>What links to the explorer are called.</summary>
    public string ExplorerName { get; set; } = "";

    /// <summary>The genesis block's hash to insist on.</summary>
    public string GenesisHash { get; set; } = "";
}
