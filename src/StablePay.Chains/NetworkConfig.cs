using StablePay.Chains.Evm;
using StablePay.Chains.Rpc;
using StablePay.Chains.Solana;
using StablePay.Chains.Tron;

namespace StablePay.Chains;

/// <summary>A pinned token of a configured network.</summary>
/// <param name="Asset">USDT or USDC.</param>
/// <param name="Contract">
/// 0x address on EVM networks (EIP-55 if it has both cases), Base58Check on TRON, the mint in base 58 on Solana.
/// </param>
/// <param name="Decimals">2 to 18.</param>
public sealed record TokenConfig(string Asset, string Contract, int Decimals);

/// <summary>
/// A live network as the operator configures it: its nodes, and for one that is not in the catalogue the rest.
/// </summary>
/// <param name="Id">CAIP-2; the part before the colon is the family: <c>eip155</c>, <c>tron</c> or <c>solana</c>.</param>
/// <param name="Nodes">Addresses of nodes, the preferred one first.</param>
public sealed record NetworkConfig(NetworkId Id, IReadOnlyList<Uri> Nodes)
{
    /// <summary>The header in which TRON's hosted gateways want their key.</summary>
    private const string TronKeyHeader = "TRON-PRO-API-KEY";

    /// <summary>Characters of its genesis hash that a Solana cluster's id is made of (CAIP-2).</summary>
    private const int GenesisLength = 32;

    public string? Name { get; init; }
    public string? Standard { get; init; }
    public TimeSpan? BlockTime { get; init; }

    /// <summary>EVM: the node's finality tag, <c>finalized</c> unless a depth is given.</summary>
    public string? FinalityTag { get; init; }

    /// <summary>EVM: blocks until final, the transfer's own included, for networks without a usable tag.</summary>
    public int? FinalityDepth { get; init; }
    public IReadOnlyList<TokenConfig> Tokens { get; init; } = [];
    public string? TransactionUrl { get; init; }
    public string? ExplorerName { get; init; }

    /// <summary>The first block's hash to insist on; null for the catalogue's own pin, or none.</summary>
    public string? GenesisHash { get; init; }

    /// <summary>Whole coins above which several nodes must agree before a payment is credited; 0 or more.</summary>
    public long? QuorumAbove { get; init; }

    /// <summary>How many must agree; 2 or more.</summary>
    public int? QuorumNodes { get; init; }

    /// <summary>EVM: whether blocks and receipts are recomputed before they are believed.</summary>
    public bool Verified { get; init; }

    /// <summary>EVM: blocks that make final when the finality tag does not come.</summary>
    public int? NaturalFinalityDepth { get; init; }

    /// <summary>Who must agree on large payments; null with one node, which is then believed alone.</summary>
    public QuorumRule? Quorum =>
        Nodes.Count < 2
            ? null
            : new QuorumRule(
                QuorumAbove is { } coins ? Coverage.FromCents(coins * 100) : QuorumRule.Default.Above,
                QuorumNodes ?? QuorumRule.Default.Nodes
            );

    /// <summary>TRON: the key of a hosted gateway, a secret.</summary>
    public string? NodeKey { get; init; }

    /// <summary>Null for a family that cannot be configured.</summary>
    public ChainFamily? Family =>
        Id.Value.Split(':') switch
        {
            ["eip155", var chain] when IsChainId(chain) => ChainFamily.Evm,
            ["tron", { Length: > 0 }] => ChainFamily.Tron,
            ["solana", { Length: GenesisLength }] => ChainFamily.Solana,
            _ => null,
        };

    /// <summary>
    /// The network, with the catalogue's facts where the operator gave none. Mistakes come back as sentences.
    /// </summary>
    public Network? ToNetwork(ICollection<string> mistakes)
    {
        if (Family is not { } family)
        {
            mistakes.Add($"'{Id}' is no id of a network we can follow; write eip155:1, tron:0x2b6653dc or the like.");
            return null;
        }
        var known = Networks.Public.FirstOrDefault(n => n.Id == Id);
        // Families whose networks all have the rules of their main one.
        var main = family switch
        {
            ChainFamily.Tron => Networks.Tron,
            ChainFamily.Solana => Networks.Solana,
            _ => null,
        };
        var tokens = TokensOr(family, known, mistakes);
        Check(known, tokens, mistakes);
        CheckFamily(family, main, mistakes);
        return mistakes.Count > 0
            ? null
            : new Network(
                Id,
                family,
                Name ?? known!.Name,
                Standard ?? known?.Standard ?? main?.Standard ?? "ERC20",
                BlockTime ?? known?.BlockTime ?? main?.BlockTime ?? TimeSpan.FromSeconds(2),
                main?.Finality ?? EvmFinalityOr(known),
                tokens,
                TransactionUrl ?? known?.TransactionUrl,
                ExplorerName ?? known?.ExplorerName
            );
    }

    /// <summary>The nodes with the header that they want.</summary>
    internal IReadOnlyList<NodeAddress> Addresses =>
        [
            .. Nodes.Select(node => new NodeAddress(
                node,
                NodeKey is { } key ? KeyValuePair.Create(TronKeyHeader, key) : null
            )),
        ];

    /// <summary>Never the key, nor the nodes' addresses, which may hold one.</summary>
    public override string ToString() => Id.ToString();

    private static bool IsChainId(string text) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
        && id is > 0 and <= 9_007_199_254_740_991
        && text[0] != '0';

    private void Check(Network? known, IReadOnlyList<Token> tokens, ICollection<string> mistakes)
    {
        if (Nodes.Count == 0)
            mistakes.Add($"{Id}: at least one node is needed.");
        if (Nodes.Distinct().Count() < Nodes.Count)
            mistakes.Add($"{Id}: a node is named twice; it would agree with itself.");
        if (QuorumNodes is < 2)
            mistakes.Add($"{Id}: QuorumNodes must be at least 2.");
        if (QuorumAbove is < 0 or > Coverage.MaxCents / 100)
            mistakes.Add($"{Id}: QuorumAbove must be from 0 to {Coverage.MaxCents / 100} coins.");
        if ((QuorumAbove ?? QuorumNodes) is not null && Nodes.Count < (QuorumNodes ?? QuorumRule.Default.Nodes))
            mistakes.Add(
                $"{Id}: {QuorumNodes ?? QuorumRule.Default.Nodes} nodes must agree, but {Nodes.Count} {(Nodes.Count == 1 ? "is" : "are")} configured."
            );
        if (known is null && Name is null)
            mistakes.Add($"{Id} is not in the catalogue, so it needs a Name.");
        if (tokens.Count == 0)
            mistakes.Add($"{Id}: at least one token is needed.");
        foreach (var node in Nodes)
            if (node is not { IsAbsoluteUri: true, Scheme: "http" or "https" })
                mistakes.Add($"{Id}: a node's address begins with http:// or https://.");
        if (BlockTime is { Ticks: <= 0 })
            mistakes.Add($"{Id}: BlockTime must be longer than nothing.");
        if (
            tokens.DistinctBy(t => t.Asset).Count() < tokens.Count
            || tokens.DistinctBy(t => t.Contract).Count() < tokens.Count
        )
            mistakes.Add($"{Id}: an asset or a contract is named twice.");
    }

    private void CheckFamily(ChainFamily family, Network? main, ICollection<string> mistakes)
    {
        if (FinalityTag is not null && FinalityDepth is not null)
            mistakes.Add($"{Id}: FinalityTag and FinalityDepth exclude each other.");
        if (FinalityDepth is < 1)
            mistakes.Add($"{Id}: FinalityDepth must be at least 1.");
        if (NaturalFinalityDepth is < 1)
            mistakes.Add($"{Id}: NaturalFinalityDepth must be at least 1.");
        if (NaturalFinalityDepth is not null && FinalityDepth is not null)
            mistakes.Add($"{Id}: NaturalFinalityDepth goes with a finality tag, not with FinalityDepth.");
        if (family != ChainFamily.Evm && (Verified || NaturalFinalityDepth is not null))
            mistakes.Add($"{Id}: Verified and NaturalFinalityDepth are for EVM networks.");
        if (main is { Finality: FinalityRule.Tag rule } && (FinalityTag ?? FinalityDepth as object) is not null)
            mistakes.Add(
                $"{Id}: {main.Name}'s blocks are final when {rule.Name}; FinalityTag and FinalityDepth are not for it."
            );
        if (family != ChainFamily.Tron && NodeKey is not null)
            mistakes.Add($"{Id}: a node's key is for TRON's gateways; others have it in their address (NodesFile).");
    }

    private FinalityRule EvmFinalityOr(Network? known) =>
        FinalityDepth is { } depth ? new FinalityRule.Depth(depth) : EvmTagOr(known?.Finality as FinalityRule.Tag);

    private FinalityRule.Tag EvmTagOr(FinalityRule.Tag? known) =>
        new(FinalityTag ?? known?.Name ?? "finalized", known?.UsualBlocks ?? 64)
        {
            NaturalDepth = NaturalFinalityDepth ?? known?.NaturalDepth,
        };

    private IReadOnlyList<Token> TokensOr(ChainFamily family, Network? known, ICollection<string> mistakes)
    {
        if (Tokens.Count == 0)
            return known?.Tokens ?? [];
        var tokens = new List<Token>();
        foreach (var option in Tokens)
        {
            if (Asset.All.All(a => a.Code != option.Asset))
                mistakes.Add($"{Id}: {option.Asset} is not an asset we take; USDT and USDC are.");
            else if (ContractOf(family, option.Contract) is not { } contract)
                mistakes.Add($"{Id}: {option.Contract} is not a contract address.");
            else if (option.Decimals is < 2 or > 18)
                mistakes.Add($"{Id}: {option.Asset} must have 2 to 18 decimals.");
            else
                tokens.Add(new Token(Id, new Asset(option.Asset), contract, option.Decimals));
        }
        return tokens;
    }

    /// <summary>The contract in its one display form, or null.</summary>
    private static string? ContractOf(ChainFamily family, string text) =>
        family switch
        {
            ChainFamily.Tron => TronAddress.TryParse(text, out var tron) ? tron.ToString() : null,
            ChainFamily.Solana => SolanaAddress.TryParse(text, out var mint) ? mint.ToString() : null,
            _ => EvmAddress.TryParse(text, out var evm) ? evm.ToString() : null,
        };
}
