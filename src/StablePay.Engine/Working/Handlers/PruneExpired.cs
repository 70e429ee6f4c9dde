using StablePay.Storage;

namespace StablePay.Engine.Working.Handlers;

/// <summary>
/// Removes nonces and idempotency records that have outlived their promise, and jobs done long ago. One job that is
/// always due again.
/// </summary>
public sealed class PruneExpired(Database db, TimeProvider clock) : IJobHandler
{
    /// <summary>Bounds one attempt well inside its lease; what is left is taken by the next, at once.</summary>
    private const int MostBatches = 200;

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    /// <summary>Done jobs are looked at only by people, and not for long.</summary>
    private static readonly TimeSpan KeepDoneJobs = TimeSpan.FromDays(1);

    public JobKind Kind => JobKind.PruneExpired;

    /// <summary>The job itself: added at every start, kept once.</summary>
    public static JobDraft First(Instant now) => new(JobKind.PruneExpired, "instance", now, "prune_expired");

    public async Task<JobEnd> RunAsync(Job job, CancellationToken ct)
    {
        for (var i = 0; i < MostBatches; i++)
        {
            var now = clock.Now;
            var removed =
                await db.Nonces.PruneAsync(now, ct)
                + await db.Idempotency.PruneAsync(now, ct)
                + await db.Jobs.PruneDoneAsync(now - KeepDoneJobs, ct);
            if (removed == 0)
                return JobEnd.Again(now + Interval, null);
        }
        return JobEnd.Again(clock.Now, null);
    }
}
