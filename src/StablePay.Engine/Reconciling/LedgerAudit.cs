using StablePay.Storage;

namespace StablePay.Engine.Reconciling;

/// <summary>
/// Does the ledger agree with itself? The invariants L1, L2 and L4 as queries over all of it, and that what final
/// transfers brought is what the accounts of deposits hold, the half of L6 that needs no node.
/// </summary>
public sealed class LedgerAudit(AuditParts parts) : IAudit
{
    public const string Name = "ledger";

    /// <summary>One cause often shows in many places; the first ones say enough.</summary>
    private const int MostSentences = 10;

    public string Subject => Name;

    public async Task<AuditStep> StepAsync(CancellationToken ct)
    {
        var (database, clock) = (parts.Database, parts.Clock);
        if (await parts.ResumeAsync(Name, ct) is not { } cycle)
            return new AuditStep(clock.Now, false, "stale");
        var faults = await FindAsync(database.LedgerSums, ct);
        var finished = cycle with { FinishedAt = clock.Now, Faults = faults.Count, Version = cycle.Version + 1 };
        if (!(await database.Commits.RunAsync(new Commit().Move(cycle, finished), ct)).IsDone)
            return new AuditStep(clock.Now, false, "stale");
        foreach (var fault in faults.Take(MostSentences))
            parts.Alert($"Ledger: {fault}");
        if (faults.Count > MostSentences)
            parts.Alert($"Ledger: {faults.Count - MostSentences} more faults like these.");
        parts.Note($"Ledger: its sums were checked, {faults.Count} of them are wrong.");
        return new AuditStep(parts.NextAfter(finished), true);
    }

    /// <summary>A sentence for each fault that names the entry, account or token.</summary>
    internal static async Task<IReadOnlyList<string>> FindAsync(LedgerSums sums, CancellationToken ct)
    {
        var faults = new List<string>();
        foreach (var (_, token, debits, credits) in await sums.ByTokenAsync(ct))
            if (debits != credits)
                faults.Add($"the postings of {token} do not add up: debits {debits}, credits {credits} atoms (L1).");
        foreach (var (entry, token, debits, credits) in await sums.UnbalancedEntriesAsync(ct))
            faults.Add(
                token.Length == 0
                    ? $"entry {entry} has fewer than two postings (L2)."
                    : $"entry {entry} does not balance in {token}: debits {debits}, credits {credits} atoms (L2)."
            );
        foreach (var wrong in await sums.WrongTotalsAsync(ct))
            faults.Add(
                $"account {wrong.Subject} keeps debits {wrong.Kept?.Debits}, credits {wrong.Kept?.Credits} of "
                    + $"{wrong.Token}, and its postings come to {wrong.Debits} and {wrong.Credits} atoms (L4)."
            );
        foreach (var deposits in await sums.DepositsAsync(ct))
            if (deposits.Kept?.Debits != deposits.Debits)
                faults.Add(
                    $"final transfers of {deposits.Token} on {deposits.Subject} come to {deposits.Debits} atoms, and "
                        + $"account network:{deposits.Subject}:deposits was debited {deposits.Kept?.Debits} (L6)."
                );
        return faults;
    }
}
