using StablePay.Engine.Reconciling;

namespace StablePay.Engine.Working.Handlers;

/// <summary>
/// Compares our books with a network, or with themselves: a part of a cycle with each attempt. The subject is the
/// network or <c>ledger</c>. What an attempt finds is committed page by page; the job only says when to go on.
/// </summary>
public sealed class Reconcile(ReconciliationDesk desk, TimeProvider clock) : IJobHandler
{
    /// <summary>A network that is not configured may be again.</summary>
    private static readonly TimeSpan NotConfigured = TimeSpan.FromDays(1);

    public JobKind Kind => JobKind.Reconcile;

    public async Task<JobEnd> RunAsync(Job job, CancellationToken ct) =>
        await desk.StepAsync(job.Subject, ct) is { } step
            ? JobEnd.Again(step.DueAt, step.Why)
            : JobEnd.Again(clock.Now + NotConfigured, "not_configured");
}
