using StablePay.Chains.Evm;

namespace StablePay.Chains;

/// <summary>A pinned token of a configured EVM network.</summary>
/// <param name="Asset">USDT or USDC.</param>
/// <param name="Contract">0x address; EIP-55 if it has both cases.</param>
/// <param name="Decimals">2 to 18.</param>
public sealed record EvmTokenOptions(string Asset, string Contract, int Decimals);

/// <summary>
/// An EVM network as the operator configures it: its nodes, and for one that is not in the catalogue the rest.
/// </summary>
/// <param name="ChainId">The EIP-155 chain id.</param>
/// <param name="Nodes">JSON-RPC addresses, the preferred one first.</param>
public sealed record EvmNetworkOptions(ulong ChainId, IReadOnlyList<Uri> Nodes)
{
    public string? Name { get; init; }
    public string? Standard { get; init; }
    public TimeSpan? BlockTime { get; init; }

    /// <summary>The node's finality tag, <c>finalized</c> unless a depth is given.</summary>
    public string? FinalityTag { get; init; }

    /// <summary>Blocks until final, the transfer's own included, for networks without a usable tag.</summary>
    public int? FinalityDepth { get; init; }
    public IReadOnlyList<EvmTokenOptions> Tokens { get; init; } = [];
    public string? TransactionUrl { get; init; }
    public string? ExplorerName { get; init; }

    /// <summary>The genesis block's hash to insist on; null for the catalogue's own pin, or none.</summary>
    public string? GenesisHash { get; init; }

    public NetworkId Id => new(string.Create(CultureInfo.InvariantCulture, $"eip155:{ChainId}"));

    /// <summary>
    /// The network, with the catalogue's facts where the operator gave none. Mistakes come back as sentences.
    /// </summary>
    public Network? ToNetwork(ICollection<string> mistakes)
    {
        var known = Networks.Public.FirstOrDefault(n => n.Id == Id);
        var tokens = TokensOr(known, mistakes);
        if (Nodes.Count == 0)
            mistakes.Add($"{Id}: at least one node is needed.");
        if (known is null && Name is null)
            mistakes.Add($"{Id} is not in the catalogue, so it needs a Name.");
        if (tokens.Count == 0)
            mistakes.Add($"{Id}: at least one token is needed.");
        if (FinalityTag is not null && FinalityDepth is not null)
            mistakes.Add($"{Id}: FinalityTag and FinalityDepth exclude each other.");
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
        if (FinalityDepth is < 1)
            mistakes.Add($"{Id}: FinalityDepth must be at least 1.");
        if (mistakes.Count > 0)
            return null;
        var blockTime = BlockTime ?? known?.BlockTime ?? TimeSpan.FromSeconds(2);
        return new Network(
            Id,
            ChainFamily.Evm,
            Name ?? known!.Name,
            Standard ?? known?.Standard ?? "ERC20",
            blockTime,
            FinalityOr(known),
            tokens,
            TransactionUrl ?? known?.TransactionUrl,
            ExplorerName ?? known?.ExplorerName
        );
    }

    private FinalityRule FinalityOr(Network? known) =>
        FinalityDepth is { } depth ? new FinalityRule.Depth(depth)
        : FinalityTag is { } tag ? new FinalityRule.Tag(tag, UsualBlocks(known))
        : known?.Finality ?? new FinalityRule.Tag("finalized", UsualBlocks(known));

    private static int UsualBlocks(Network? known) => known?.Finality.Confirmations ?? 64;

    private IReadOnlyList<Token> TokensOr(Network? known, ICollection<string> mistakes)
    {
        if (Tokens.Count == 0)
            return known?.Tokens ?? [];
        var tokens = new List<Token>();
        foreach (var option in Tokens)
        {
            if (Asset.All.All(a => a.Code != option.Asset))
                mistakes.Add($"{Id}: {option.Asset} is not an asset we take; USDT and USDC are.");
            else if (!EvmAddress.TryParse(option.Contract, out var contract))
                mistakes.Add($"{Id}: {option.Contract} is not a contract address.");
            else if (option.Decimals is < 2 or > 18)
                mistakes.Add($"{Id}: {option.Asset} must have 2 to 18 decimals.");
            else
                tokens.Add(new Token(Id, new Asset(option.Asset), contract.ToString(), option.Decimals));
        }
        return tokens;
    }
}
