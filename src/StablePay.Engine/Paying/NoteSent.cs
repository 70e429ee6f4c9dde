using System.Text.RegularExpressions;
using StablePay.Engine.Watching;
using StablePay.Storage;

namespace StablePay.Engine.Paying;

/// <summary>
/// The payer's wallet has sent something, says the page. That is a hint to look at the network at once and nothing
/// else: it is not stored, it changes no payment, and a false one costs a question to a node.
/// </summary>
public sealed partial class NoteSent(Database database, IReadOnlyDictionary<NetworkId, ChainWatcher> watchers)
{
    /// <param name="hash">The transaction's, in the form of the chosen network.</param>
    /// <returns>Null when it was taken.</returns>
    public async Task<Rejection?> RunAsync(SessionId id, string hash, CancellationToken ct)
    {
        if (
            await database.Sessions.FindAsync(id, ct) is not { Chosen: { } chosen }
            || !watchers.TryGetValue(chosen.Token.Network, out var watcher)
        )
            return new Rejection(ErrorCode.ResourceNotFound, "There is no such payment, or no network was chosen.");
        if (!IsHash(watcher.Network.Family, hash))
            return new Rejection(
                ErrorCode.ParameterInvalid,
                $"This is no hash of a transaction on {watcher.Network.Name}.",
                "transaction_hash"
            );
        watcher.Hint.Set();
        return null;
    }

    /// <summary>Whether this can be a transaction's hash; on Solana its first signature in base 58.</summary>
    private static bool IsHash(ChainFamily family, string text) =>
        family switch
        {
            ChainFamily.Evm => EvmHash().IsMatch(text),
            ChainFamily.Tron => TronHash().IsMatch(text),
            ChainFamily.Solana => SolanaHash().IsMatch(text),
            ChainFamily.Sandbox => false,
        };

    [GeneratedRegex(@"\A0x[0-9a-fA-F]{64}\z")]
    private static partial Regex EvmHash();

    [GeneratedRegex(@"\A[0-9a-fA-F]{64}\z")]
    private static partial Regex TronHash();

    [GeneratedRegex(@"\A[1-9A-HJ-NP-Za-km-z]{64,88}\z")]
    private static partial Regex SolanaHash();
}
