using System.Collections.Concurrent;

namespace StablePay.Storage.Tests;

public sealed class LaneShareTests(TestCluster cluster) : StorageTest(cluster)
{
    [Theory, OnBoth]
    public async Task Every_job_is_claimed_once_and_no_lane_above_its_share_when_workers_race(string provider)
    {
        const int Jobs = 900;
        await using var test = await CreateAsync(provider);
        var first = await test.OpenAsync();
        List<Database> nodes = test.IsSqlite ? [first] : [first, await test.OpenAsync(), await test.OpenAsync()];
        await Task.WhenAll(
            Enumerable
                .Range(0, Jobs)
                .Select(i =>
                    RunAsync(
                        first,
                        Sample.AddTo(new Commit(), Sample.Draft($"{i}", lane: i % 3 == 0 ? "" : $"l{i % 20}"))
                    )
                )
        );
        (await first.Jobs.LanesDueAsync(new Instant(Sample.Now.UnixMs - 1), default)).ShouldBeEmpty();

        ConcurrentBag<JobId> claimed = [];
        await Task.WhenAll(
            Enumerable
                .Range(0, 12)
                .Select(worker =>
                    Task.Run(async () =>
                    {
                        var jobs = nodes[worker % nodes.Count].Jobs;
                        while (true)
                        {
                            var lanes = await jobs.LanesDueAsync(Sample.Now, default);
                            if (lanes.Count == 0)
                                return;
                            List<LaneShare> shares = [.. lanes.Select((lane, i) => new LaneShare(lane, 1 + (i % 3)))];
                            var mine = await jobs.ClaimAsync($"w{worker}", Sample.Now, shares, default);
                            foreach (var lane in mine.GroupBy(job => job.Lane))
                                lane.Count().ShouldBeLessThanOrEqualTo(shares.Single(s => s.Lane == lane.Key).Most);
                            foreach (var job in mine)
                                claimed.Add(job.Id);
                        }
                    })
                )
        );
        claimed.Count.ShouldBe(Jobs);
        claimed.Distinct().Count().ShouldBe(Jobs);
    }
}
