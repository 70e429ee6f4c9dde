namespace StablePay.Storage.Tests;

internal static class ClaimAny
{
    /// <summary>Claims what is due, of each lane no more than this.</summary>
    public static async Task<IReadOnlyList<Job>> ClaimAnyAsync(
        this JobTable jobs,
        string owner,
        Instant now,
        int mostPerLane
    )
    {
        var lanes = await jobs.LanesDueAsync(now, default);
        return await jobs.ClaimAsync(owner, now, [.. lanes.Select(lane => new LaneShare(lane, mostPerLane))], default);
    }
}
