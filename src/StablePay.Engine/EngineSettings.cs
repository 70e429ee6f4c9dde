using StablePay.Chains;
using StablePay.Engine.Rates.Pegs;

namespace StablePay.Engine;

/// <summary>What the host hands over: checked values, no SQL and no chain types.</summary>
public sealed record EngineSettings
{
    /// <summary><c>sqlite</c> or <c>postgres</c>.</summary>
    public required string DatabaseProvider { get; init; }

    /// <summary>The file of SQLite, or PostgreSQL's connection string.</summary>
    public required string DatabaseConnection { get; init; }

    /// <summary>Where payers and merchants reach this instance, without a slash at the end.</summary>
    public required string PublicUrl { get; init; }

    public required KeySettings Keys { get; init; }

    /// <summary>
    /// The file that remembers the highest address index ever reserved; beside the vault, not in the database.
    /// </summary>
    public required string HighWaterPath { get; init; }

    /// <summary>Null switches test mode's networks off.</summary>
    public SandboxSettings? Sandbox { get; init; }
    public IReadOnlyList<NetworkSettings> Networks { get; init; } = [];

    /// <summary>Ports beside 443 and 8443 that webhooks may go to.</summary>
    public IReadOnlyList<int> ExtraWebhookPorts { get; init; } = [];

    /// <summary>Lets test-mode deliveries, and only those, reach the loopback address.</summary>
    public bool AllowLoopbackForTestMode { get; init; }

    /// <summary>Whether rates are read from the network. Without, live mode takes US dollars only.</summary>
    public bool ReadRates { get; init; } = true;

    /// <summary>When a coin is worth too little, and what happens then.</summary>
    public PegPolicy Peg { get; init; } = PegPolicy.Default;

    /// <summary>From one comparison of books and chains to the next.</summary>
    public TimeSpan ReconcileEvery { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Takes a sentence on work that goes on, for the log.</summary>
    public Action<string> Note { get; init; } = _ => { };
}

/// <summary>Where the seed and the data key are, and what opens them.</summary>
/// <param name="MemoryKib">Argon2id memory of a vault that is created now, in KiB; an existing one keeps its own.</param>
public sealed record KeySettings(string VaultPath, string Passphrase, int MemoryKib, int Passes)
{
    /// <summary>
    /// An extended public key to derive EVM addresses from instead of the vault's own, so that the seed can live
    /// elsewhere.
    /// </summary>
    public string? AccountKey { get; init; }

    /// <summary>The same for TRON's addresses.</summary>
    public string? TronAccountKey { get; init; }

    /// <summary>
    /// A file with Solana's addresses, one to a line, made where the seed is: they cannot be derived from a public key.
    /// </summary>
    public string? SolanaAddressFile { get; init; }

    /// <summary>Never the passphrase.</summary>
    public override string ToString() => "***";
}

/// <param name="BlockTime">Between two sandbox blocks.</param>
/// <param name="Confirmations">Blocks until final, a transfer's own included.</param>
public sealed record SandboxSettings(TimeSpan BlockTime, int Confirmations);

/// <summary>A live network: its nodes, and what the catalogue does not know of it.</summary>
/// <param name="Id">CAIP-2, as <c>eip155:1</c>, <c>tron:0x2b6653dc</c> or <c>solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp</c>.</param>
public sealed record NetworkSettings(string Id, IReadOnlyList<Uri> Nodes)
{
    public string? Name { get; init; }
    public string? Standard { get; init; }
    public TimeSpan? BlockTime { get; init; }
    public string? FinalityTag { get; init; }
    public int? FinalityDepth { get; init; }

    /// <summary>Asset, contract and decimals of each token.</summary>
    public IReadOnlyList<(string Asset, string Contract, int Decimals)> Tokens { get; init; } = [];
    public string? TransactionUrl { get; init; }
    public string? ExplorerName { get; init; }
    public string? GenesisHash { get; init; }

    /// <inheritdoc cref="NetworkConfig.QuorumAbove"/>
    public long? QuorumAbove { get; init; }

    /// <inheritdoc cref="NetworkConfig.QuorumNodes"/>
    public int? QuorumNodes { get; init; }

    /// <inheritdoc cref="NetworkConfig.Verified"/>
    public bool Verified { get; init; }

    /// <inheritdoc cref="NetworkConfig.NaturalFinalityDepth"/>
    public int? NaturalFinalityDepth { get; init; }

    /// <summary>The key of a hosted TRON gateway, a secret.</summary>
    public string? NodeKey { get; init; }

    /// <summary>Never the key, nor the nodes' addresses, which may hold one.</summary>
    public override string ToString() => Id;

    /// <summary>What is wrong with these settings, a sentence each; empty if nothing is.</summary>
    public IReadOnlyList<string> Mistakes()
    {
        var mistakes = new List<string>();
        ToConfig().ToNetwork(mistakes);
        return mistakes;
    }

    internal NetworkConfig ToConfig() =>
        new(new NetworkId(Id), Nodes)
        {
            Name = Name,
            Standard = Standard,
            BlockTime = BlockTime,
            FinalityTag = FinalityTag,
            FinalityDepth = FinalityDepth,
            Tokens = [.. Tokens.Select(t => new TokenConfig(t.Asset, t.Contract, t.Decimals))],
            TransactionUrl = TransactionUrl,
            ExplorerName = ExplorerName,
            GenesisHash = GenesisHash,
            QuorumAbove = QuorumAbove,
            QuorumNodes = QuorumNodes,
            Verified = Verified,
            NaturalFinalityDepth = NaturalFinalityDepth,
            NodeKey = NodeKey,
        };
}

/// <summary>The engine does not start, with a sentence for the operator.</summary>
public sealed class EngineRefusedException(string sentence, Exception? inner = null) : Exception(sentence, inner);
