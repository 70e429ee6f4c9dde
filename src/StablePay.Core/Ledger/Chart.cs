namespace StablePay.Core.Ledger;

/// <summary>Which entry each fact makes.</summary>
public static class Chart
{
    /// <summary>
    /// A transfer to a session's address became final. What counts for the session, late or not, is the store's; a
    /// token
    /// that was not asked for waits in suspense until somebody decides.
    /// </summary>
    public static LedgerEntry TransferFinal(Transfer transfer, Instant now)
    {
        var credited = transfer.Class switch
        {
            TransferClass.Counted or TransferClass.Late => LedgerAccount.StoreBalance(transfer.Store),
            TransferClass.Unattributed or TransferClass.Dust => LedgerAccount.StoreSuspense(transfer.Store),
            TransferClass.Internal => throw new InvariantBrokenException("an internal transfer is never income (T7)"),
        };
        var cause = $"transfer_final:{transfer.Id}";
        return new LedgerEntry(
            EntryId.From(IdSource.Derive(EntryId.Prefix, now, cause, 0, 0)),
            cause,
            transfer.Store,
            now,
            [
                new Posting(LedgerAccount.Deposits(transfer.Network), Side.Debit, transfer.Amount),
                new Posting(credited, Side.Credit, transfer.Amount),
            ]
        );
    }

    /// <summary>
    /// A payment was paid with less than its due, as the store's tolerance allows. No money moves: both accounts only
    /// remember it, so that what tolerance costs is never more than what is written (PAY-02).
    /// </summary>
    /// <param name="shortage">What was missing, in the token that settled the payment; above zero.</param>
    public static LedgerEntry Tolerated(SessionId session, StoreId store, TokenAmount shortage, Instant now)
    {
        var cause = $"tolerated:{session}";
        return new LedgerEntry(
            EntryId.From(IdSource.Derive(EntryId.Prefix, now, cause, 0, 0)),
            cause,
            store,
            now,
            [
                new Posting(LedgerAccount.StoreTolerance(store), Side.Debit, shortage),
                new Posting(LedgerAccount.StoreShortage(store), Side.Credit, shortage),
            ]
        );
    }
}
