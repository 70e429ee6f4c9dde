using System.Collections.Concurrent;

namespace StablePay.Storage.Tests;

public sealed class JobTests(TestCluster cluster) : StorageTest(cluster)
{
    [Heavy]
    [Theory, OnBoth]
    public async Task Every_job_is_claimed_once_and_no_lane_above_its_share_when_sixteen_workers_race(string provider)
    {
        const int Jobs = 4000;
        await using var test = await CreateAsync(provider);
        var first = await test.OpenAsync();
        // SQLite has one process, PostgreSQL has workers in several.
        List<Database> nodes = test.IsSqlite
            ? [first]
            : [first, await test.OpenAsync(), await test.OpenAsync(), await test.OpenAsync()];
        await Task.WhenAll(
            Enumerable
                .Range(0, Jobs)
                .Select(i =>
                    RunAsync(
                        first,
                        Sample.AddTo(new Commit(), Sample.Draft($"job{i}", lane: i % 2 == 0 ? "" : $"lane{i % 50}"))
                    )
                )
        );

        (await first.Jobs.LanesDueAsync(new Instant(Sample.Now.UnixMs - 1), default)).ShouldBeEmpty();

        ConcurrentBag<JobId> claimed = [];
        await Task.WhenAll(
            Enumerable
                .Range(0, 16)
                .Select(worker =>
                    Task.Run(async () =>
                    {
                        var jobs = nodes[worker % nodes.Count].Jobs;
                        while (true)
                        {
                            var lanes = await jobs.LanesDueAsync(Sample.Now, default);
                            if (lanes.Count == 0)
                                return;
                            List<LaneShare> shares = [.. lanes.Select((lane, i) => new LaneShare(lane, 5 + (i % 3)))];
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

    [Theory, OnBoth]
    public async Task Job_is_finished_only_by_the_attempt_that_holds_it(string provider)
    {
        await using var test = await CreateAsync(provider);
        var database = await test.OpenAsync();
        await DoneAsync(database, Sample.AddTo(new Commit(), Sample.Draft("only")));
        var slept = (await database.Jobs.ClaimAnyAsync("a", Sample.Now, 10)).Single();
        slept.Attempt.ShouldBe(1);
        slept.LeaseEndsAt.ShouldBe(Sample.Now + JobKind.ExpireSession.Lease);
        (await database.Jobs.ClaimAnyAsync("b", Sample.Now, 10)).ShouldBeEmpty();
        (await database.Jobs.NextDueAsync(default)).ShouldBe(slept.LeaseEndsAt);

        var again = (await database.Jobs.ClaimAnyAsync("a", slept.LeaseEndsAt, 10)).Single();
        again.Attempt.ShouldBe(2);
        var session = Sample.Session();
        (await RunAsync(database, new Commit().Insert(session).Finish(slept, new JobOutcome.Done()))).ShouldBe(
            new CommitResult.Stale("job")
        );
        (await database.Sessions.FindAsync(session.Id, default)).ShouldBeNull();
        (
            await RunAsync(database, new Commit().Finish(again with { LeaseOwner = "thief" }, new JobOutcome.Done()))
        ).IsDone.ShouldBeFalse();

        var later = Sample.Now + TimeSpan.FromHours(1);
        await DoneAsync(database, new Commit().Finish(again, new JobOutcome.Again(later, "timeout")));
        (await RunAsync(database, new Commit().Finish(again, new JobOutcome.Done()))).ShouldBe(
            new CommitResult.Stale("job")
        );
        (await database.Jobs.NextDueAsync(default)).ShouldBe(later);
        var third = (await database.Jobs.ClaimAnyAsync("c", later, 10)).Single();
        third.Attempt.ShouldBe(3);
        await DoneAsync(database, new Commit().Finish(third, new JobOutcome.Done()));
        (await database.Jobs.CountAsync(default)).ShouldBe(new JobCounts(0, 1, 0));
        (await database.Jobs.NextDueAsync(default)).ShouldBeNull();
    }

    [Theory, OnBoth]
    public async Task Job_is_dead_when_its_attempts_are_used_up_or_its_holder_says_so(string provider)
    {
        await using var test = await CreateAsync(provider);
        var database = await test.OpenAsync();
        await DoneAsync(database, Sample.AddTo(new Commit(), Sample.Draft("given up")));
        var job = (await database.Jobs.ClaimAnyAsync("a", Sample.Now, 1)).Single();
        await DoneAsync(database, new Commit().Finish(job, new JobOutcome.Dead("no use")));
        (await test.AskAsync("select state || last_error from jobs")).ShouldBe("deadno use");

        await DoneAsync(
            database,
            Sample.AddTo(new Commit(), Sample.Draft("spent", kind: JobKind.DeliverWebhook, lane: "we_1"))
        );
        var now = Sample.Now;
        var most = JobKind.DeliverWebhook.MaxAttempts;
        (await database.Jobs.ClaimAnyAsync("a", now, 10)).Single().Attempt.ShouldBe(1);
        await test.AskAsync($"update jobs set attempt = {most - 3} where unique_key = 'spent'");
        for (var attempt = most - 2; attempt <= most; attempt++)
        {
            now += JobKind.DeliverWebhook.Lease;
            (await database.Jobs.ClaimAnyAsync("a", now, 10)).Single().Attempt.ShouldBe(attempt);
        }
        now += JobKind.DeliverWebhook.Lease;
        (await database.Jobs.ClaimAnyAsync("a", now, 10)).ShouldBeEmpty();
        (await database.Jobs.CountAsync(default)).ShouldBe(new JobCounts(0, 0, 2));
        (await database.Jobs.ClaimAnyAsync("a", now + TimeSpan.FromDays(9), 10)).ShouldBeEmpty();
    }

    [Theory, OnBoth]
    public async Task Job_is_made_once_when_its_unique_key_comes_twice(string provider)
    {
        await using var test = await CreateAsync(provider);
        var database = await test.OpenAsync();
        var draft = Sample.Draft("same");
        await DoneAsync(database, Sample.AddTo(Sample.AddTo(new Commit(), draft), draft));
        var session = Sample.Session();
        await DoneAsync(database, Sample.AddTo(new Commit().Insert(session), draft));
        (await database.Sessions.FindAsync(session.Id, default)).ShouldNotBeNull();
        (await database.Jobs.CountAsync(default)).ShouldBe(new JobCounts(1, 0, 0));
    }

    [Theory, OnBoth]
    public async Task Healthy_lane_is_served_when_a_thousand_full_lanes_are_due_before_it(string provider)
    {
        await using var test = await CreateAsync(provider);
        var database = await test.OpenAsync();
        var full = Enumerable.Range(0, 1000).Select(i => $"we_full{i}").ToHashSet();
        await Task.WhenAll(
            full.SelectMany(lane =>
                Enumerable
                    .Range(0, 5)
                    .Select(i =>
                        RunAsync(database, Sample.AddTo(new Commit(), Sample.Draft($"{lane}:{i}", lane: lane)))
                    )
            )
        );
        var later = Sample.Now + TimeSpan.FromSeconds(1);
        await DoneAsync(
            database,
            Enumerable
                .Range(0, 10)
                .Aggregate(new Commit(), (c, i) => Sample.AddTo(c, Sample.Draft($"healthy{i}", later, "we_healthy")))
        );
        await DoneAsync(database, Sample.AddTo(new Commit(), Sample.Draft("no lane", later)));

        var open = (await database.Jobs.LanesDueAsync(later, default)).Where(lane => !full.Contains(lane)).ToList();
        open.ShouldBe(["", "we_healthy"]);
        LaneShare[] shares = [new("", 1), new("we_healthy", 7)];
        var claimed = await database.Jobs.ClaimAsync("w", later, shares, default);
        claimed.Count(j => j.Lane == "we_healthy").ShouldBe(7);
        claimed.Count(j => j.Lane.Length == 0).ShouldBe(1);
        claimed.Count.ShouldBe(8);
        var rest = await database.Jobs.ClaimAsync("w", later, shares, default);
        rest.Select(j => j.Lane).ShouldBe(["we_healthy", "we_healthy", "we_healthy"]);
        (await database.Jobs.ClaimAsync("w", later, shares, default)).ShouldBeEmpty();
        (await database.Jobs.LanesDueAsync(later, default)).Count.ShouldBe(1000);
    }

    [Theory, OnBoth]
    public async Task Longest_due_job_comes_first_and_nothing_comes_early(string provider)
    {
        await using var test = await CreateAsync(provider);
        var database = await test.OpenAsync();
        for (var i = 0; i < 6; i++)
            await DoneAsync(
                database,
                Sample.AddTo(
                    new Commit(),
                    Sample.Draft($"{i}", Sample.Now + TimeSpan.FromSeconds(5 - i)) with
                    {
                        Subject = $"{i}",
                    }
                )
            );
        (await database.Jobs.NextDueAsync(default)).ShouldBe(Sample.Now);
        var claimed = await database.Jobs.ClaimAnyAsync("w", Sample.Now + TimeSpan.FromSeconds(2), 100);
        claimed.Select(j => j.Subject).Order().ShouldBe(["3", "4", "5"]);
        (await database.Jobs.ClaimAnyAsync("w", Sample.Now + TimeSpan.FromSeconds(4), 1))
            .Single()
            .Subject.ShouldBe("2");
        await DoneAsync(database, new Commit().Finish(claimed[0], new JobOutcome.Done()));
        (await database.Jobs.PruneDoneAsync(Sample.Now, default)).ShouldBe(0);
        (await database.Jobs.PruneDoneAsync(Sample.Now + TimeSpan.FromDays(1), default)).ShouldBe(1);
        (await database.Jobs.CountAsync(default)).ShouldBe(new JobCounts(5, 0, 0));
    }
}
