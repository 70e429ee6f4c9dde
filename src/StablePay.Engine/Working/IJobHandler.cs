using StablePay.Storage;

namespace StablePay.Engine.Working;

/// <summary>
/// What one attempt at a job came to, with the writes that become durable together with it, or not at all.
/// </summary>
public sealed record JobEnd(JobOutcome Outcome, Commit? Writes = null)
{
    public static JobEnd Done(Commit? writes = null) => new(new JobOutcome.Done(), writes);

    public static JobEnd Again(Instant dueAt, string? error, Commit? writes = null) =>
        new(new JobOutcome.Again(dueAt, error), writes);
}

/// <summary>
/// Does the jobs of one kind. An attempt may be made twice, also at the same time when a lease ran out: read, act on
/// the world, decide, give back the writes. The runner commits them with the job's end; when something in them went
/// stale, or when the handler throws, the job is tried again later.
/// </summary>
public interface IJobHandler
{
    JobKind Kind { get; }

    Task<JobEnd> RunAsync(Job job, CancellationToken ct);
}
