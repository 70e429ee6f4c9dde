using System.Text.Json;
using StablePay.Chains.Rpc;

namespace StablePay.Chains.Evm;

/// <summary>
/// Whether a node speaks for the network that is configured: chain id, first block, and that each pinned token is there
/// with the pinned decimals. Nothing is ever adapted to what a node says (EVM-15, TOK-16).
/// </summary>
/// <param name="genesisHash">The hash of block 0 to insist on, or null.</param>
internal sealed class EvmProbe(Network network, string? genesisHash)
{
    public async Task RunAsync(JsonRpc node, CancellationToken ct)
    {
        var id = await node.CallAsync(
            "eth_chainId",
            "[]",
            (ref Utf8JsonReader json) =>
                Hex.TryParseQuantity(json.ValueSpan, out ulong value) ? value : throw new JsonException("a chain id"),
            ct
        );
        var answered = string.Create(CultureInfo.InvariantCulture, $"eip155:{id}");
        if (answered != network.Id.Value)
            throw new WrongNetworkException(
                $"{network.Name}: the node answers for {answered}, but {network.Id} is configured. Nothing is read from it."
            );
        if (genesisHash is not null)
            await ProbeGenesisAsync(node, genesisHash, ct);
        foreach (var token in network.Tokens)
            await ProbeAsync(node, token, ct);
    }

    private async Task ProbeGenesisAsync(JsonRpc node, string pinned, CancellationToken ct)
    {
        // A node without its oldest blocks proves nothing either way.
        var first = await node.CallAsync("eth_getBlockByNumber", "[\"0x0\",false]", EvmBlocks.Read, ct);
        if (first is not null && !first.Header.Ref.Hash.Equals(pinned, StringComparison.OrdinalIgnoreCase))
            throw new WrongNetworkException(
                $"{network.Name}: the node's first block is {first.Header.Ref.Hash}, not {pinned}: "
                    + "it follows another chain of this id."
            );
    }

    private async Task ProbeAsync(JsonRpc node, Token token, CancellationToken ct)
    {
        var code = await node.CallAsync("eth_getCode", $"[\"{token.Contract}\",\"latest\"]", ReadBytes, ct);
        if (code.Length == 0)
            throw new WrongNetworkException(
                $"{network.Name}: there is no contract at {token.Contract} ({token.Asset})."
            );
        var data = Hex.ToData(Abi.Decimals());
        var answer = await node.CallAsync(
            "eth_call",
            $$"""[{"to":"{{token.Contract}}","data":"{{data}}"},"latest"]""",
            ReadBytes,
            ct
        );
        if (!Abi.TryReadUInt8(answer, out var decimals) || decimals != token.Decimals)
            throw new WrongNetworkException(
                $"{network.Name}: {token.Asset} at {token.Contract} answers {Hex.ToData(answer)} when asked for its decimals; "
                    + $"pinned are {token.Decimals}."
            );
    }

    internal static byte[] ReadBytes(ref Utf8JsonReader json) =>
        Hex.Parse(json.GetString() ?? throw new JsonException("bytes in hex were expected"));
}
