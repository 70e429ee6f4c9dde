namespace StablePay.Chains.Tron;

/// <summary>
/// The credit predicate of TRON (threats A0), the only place that turns a log into a transfer: pinned token (P1),
/// success told by the block and by the receipt (P2), in exactly this block (P3), an amount that a stablecoin can have
/// (P4), a recipient of ours (P5), identified by the log's ordinal in its transaction (P6). Call data, notes, internal
/// transactions and TRC-10 transfers are never looked at (TRX-01, TRX-03, TRX-04).
/// </summary>
internal static class TronTransfers
{
    /// <summary>One log of a transaction: a transfer, what is wrong with it, or nothing of ours.</summary>
    public static (ObservedTransfer? Transfer, QuarantinedTransfer? Quarantined) Judge(
        TronLog log,
        TronReceipt receipt,
        TronBlockTransaction transaction,
        Network network
    )
    {
        if (network.FindContract(log.Contract.ToString()) is not { } token)
            return (null, null);
        if (!transaction.Succeeded || !receipt.Succeeded)
            return (null, null);
        return log.Form.Refusal(token, out var atoms) is { } reason
            ? (null, new QuarantinedTransfer(receipt.Id, log.Position, reason))
            : (
                new ObservedTransfer(
                    receipt.Id,
                    log.Position,
                    new TokenAmount(token, atoms),
                    new TronAddress(log.Form.From).ToString(),
                    new TronAddress(log.Form.To).ToString()
                ),
                null
            );
    }
}
