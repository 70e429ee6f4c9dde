using StablePay.Chains.Rpc;

namespace StablePay.Chains.Evm;

/// <summary>Asks the pinned tokens' contracts whether they move, what they keep, and whose code they run.</summary>
internal sealed class EvmTokens(Network network, JsonRpc rpc)
{
    /// <summary>
    /// Where a proxy keeps its implementation: <c>keccak256("eip1967.proxy.implementation") - 1</c>, and
    /// <c>keccak256("org.zeppelinos.proxy.implementation")</c>, which is older and Ethereum's USDC has.
    /// </summary>
    internal static readonly string[] ImplementationSlots =
    [
        "0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc",
        "0x7050c9e0f4ca769c69bd3a8ef740bc37934f8e2c036e5a723fd8ee048ed3f8c3",
    ];

    /// <summary>What nodes say when a contract has no such function; the codes differ from node to node.</summary>
    private static readonly string[] Reverts = ["revert", "invalid opcode", "invalid jump", "vm execution"];

    private const int RevertCode = 3;

    /// <exception cref="NodeException">No node answers.</exception>
    public async Task<IReadOnlyList<TokenReading>> ReadAsync(CancellationToken ct)
    {
        var readings = new List<TokenReading>();
        foreach (var token in network.Tokens)
        {
            var reading = await TokenFlags.ReadAsync(token, signature => CallAsync(token, signature, ct));
            readings.Add(reading with { Implementation = await ImplementationAsync(token, ct) });
        }
        return readings;
    }

    private Task<byte[]?> CallAsync(Token token, string signature, CancellationToken ct) =>
        AskAsync(
            "eth_call",
            $$"""[{"to":"{{token.Contract}}","data":"{{Hex.ToData(Abi.Selector(signature))}}"},"latest"]""",
            ct
        );

    private async Task<string?> ImplementationAsync(Token token, CancellationToken ct)
    {
        foreach (var slot in ImplementationSlots)
        {
            if (await AskAsync("eth_getStorageAt", $"""["{token.Contract}","{slot}","latest"]""", ct) is not { } word)
                return null;
            // Some nodes leave leading zeros out.
            if (word.Length > 32)
                return null;
            if (word.AsSpan().ContainsAnyExcept((byte)0))
                return Abi.TryReadAddress([.. new byte[32 - word.Length], .. word], out var code)
                    ? code.ToString()
                    : null;
        }
        return "";
    }

    private async Task<byte[]?> AskAsync(string method, string parameters, CancellationToken ct)
    {
        try
        {
            return (await rpc.TellAsync<byte[]>(method, parameters, EvmProbe.ReadBytes, IsRevert, ct)).Answer;
        }
        catch (NodeException e) when (e.IsAboutOneQuestion())
        {
            return null;
        }
    }

    private static bool IsRevert(RpcError error, out byte[] answer)
    {
        answer = [];
        return error.Code == RevertCode
            || Reverts.Any(word => error.Message.Contains(word, StringComparison.OrdinalIgnoreCase));
    }
}
