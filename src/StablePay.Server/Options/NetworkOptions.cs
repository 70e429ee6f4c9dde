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

    /// <summary>
    /// EVM: blocks that make a transfer final when the finality tag does not come; 240 on BNB Smart Chain.
    /// </summary>
    [Within(1, 100_000)]
    public int? NaturalFinalityDepth { get; set; }

    /// <summary>
    /// Payments of more than this many coins are credited only when <c>QuorumNodes</c> nodes, each asked alone, have
    /// the same final block and transfer; 1,000 when two or more nodes are configured. With one node everything is
    /// credited on its word.
    /// </summary>
    [Within(0, 1_000_000_000)]
    public long? QuorumAbove { get; set; }

    /// <summary>How many nodes must agree on a large payment; 2 if not set. Nodes that fail never lower it.</summary>
    [Within(2, 16)]
    public int? QuorumNodes { get; set; }

    /// <summary>
    /// EVM: recompute each block's hash from its header, and the receipts' root of every block that holds a payment,
    /// so that a node would have to forge the whole chain. Costs one more question for each such block.
    /// </summary>
    public bool Verified { get; set; }

    /// <summary>
    /// Tokens as <c>USDT 0x… 6</c>: asset, contract, decimals. From the catalogue if empty; otherwise these alone, so
    /// one more is added by naming all. TRON's catalogue has USDT only: the issuer of USDC left TRON in 2024 and takes
    /// back none that is there, so nobody stands behind it. Who takes it all the same writes
    /// <c>USDT TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t 6,USDC T… 6</c>.
    /// </summary>
    public IList<string> Tokens { get; set; } = [];

    /// <summary>The explorer's address of a transaction, with <c>{0}</c> for its hash.</summary>
    public string TransactionUrl { get; set; } = "";

    /// <summary>What links to the explorer are called.</summary>
    public string ExplorerName { get; set; } = "";

    /// <summary>The genesis block's hash to insist on.</summary>
    public string GenesisHash { get; set; } = "";
}
