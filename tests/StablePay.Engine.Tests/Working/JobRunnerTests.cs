using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Time.Testing;
using StablePay.Engine.Working;
using StablePay.Storage;
using StablePay.Storage.Tests;

namespace StablePay.Engine.Tests.Working;

public sealed class JobRunnerTests(TestCluster cluster)
{
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.FromUnixTimeSeconds(1_777_500_000));

    [Theory, OnBoth]
    public async Task Every_job_runs_once_when_several_runners_share_a_database(string provider)
    {
        await using var world = await World.CreateAsync(_clock, provider, cluster);
        await AddAsync(world, 400, i => $"lane{i % 7}");
        ConcurrentBag<string> ran = [];
        var runners = Enumerable
            .Range(0, 4)
            .Select(i =>
                world.NewRunner(
                    Scripted.Only(
                        (job, _) =>
                        {
                            ran.Add(job.Subject);
                            return Task.FromResult(JobEnd.Done());
                        }
                    ),
                    owner: $"runner-{i}"
                )
            )
            .ToList();

        await Task.WhenAll(runners.Select(World.SettleAsync));
        await World.SettleAsync(runners[0]);

        ran.Count.ShouldBe(400);
        ran.ShouldBeUnique();
        (await world.Db.Jobs.CountAsync(default)).ShouldBe(new JobCounts(0, 400, 0));
    }

    [Theory, OnBoth]
    public async Task Runner_that_slept_past_its_lease_changes_nothing(string provider)
    {
        await using var world = await World.CreateAsync(_clock, provider, cluster);
        await AddAsync(world, 1, _ => "lane");
        var wake = new TaskCompletionSource();
        var sleeper = world.NewRunner(
            Scripted.Only(
                async (_, _) =>
                {
                    await wake.Task;
                    return new JobEnd(
                        new JobOutcome.Dead("from the sleeper"),
                        new Commit().Insert(MerchantOf("mer_sleeper"))
                    );
                }
            ),
            owner: "sleeper"
        );
        await sleeper.StepAsync(default);
        _clock.Advance(JobKind.DeliverWebhook.Lease);
        var other = world.NewRunner(
            Scripted.Only(
                (job, _) => Task.FromResult(JobEnd.Done(new Commit().Insert(MerchantOf($"mer_{job.Attempt}"))))
            ),
            owner: "other"
        );

        await World.SettleAsync(other);
        wake.SetResult();
        await sleeper.DrainAsync();

        (await world.Db.Jobs.CountAsync(default)).ShouldBe(new JobCounts(0, 1, 0));
        (await world.Db.Access.FindMerchantAsync(MerchantId.From("mer_2"), default)).ShouldNotBeNull();
        (await world.Db.Access.FindMerchantAsync(MerchantId.From("mer_sleeper"), default)).ShouldBeNull();
    }

    [Fact]
    public async Task Job_is_tried_again_later_when_its_handler_throws_and_is_never_lost()
    {
        await using var world = await World.CreateAsync(_clock);
        await AddAsync(world, 1, _ => "lane");
        List<Instant> tries = [];
        ConcurrentQueue<Exception> faults = [];
        var runner = world.NewRunner(
            Scripted.Only(
                (_, _) =>
                {
                    tries.Add(world.Now);
                    return tries.Count < 6
                        ? throw new InvalidOperationException("broken")
                        : Task.FromResult(JobEnd.Done());
                }
            ),
            onFault: (_, e) => faults.Enqueue(e)
        );

        while ((await world.Db.Jobs.CountAsync(default)).Ready > 0)
        {
            await World.SettleAsync(runner);
            _clock.Advance(TimeSpan.FromMilliseconds(100));
        }

        tries.Count.ShouldBe(6);
        faults.Count.ShouldBe(5);
        faults.ShouldAllBe(e => e.Message == "broken");
        for (var i = 1; i < tries.Count; i++)
        {
            var full = TimeSpan.FromSeconds(1 << (i - 1));
            (tries[i] - tries[i - 1]).ShouldBeInRange(full / 2, full + TimeSpan.FromMilliseconds(200));
        }
    }

    [Fact]
    public async Task Job_is_dead_when_its_attempts_are_used_up()
    {
        await using var world = await World.CreateAsync(_clock);
        await AddAsync(world, 1, _ => "lane");
        var tries = 0;
        var runner = world.NewRunner(
            Scripted.Only((_, _) => throw new InvalidOperationException($"{++tries}")),
            onFault: (_, _) => { }
        );

        while ((await world.Db.Jobs.CountAsync(default)).Ready > 0)
        {
            await World.SettleAsync(runner);
            _clock.Advance(TimeSpan.FromMinutes(11));
        }

        tries.ShouldBe(JobKind.DeliverWebhook.MaxAttempts);
        (await world.Db.Jobs.CountAsync(default)).Dead.ShouldBe(1);
    }

    [Fact]
    public async Task Job_is_tried_again_when_what_it_had_read_went_stale()
    {
        await using var world = await World.CreateAsync(_clock);
        await AddAsync(world, 1, _ => "lane");
        var tries = 0;
        var taken = MerchantOf("mer_taken");
        (await world.Db.Commits.RunAsync(new Commit().Insert(taken), default)).IsDone.ShouldBeTrue();
        var runner = world.NewRunner(
            Scripted.Only(
                (_, _) =>
                    Task.FromResult(
                        JobEnd.Done(
                            ++tries == 1 ? new Commit().Insert(taken) : new Commit().Insert(MerchantOf("mer_free"))
                        )
                    )
            )
        );

        await World.SettleAsync(runner);
        (await world.Db.Jobs.CountAsync(default)).Ready.ShouldBe(1);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await World.SettleAsync(runner);

        tries.ShouldBe(2);
        (await world.Db.Jobs.CountAsync(default)).Done.ShouldBe(1);
    }

    [Fact]
    public async Task Job_is_due_again_at_once_when_the_program_stops()
    {
        await using var world = await World.CreateAsync(_clock);
        await AddAsync(world, 1, _ => "lane");
        using var stop = new CancellationTokenSource();
        var runner = world.NewRunner(
            Scripted.Only(
                async (_, ct) =>
                {
                    await Task.Delay(Timeout.Infinite, ct);
                    return JobEnd.Done();
                }
            )
        );
        await runner.StepAsync(stop.Token);

        await stop.CancelAsync();
        await runner.DrainAsync();

        runner.InFlight.ShouldBe(0);
        (await world.Db.Jobs.NextDueAsync(default)).ShouldBe(world.Now);
    }

    [Fact]
    public async Task Next_look_is_when_the_next_job_is_due_and_at_the_latest_after_the_poll()
    {
        await using var world = await World.CreateAsync(_clock);
        var runner = world.NewRunner(Scripted.Only((_, _) => Task.FromResult(JobEnd.Done())));

        (await runner.StepAsync(default)).ShouldBe(new StepResult(0, false, world.Now + TimeSpan.FromSeconds(1)));

        await AddAsync(world, 1, _ => "lane", world.Now + TimeSpan.FromMilliseconds(300));
        (await runner.StepAsync(default)).ShouldBe(
            new StepResult(0, false, world.Now + TimeSpan.FromMilliseconds(300))
        );
    }

    [Fact]
    public async Task Lane_has_one_place_until_it_succeeds_fast_and_again_once_it_is_slow()
    {
        await using var world = await World.CreateAsync(_clock);
        await AddAsync(world, 300, _ => "lane");
        var lane = new Gate();
        var runner = world.NewRunner(Scripted.Only(lane.RunAsync));

        foreach (var width in new[] { 1, 2, 4, 8, 16, 32, 32 })
        {
            await StepUntilAsync(runner, () => lane.Waiting == width && runner.InFlight == width);
            lane.Release(1);
            await Poll.UntilAsync(() => lane.Waiting != width || runner.InFlight != width || width == 32);
        }

        // The attempts in flight now take as long as with a receiver that hangs.
        await StepUntilAsync(runner, () => lane.Waiting == 32);
        _clock.Advance(TimeSpan.FromSeconds(30));
        lane.Release(32);
        await runner.DrainAsync();
        await runner.StepAsync(default);
        await runner.StepAsync(default);

        runner.InFlight.ShouldBe(1);
        await Poll.UntilAsync(() => lane.Waiting == 1);
        lane.Release(1);
        await runner.DrainAsync();
    }

    [Fact]
    public async Task Lane_that_became_slow_keeps_no_jobs_from_others_and_loses_none()
    {
        await using var world = await World.CreateAsync(_clock);
        await AddAsync(world, 200, _ => "lane");
        ConcurrentBag<string> ran = [];
        var isSlow = false;
        var runner = world.NewRunner(
            Scripted.Only(
                (job, _) =>
                {
                    ran.Add(job.Subject);
                    if (Volatile.Read(ref isSlow))
                        _clock.Advance(TimeSpan.FromSeconds(5));
                    return Task.FromResult(JobEnd.Done());
                }
            )
        );
        for (var i = 0; i < 4; i++)
        {
            await runner.StepAsync(default);
            await runner.DrainAsync();
        }
        Volatile.Write(ref isSlow, true);
        await runner.StepAsync(default);
        await runner.DrainAsync();
        Volatile.Write(ref isSlow, false);

        while ((await world.Db.Jobs.CountAsync(default)).Ready > 0)
        {
            await World.SettleAsync(runner);
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        ran.Count.ShouldBe(200);
        ran.ShouldBeUnique();
    }

    [Fact]
    public async Task WH_07_places_of_proven_lanes_stay_free_when_ever_more_lanes_hang()
    {
        await using var world = await World.CreateAsync(_clock);
        await AddAsync(world, 40, _ => "healthy");
        var hanging = new Gate();
        var done = 0;
        var runner = world.NewRunner(
            Scripted.Only(
                (job, ct) =>
                {
                    if (job.Lane != "healthy")
                        return hanging.RunAsync(job, ct);
                    Interlocked.Increment(ref done);
                    return Task.FromResult(JobEnd.Done());
                }
            ),
            new RunnerLimits(Places: 16, UnprovenPlaces: 12, PerLane: 4, WithoutLane: 4, Claim: 64)
        );
        await runner.StepAsync(default);
        await runner.DrainAsync();
        done.ShouldBe(1, "the first success proves the lane");

        await AddAsync(world, 100, i => $"hangs{i}", world.Now - TimeSpan.FromMinutes(1));
        for (var i = 0; i < 200 && Volatile.Read(ref done) < 40; i++)
        {
            await runner.StepAsync(default);
            await Poll.UntilAsync(() => runner.InFlight <= 12);
        }

        done.ShouldBe(40);
        hanging.Waiting.ShouldBe(12);
        hanging.Release(12);
        await runner.DrainAsync();
    }

    [Fact]
    public async Task Jobs_without_a_lane_run_beside_lanes_that_hang()
    {
        await using var world = await World.CreateAsync(_clock);
        await AddAsync(world, 20, i => $"hangs{i}");
        await AddAsync(world, 50, _ => "");
        var hanging = new Gate();
        var done = 0;
        var runner = world.NewRunner(
            Scripted.Only(
                (job, ct) =>
                {
                    if (job.Lane.Length > 0)
                        return hanging.RunAsync(job, ct);
                    Interlocked.Increment(ref done);
                    return Task.FromResult(JobEnd.Done());
                }
            )
        );

        await runner.StepAsync(default);
        await Poll.UntilAsync(() => Volatile.Read(ref done) == 50 && hanging.Waiting == 20);

        hanging.Release(20);
        await runner.DrainAsync();
    }

    private static Merchant MerchantOf(string id) => new(MerchantId.From(id), "M", new Instant(0));

    private static Task AddAsync(World world, int count, Func<int, string> lane, Instant? due = null) =>
        Task.WhenAll(
            Enumerable
                .Range(0, count)
                .Select(async i =>
                {
                    var id = world.Ids.Next<JobId>(world.Now);
                    var draft = new JobDraft(JobKind.DeliverWebhook, id.Value, due ?? world.Now, id.Value, lane(i));
                    (
                        await world.Db.Commits.RunAsync(new Commit().Add(draft, id, world.Now), default)
                    ).IsDone.ShouldBeTrue();
                })
        );

    private static async Task StepUntilAsync(JobRunner runner, Func<bool> condition)
    {
        var started = Stopwatch.GetTimestamp();
        while (!condition())
        {
            await runner.StepAsync(default);
            Stopwatch.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(30));
        }
    }

    /// <summary>A receiver that answers when the test lets it.</summary>
    private sealed class Gate
    {
        private readonly ConcurrentQueue<TaskCompletionSource> _waiting = new();

        public int Waiting => _waiting.Count;

        public void Release(int count)
        {
            for (var i = 0; i < count && _waiting.TryDequeue(out var waiter); i++)
                waiter.SetResult();
        }

        public async Task<JobEnd> RunAsync(Job job, CancellationToken ct)
        {
            var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue(waiter);
            await waiter.Task.WaitAsync(ct);
            return JobEnd.Done();
        }
    }
}
