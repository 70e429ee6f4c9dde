namespace StablePay.Server.Options;

/// <summary>
/// A live network to take payments on, as <c>Networks:NAME:…</c>. Ethereum, BNB Smart Chain, TRON and Solana need
/// only their nodes; any further network of these families is described here.
/// </summary>
public sealed class NetworkOptions
{
    /// <summary>
    /// The CAIP-2 id: <c>eip155:1</c> (Ethereum), <c>eip155:56</c> (BNB Smart Chain), <c>tron:0x2b6653dc</c> (TRON),
    /// <c>solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp</c> (Solana), or another of these families.
    /// </summary>
    public string Id { get; set; } = "";

    /// <summary>
    /// Addresses of nodes, the preferred one first: JSON-RPC on EVM networks and Solana, the full node's HTTP API
    /// on TRON.
    /// </summary>
    public IList<string> Nodes { get; set; } = [];

    /// <summary>A file with one address per line, for addresses that hold a secret.</summary>
    public string NodesFile { get; set; } = "";

    /// <summary>TRON: a file with the key of a hosted gateway, sent as <c>TRON-PRO-API-KEY</c>.</summary>
    public string NodeKeyFile { get; set; } = "";

    /// <summary>As people know it; from the catalogue if empty.</summary>
    public string Name { get; set; } = "";

    /// <summary>What exchanges call its tokens, as <c>ERC20</c>.</summary>
    public string Standard { get; set; } = "";

    /// <summary>The usual time between blocks.</summary>
    [Within(0.1, 3_600)]
    public TimeSpan? BlockTime { get; set; }

    /// <summary>EVM: the node's finality tag; <c>finalized</c> unless a depth is given.</summary>
    public string FinalityTag { get; set; } = "";

    /// <summary>EVM: blocks until a transfer is final, its own included, for networks without a usable tag.</summary>
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
