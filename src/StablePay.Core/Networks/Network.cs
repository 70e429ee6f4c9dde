namespace StablePay.Core.Networks;

/// <summary>How a network speaks.</summary>
public enum ChainFamily
{
    Sandbox,
    Evm,
    Tron,
    Solana,
}

/// <summary>
/// One blockchain that payments can come in on: its pinned identity, tokens and rules. An entry in the catalogue, or
/// one of the operator's configuration; immutable while the program runs.
/// </summary>
/// <param name="Name">As people know it: <c>BNB Smart Chain</c>.</param>
/// <param name="Standard">What exchanges call its tokens, to be matched letter by letter: <c>BEP20</c>.</param>
/// <param name="BlockTime">The usual time between blocks; only for estimates shown to people.</param>
/// <param name="Finality">When a transfer counts as irreversible.</param>
/// <param name="Tokens">The pinned tokens, in the order they are offered.</param>
/// <param name="TransactionUrl">The explorer's address of a transaction with <c>{0}</c> for the hash, or null.</param>
/// <param name="ExplorerName">What a link to the explorer is called.</param>
public sealed record Network(
    NetworkId Id,
    ChainFamily Family,
    string Name,
    string Standard,
    TimeSpan BlockTime,
    FinalityRule Finality,
    IReadOnlyList<Token> Tokens,
    string? TransactionUrl,
    string? ExplorerName
)
{
    /// <summary>Live networks serve live sessions, sandbox networks serve test sessions; never across.</summary>
    public bool IsLive => Family != ChainFamily.Sandbox;

    public Token? Find(Asset asset) => Tokens.FirstOrDefault(t => t.Asset == asset);

    public Token? FindContract(string contract) =>
        Tokens.FirstOrDefault(t => string.Equals(t.Contract, contract, StringComparison.Ordinal));
}
