using StablePay.Storage;

namespace StablePay.Engine.Reconciling;

/// <summary>What an attempt at a cycle of comparison came to.</summary>
/// <param name="DueAt">When to go on with it; of a finished one, when the next begins.</param>
/// <param name="Why">A short word on what it waits for, or null.</param>
public sealed record AuditStep(Instant DueAt, bool IsFinished, string? Why = null);

/// <summary>
/// Something that is compared again and again, cycle by cycle. A cycle's progress is durable: whoever steps next goes
/// on where the last step ended.
/// </summary>
public interface IAudit
{
    /// <summary>The network's id, or <c>ledger</c>.</summary>
    string Subject { get; }

    /// <summary>Begins a cycle, or goes on with the one that is not finished, for some minutes at most.</summary>
    Task<AuditStep> StepAsync(CancellationToken ct);
}

/// <summary>What every audit shares.</summary>
/// <param name="Every">From the beginning of a cycle to the beginning of the next.</param>
/// <param name="Alert">Takes a sentence for the operator.</param>
/// <param name="Note">Takes a sentence on work that goes on, for the log.</param>
public sealed record AuditParts(
    Database Database,
    TimeProvider Clock,
    IdSource Ids,
    TimeSpan Every,
    Action<string> Alert,
    Action<string> Note
)
{
    private static readonly TimeSpan ShortestRest = TimeSpan.FromMinutes(1);

    /// <summary>The cycle that is not finished, or a new one.</summary>
    public async Task<ReconciliationCycle?> ResumeAsync(string subject, CancellationToken ct)
    {
        var known = await Database.Reconciliation.FindCycleAsync(subject, ct);
        if (known is { FinishedAt: null })
            return known;
        var next = new ReconciliationCycle(subject, (known?.Number ?? 0) + 1, Clock.Now, null, "", 0)
        {
            Version = (known?.Version ?? 0) + 1,
        };
        var result = await Database.Commits.RunAsync(new Commit().Move(known, next), ct);
        return result.IsDone ? next : null;
    }

    /// <summary>When the next cycle begins.</summary>
    public Instant NextAfter(ReconciliationCycle finished)
    {
        var (next, rested) = (finished.StartedAt + Every, Clock.Now + ShortestRest);
        return next > rested ? next : rested;
    }
}
