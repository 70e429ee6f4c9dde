using StablePay.Chains.Evm;

namespace StablePay.Chains.Tron;

/// <summary>
/// Whether a node speaks for the network that is configured: its first block, and that each pinned token is there with
/// the pinned decimals. Nothing is ever adapted to what a node says (EVM-15, TOK-16).
/// </summary>
/// <param name="genesisHash">The id of block 0 to insist on, or null.</param>
internal sealed class TronProbe(Network network, string? genesisHash)
{
    public async Task RunAsync(TronApi node, CancellationToken ct)
    {
        if (genesisHash is not null)
        {
            var first = await node.CallAsync("/wallet/getblockbynum", """{"num":0}""", TronBlocks.Read, ct);
            // A node without its oldest blocks proves nothing either way.
            if (first is not null && first.Header.Ref.Hash != genesisHash)
                throw new WrongNetworkException(
                    $"{network.Name}: the node's first block is {first.Header.Ref.Hash}, not {genesisHash}: "
                        + "it follows another chain."
                );
        }
        foreach (var token in network.Tokens)
            await ProbeAsync(node, token, ct);
    }

    private async Task ProbeAsync(TronApi node, Token token, CancellationToken ct)
    {
        var call = await TronConstantCall.AskAsync(node, token, "decimals()", ct);
        if (!Abi.TryReadUInt8(call.Returned, out var decimals) || decimals != token.Decimals)
            throw new WrongNetworkException(
                $"{network.Name}: {token.Asset} at {token.Contract} answers "
                    + $"{(call.Failure is null ? Hex.ToHex(call.Returned) : "nothing")} when asked for its decimals; "
                    + $"pinned are {token.Decimals}."
            );
    }
}
