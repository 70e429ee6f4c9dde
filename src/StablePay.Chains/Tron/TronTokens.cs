using StablePay.Chains.Evm;

namespace StablePay.Chains.Tron;

/// <summary>
/// Asks the pinned tokens' contracts whether they move and what they keep. Whose code a proxy runs is not asked: the
/// HTTP API reads no storage. TRON's USDT is no proxy; its owner replaces it by deprecating it.
/// </summary>
internal sealed class TronTokens(Network network, TronApi api)
{
    /// <exception cref="NodeException">No node answers.</exception>
    public async Task<IReadOnlyList<TokenReading>> ReadAsync(CancellationToken ct)
    {
        var readings = new List<TokenReading>();
        foreach (var token in network.Tokens)
            readings.Add(await TokenFlags.ReadAsync(token, signature => CallAsync(token, signature, ct)));
        return readings;
    }

    private async Task<byte[]?> CallAsync(Token token, string signature, CancellationToken ct)
    {
        try
        {
            return await TronConstantCall.AskAsync(api, token, signature, ct) switch
            {
                { Failure: null, Returned: var returned } => returned,
                { IsRevert: true } => [],
                _ => null,
            };
        }
        catch (NodeException e) when (e.IsAboutOneQuestion())
        {
            return null;
        }
    }
}
