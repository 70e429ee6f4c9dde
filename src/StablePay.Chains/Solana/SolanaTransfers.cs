namespace StablePay.Chains.Solana;

/// <summary>
/// The credit predicate of Solana (threats A0), the only place that turns balances into transfers: a pinned mint in the
/// Token program (P1), an outcome that is there and null (P2), what the account holds more than before (P4), the token
/// account whose address follows from our owner and the mint, and which was and is that owner's (P5, SOL-03),
/// identified by that address (P6). Instructions, memos and references are never looked at (SOL-04, SOL-07).
/// </summary>
internal static class SolanaTransfers
{
    /// <summary>What one transaction did to token accounts of ours.</summary>
    public static void Judge(
        SolanaTransaction transaction,
        Network network,
        IAddressFilter ours,
        List<ObservedTransfer> found,
        List<QuarantinedTransfer> quarantined
    )
    {
        if (!transaction.Succeeded)
            return;
        foreach (var (before, after) in Accounts(transaction))
        {
            var any = after ?? before!;
            if (!IsOurs(before, ours) && !IsOurs(after, ours))
                continue;
            if (network.FindContract(any.Mint.ToString()) is not { } token)
                continue;
            var account = transaction.Keys[any.Account];
            if (Refusal(before, after, account, token) is { } reason)
                quarantined.Add(new QuarantinedTransfer(transaction.Signature, account.Ordinal, reason));
            else if (after is not null && after.Amount >= (before?.Amount ?? 0))
                found.Add(
                    new ObservedTransfer(
                        transaction.Signature,
                        account.Ordinal,
                        new TokenAmount(token, after.Amount - (before?.Amount ?? 0)),
                        PayerOf(transaction, any.Mint).ToString(),
                        after.Owner.ToString()
                    )
                );
        }
    }

    /// <summary>Every token account, before and after; null where it was not, or is no more.</summary>
    private static IEnumerable<(SolanaBalance? Before, SolanaBalance? After)> Accounts(SolanaTransaction transaction)
    {
        var after = transaction.After.ToDictionary(b => b.Account);
        foreach (var before in transaction.Before)
        {
            after.Remove(before.Account, out var same);
            yield return (before, same);
        }
        foreach (var made in transaction.After.Where(b => after.ContainsKey(b.Account)))
            yield return (null, made);
    }

    private static bool IsOurs(SolanaBalance? balance, IAddressFilter ours)
    {
        Span<byte> owner = stackalloc byte[SolanaAddress.Length];
        balance?.Owner.WriteTo(owner);
        return balance is not null && ours.MayContain(owner);
    }

    /// <summary>Why nothing may be credited from this account, in words; null if it may.</summary>
    private static string? Refusal(SolanaBalance? before, SolanaBalance? after, SolanaAddress account, Token token)
    {
        if (before is not null && after is not null && before.Owner != after.Owner)
            return $"token account {account} changed hands, from {before.Owner} to {after.Owner}";
        if (before is not null && after is not null && before.Mint != after.Mint)
            return $"token account {account} changed its mint, from {before.Mint} to {after.Mint}";
        if (after is null && before!.Amount > 0)
            return $"token account {account} of {before.Owner} was closed with {before.Amount} in it";
        var any = after ?? before!;
        if (any.Program != SolanaPrograms.Token)
            return $"token account {account} is kept by {any.Program}, not by the Token program";
        if (account != SolanaPrograms.AssociatedAccountOf(any.Owner, any.Mint, SolanaPrograms.Token))
            return $"{account} is another token account of {any.Owner} than the associated one";
        if (any.Decimals != token.Decimals)
            return $"{token.Asset} with {any.Decimals} decimals; pinned are {token.Decimals}";
        return any.Amount > token.MaxTransferAtoms ? $"an amount beyond any supply: {any.Amount}" : null;
    }

    /// <summary>
    /// Whose account of this mint fell most, which may be an exchange (TOK-11); who paid for the transaction where none
    /// fell, as when tokens were made.
    /// </summary>
    private static SolanaAddress PayerOf(SolanaTransaction transaction, SolanaAddress mint)
    {
        var payer = transaction.Keys[0];
        var most = 0UL;
        foreach (var (before, after) in Accounts(transaction))
        {
            if (before is null || before.Mint != mint)
                continue;
            var left = after?.Amount ?? 0;
            if (before.Amount > left && before.Amount - left > most)
                (payer, most) = (before.Owner, before.Amount - left);
        }
        return payer;
    }
}
