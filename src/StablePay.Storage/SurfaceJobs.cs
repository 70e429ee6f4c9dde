// Stands in until the storage branch brings the real ones: whoever does deletes this file.
#pragma warning disable
namespace StablePay.Storage;

public sealed record DueJob(JobId Id, string Lane);
public sealed record LaneFilter(IReadOnlyCollection<string> Lanes, bool IsOnly);
public static class JobLook
{
    extension(JobTable jobs)
    {
        public Task<IReadOnlyList<DueJob>> DueAsync(Instant now, int limit, LaneFilter filter, CancellationToken ct) => throw new NotSupportedException();
        public Task<IReadOnlyList<Job>> ClaimAsync(string owner, Instant now, IReadOnlyList<JobId> ids, CancellationToken ct) => throw new NotSupportedException();
    }
}
