namespace StablePay.Server.Options;

/// <summary>Checks one configured network.</summary>
internal static class NetworkCheck
{
    /// <summary>The network for the engine, or null where it has mistakes.</summary>
    public static NetworkSettings? Read(string name, NetworkOptions options, List<string> mistakes)
    {
        var before = mistakes.Count;
        var section = $"Networks:{name}";
        var settings = new NetworkSettings(options.Id, NodesOf(section, options, mistakes))
        {
            Name = OrNull(options.Name),
            Standard = OrNull(options.Standard),
            BlockTime = options.BlockTime,
            FinalityTag = OrNull(options.FinalityTag),
            FinalityDepth = options.FinalityDepth,
            Tokens = TokensOf(section, options, mistakes),
            TransactionUrl = OrNull(options.TransactionUrl),
            ExplorerName = OrNull(options.ExplorerName),
            GenesisHash = OrNull(options.GenesisHash),
            NaturalFinalityDepth = options.NaturalFinalityDepth,
            QuorumAbove = options.QuorumAbove,
            QuorumNodes = options.QuorumNodes,
            Verified = options.Verified,
            NodeKey = SettingsCheck.SecretFrom($"{section}:NodeKeyFile", options.NodeKeyFile, mistakes),
        };
        if (options.Id.Length == 0)
            mistakes.Add($"{section}:Id is required, as eip155:1, tron:0x2b6653dc or the like.");
        if (mistakes.Count == before)
            mistakes.AddRange(settings.Mistakes().Select(mistake => $"{section}: {mistake}"));
        return mistakes.Count == before ? settings : null;
    }

    private static string? OrNull(string text) => text.Length == 0 ? null : text;

    private static List<Uri> NodesOf(string section, NetworkOptions options, List<string> mistakes)
    {
        var texts = options.Nodes.ToList();
        if (SettingsCheck.SecretFrom($"{section}:NodesFile", options.NodesFile, mistakes) is { } lines)
            texts.AddRange(lines.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        var nodes = new List<Uri>();
        foreach (var text in texts)
        {
            if (WebAddress.Read(text) is { Scheme: "http" or "https" } node)
                nodes.Add(node);
            else
                // The address itself may hold a secret.
                mistakes.Add($"{section}:Nodes has an entry that is no http or https address.");
        }
        return nodes;
    }

    private static List<(string Asset, string Contract, int Decimals)> TokensOf(
        string section,
        NetworkOptions options,
        List<string> mistakes
    )
    {
        var tokens = new List<(string, string, int)>();
        foreach (var text in options.Tokens)
        {
            var parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (
                parts.Length == 3
                && int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var decimals)
            )
                tokens.Add((parts[0], parts[1], decimals));
            else
                mistakes.Add($"{section}:Tokens has '{text}'; write asset, contract and decimals, as USDT 0x… 6.");
        }
        return tokens;
    }
}
