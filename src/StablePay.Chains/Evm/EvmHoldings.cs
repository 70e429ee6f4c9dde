using StablePay.Chains.Rpc;

namespace StablePay.Chains.Evm;

/// <summary>
/// Balances on an EVM network, all of exactly one block: the block is named by its hash, and a node that has another
/// one there in its chain refuses.
/// </summary>
internal sealed class EvmHoldings(JsonRpc rpc)
{
    public const int MostAtOnce = 100;

    private const int WordLength = 32;

    public async Task<Holdings> ReadAsync(IReadOnlyList<TokenAt> accounts, BlockRef final, CancellationToken ct)
    {
        var balances = await BalancesAsync(accounts, final, ct);
        // An address without money has nothing to freeze.
        var withMoney = accounts.Where(a => balances[a] > 0).ToList();
        var frozen = await FrozenAsync(withMoney, final, ct);
        return new Holdings(
            final.Height,
            final.Height,
            accounts.ToDictionary(a => a, a => new Holding(balances[a], frozen.Contains(a)))
        );
    }

    private async Task<Dictionary<TokenAt, UInt128>> BalancesAsync(
        IReadOnlyList<TokenAt> accounts,
        BlockRef final,
        CancellationToken ct
    )
    {
        var answers = await rpc.CallAllAsync(
            "eth_call",
            [.. accounts.Select(a => Call(a, Abi.BalanceOf(EvmAddress.Parse(a.Address)), final))],
            EvmProbe.ReadBytes,
            null,
            ct
        );
        var balances = new Dictionary<TokenAt, UInt128>(accounts.Count);
        for (var i = 0; i < accounts.Count; i++)
        {
            if (!Abi.TryReadUInt256(answers[i], out var balance))
                throw new NodeException(
                    NodeFault.Malformed,
                    $"{accounts[i].Token.Contract} answers {answers[i].Length} bytes when asked for a balance"
                );
            balances[accounts[i]] = balance.TryToUInt128(out var atoms) ? atoms : UInt128.MaxValue;
        }
        return balances;
    }

    private async Task<HashSet<TokenAt>> FrozenAsync(List<TokenAt> accounts, BlockRef final, CancellationToken ct)
    {
        var asked = new List<(TokenAt At, byte[] Call)>();
        foreach (var ofToken in accounts.GroupBy(a => a.Token))
        {
            var first = ofToken.First();
            var tries = FrozenForm.Questions.Select(q => Question(q, first)).ToList();
            var answers = await AskAsync([.. tries.Select(t => (first, t))], final, ct);
            if (FrozenForm.Questions.Index().FirstOrDefault(q => IsAnswer(answers[q.Index])).Item is { } question)
                asked.AddRange(ofToken.Select(at => (at, Question(question, at))));
        }
        var told = await AskAsync(asked, final, ct);
        var frozen = new HashSet<TokenAt>();
        for (var i = 0; i < asked.Count; i++)
        {
            if (told[i] is not { } bytes || !Abi.TryReadBool(bytes, out var isFrozen))
                throw new NodeException(
                    NodeFault.Malformed,
                    $"{asked[i].At.Token.Contract} does not say whether an address is frozen"
                );
            if (isFrozen)
                frozen.Add(asked[i].At);
        }
        return frozen;
    }

    /// <summary>An answer is null where the contract failed: it does not have the function.</summary>
    private Task<IReadOnlyList<byte[]?>> AskAsync(
        IReadOnlyList<(TokenAt At, byte[] Call)> calls,
        BlockRef final,
        CancellationToken ct
    ) =>
        rpc.CallAllAsync<byte[]?>(
            "eth_call",
            [.. calls.Select(c => Call(c.At, c.Call, final))],
            EvmProbe.ReadBytes,
            HasFailed,
            ct
        );

    private static byte[] Question(string signature, TokenAt at)
    {
        var call = new byte[4 + WordLength];
        Abi.Selector(signature).CopyTo(call, 0);
        EvmAddress.Parse(at.Address).WriteTopic(call.AsSpan(4));
        return call;
    }

    private static bool IsAnswer(byte[]? bytes) => bytes is not null && Abi.TryReadBool(bytes, out _);

    /// <summary>Code 3 is a revert with data; older nodes and contracts tell it in words only.</summary>
    private static bool HasFailed(RpcError error, out byte[]? answer)
    {
        answer = null;
        return error.Code == 3
            || error.Message.Contains("revert", StringComparison.OrdinalIgnoreCase)
            || error.Message.Contains("invalid opcode", StringComparison.OrdinalIgnoreCase);
    }

    private static string Call(TokenAt at, byte[] data, BlockRef block) =>
        $$"""
            [{"to":"{{at.Token.Contract}}","data":"{{Hex.ToData(data)}}"},
            {"blockHash":"{{block.Hash}}","requireCanonical":true}]
            """;
}
