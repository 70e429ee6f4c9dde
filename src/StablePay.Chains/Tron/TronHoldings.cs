using StablePay.Chains.Evm;

namespace StablePay.Chains.Tron;

/// <summary>
/// Balances on TRON, as the solidified block left them. A node does not tell which block that was, so the answers are
/// of any from the one before the first question to the one after the last.
/// </summary>
/// <param name="solidified">The newest solidified block.</param>
internal sealed class TronHoldings(TronApi api, Func<CancellationToken, Task<BlockHeader>> solidified)
{
    /// <summary>Each is a question of its own, and hosted gateways count them.</summary>
    public const int MostAtOnce = 10;

    private const int WordLength = 32;

    public async Task<Holdings> ReadAsync(IReadOnlyList<TokenAt> accounts, BlockRef final, CancellationToken ct)
    {
        var before = (await solidified(ct)).Ref.Height;
        if (before < final.Height)
            throw new NodeException(
                NodeFault.Lagging,
                $"the node's solidified block is {before}, and block {final.Height} is final"
            );
        var held = new Dictionary<TokenAt, Holding>(accounts.Count);
        foreach (var ofToken in accounts.GroupBy(a => a.Token))
        {
            string? question = null;
            var hasLooked = false;
            foreach (var at in ofToken)
            {
                var atoms = await BalanceAsync(at, ct);
                if (atoms > 0 && !hasLooked)
                    (question, hasLooked) = (await QuestionAsync(at, ct), true);
                held[at] = new Holding(
                    atoms,
                    atoms > 0 && question is not null && await IsFrozenAsync(question, at, ct)
                );
            }
        }
        return new Holdings(before, Math.Max(before, (await solidified(ct)).Ref.Height), held);
    }

    private async Task<UInt128> BalanceAsync(TokenAt at, CancellationToken ct)
    {
        if (
            await AskAsync("balanceOf(address)", at, ct) is not { } bytes
            || !Abi.TryReadUInt256(bytes, out var balance)
        )
            throw new NodeException(NodeFault.Malformed, $"{at.Token.Contract} does not tell a balance");
        return balance.TryToUInt128(out var atoms) ? atoms : UInt128.MaxValue;
    }

    /// <summary>The question for frozen addresses that this contract has; null if it has none.</summary>
    private async Task<string?> QuestionAsync(TokenAt at, CancellationToken ct)
    {
        foreach (var question in FrozenForm.Questions)
            if (await AskAsync(question, at, ct) is { } bytes && Abi.TryReadBool(bytes, out _))
                return question;
        return null;
    }

    private async Task<bool> IsFrozenAsync(string question, TokenAt at, CancellationToken ct) =>
        await AskAsync(question, at, ct) is { } bytes && Abi.TryReadBool(bytes, out var isFrozen)
            ? isFrozen
            : throw new NodeException(
                NodeFault.Malformed,
                $"{at.Token.Contract} does not say whether an address is frozen"
            );

    /// <summary>
    /// What the contract returned; null if the call failed, as one to a function that is not there does.
    /// </summary>
    private async Task<byte[]?> AskAsync(string function, TokenAt at, CancellationToken ct)
    {
        var owner = new byte[WordLength];
        TronAddress.Parse(at.Address).Bytes.WriteTopic(owner);
        var call = await TronConstantCall.AskAsync(api, at.Token, function, ct, owner, TronConstantCall.Solidified);
        return call.Failure is null ? call.Returned : null;
    }
}
