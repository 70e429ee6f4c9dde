using StablePay.Storage;

namespace StablePay.Engine.Working;

/// <param name="Claimed">How many jobs the step took.</param>
/// <param name="HasMore">More is due and has places: step again at once.</param>
/// <param name="NextLook">When to step again without a hint.</param>
public readonly record struct StepResult(int Claimed, bool HasMore, Instant NextLook);

/// <summary>
/// Runs due jobs. A step looks for what is due, claims what there are places for and starts it; attempts go on after
/// the step has returned and set <see cref="Hint"/> when their end makes another step worthwhile. The runner has no
/// timers: a loop steps it, one step at a time.
/// </summary>
public sealed class JobRunner
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MostRetry = TimeSpan.FromMinutes(10);

    /// <summary>
    /// While lanes are known to have more, all lanes are looked through at most for this part of the time: with a
    /// thousand receivers that hang, the looking would cost what the one that answers could use.
    /// </summary>
    private const int LookAtMostOnePartIn = 20;

    /// <summary>More lanes than this are not remembered while they have nothing to do.</summary>
    private const int MostIdleLanes = 4_096;

    private readonly Database _db;
    private readonly Dictionary<JobKind, IJobHandler> _handlers;
    private readonly RunnerLimits _limits;
    private readonly string _owner;
    private readonly TimeProvider _clock;
    private readonly Dice _dice;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Lane> _lanes = [];
    private int _inFlight;
    private int _unproven;
    private bool _wasFull;
    private Instant _looksAgainAt;
    private TaskCompletionSource? _idle;

    /// <param name="handlers">One for every <see cref="JobKind"/>.</param>
    /// <param name="owner">This runner's mark on the jobs that it claims; no other runner may have the same.</param>
    public JobRunner(
        Database db,
        IReadOnlyList<IJobHandler> handlers,
        RunnerLimits limits,
        string owner,
        TimeProvider clock,
        Dice dice
    )
    {
        (_db, _limits, _owner, _clock, _dice) = (db, limits, owner, clock, dice);
        _handlers = handlers.ToDictionary(h => h.Kind);
        foreach (var kind in JobKind.All)
            Invariant.Holds(_handlers.ContainsKey(kind), $"job kind {kind} has a handler");
    }

    /// <summary>
    /// Set when there may be work: by the runner itself, and by whoever has committed a job that is due.
    /// </summary>
    public WorkSignal Hint { get; } = new();

    /// <summary>Told of every exception that a handler or a job's last commit threw, for the log.</summary>
    public Action<Job, Exception>? OnFault { get; init; }

    /// <summary>How many attempts are going on.</summary>
    public int InFlight
    {
        get
        {
            lock (_gate)
                return _inFlight;
        }
    }

    /// <summary>
    /// Claims and starts what is due. Attempts run on with the same token: its cancellation ends them, and their jobs
    /// are due again at once.
    /// </summary>
    public async Task<StepResult> StepAsync(CancellationToken ct)
    {
        var now = _clock.Now;
        if (!Resume(now, ct))
            return new(0, false, now + _limits.Poll);
        if (now < _looksAgainAt && KnownShares() is { Count: > 0 } known)
            return new(await ClaimAsync(known, now, ct), false, _looksAgainAt);
        var shares = Share(await LookAsync(now, ct), out var isPart);
        var claimed = await ClaimAsync(shares, now, ct);
        if (isPart)
            return new(claimed, true, now);
        var next = await _db.Jobs.NextDueAsync(ct);

        // What is due already waits for a place and not for the time; whoever leaves a place sets the hint.
        return new(claimed, false, next > now && next < now + _limits.Poll ? next.Value : now + _limits.Poll);
    }

    /// <summary>Completes when no attempt is going on. Stepping must have stopped.</summary>
    public Task DrainAsync()
    {
        lock (_gate)
        {
            if (_inFlight == 0)
                return Task.CompletedTask;
            _idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _idle.Task;
        }
    }

    /// <summary>Starts what was held for want of places. False when every place is taken.</summary>
    private bool Resume(Instant now, CancellationToken ct)
    {
        List<(Lane, Job)> ready = [];
        bool isOpen;
        lock (_gate)
        {
            foreach (var lane in _lanes.Values)
                TakeHeld(lane, now, ready);
            ForgetIdleLanes();
            isOpen = _inFlight < _limits.Places;
            _wasFull = !isOpen;
        }
        Run(ready, ct);
        return isOpen;
    }

    /// <summary>Which lanes have due jobs.</summary>
    private async Task<IReadOnlyList<string>> LookAsync(Instant now, CancellationToken ct)
    {
        var started = _clock.GetTimestamp();
        var lanes = await _db.Jobs.LanesDueAsync(now, ct);
        _looksAgainAt = now + (_clock.GetElapsedTime(started) * LookAtMostOnePartIn);
        return lanes;
    }

    private async Task<int> ClaimAsync(List<LaneShare> shares, Instant now, CancellationToken ct)
    {
        var claimed = shares.Count > 0 ? await _db.Jobs.ClaimAsync(_owner, now, shares, ct) : [];
        Start(shares, claimed, ct);
        return claimed.Count;
    }

    /// <summary>What to claim of proven lanes that the last look or claim left more in.</summary>
    private List<LaneShare> KnownShares()
    {
        List<LaneShare> shares = [];
        lock (_gate)
        {
            var left = _limits.Claim;
            foreach (var lane in _lanes.Values.Where(l => l.IsProven && l.WantsMore))
            {
                var most = Math.Min(lane.Room, left);
                if (most == 0)
                    break;
                shares.Add(new(lane.Name, most));
                left -= most;
            }
        }
        return shares;
    }

    /// <summary>What to claim of the lanes that have due jobs, the longest waiting first.</summary>
    private List<LaneShare> Share(IReadOnlyList<string> lanes, out bool isPart)
    {
        List<LaneShare> shares = [];
        isPart = false;
        lock (_gate)
        {
            var left = _limits.Claim;
            var unproven = _unproven;
            foreach (var name in lanes)
            {
                var lane = LaneOf(name);
                lane.HasMore = true;
                if (lane.Room <= 0 || (!lane.IsProven && unproven >= _limits.UnprovenPlaces))
                    continue;
                if (left == 0)
                {
                    isPart = true;
                    continue;
                }
                if (!lane.IsProven)
                    unproven++;
                // No lane may take the whole claim: what waits in the others would come a step later.
                var most = Math.Min(Math.Min(lane.Room, left), Math.Max(1, _limits.Claim / 4));
                shares.Add(new(name, most));
                left -= most;
            }
        }
        return shares;
    }

    private void Start(List<LaneShare> shares, IReadOnlyList<Job> claimed, CancellationToken ct)
    {
        List<(Lane, Job)> ready = [];
        var now = _clock.Now;
        lock (_gate)
        {
            foreach (var job in claimed)
                LaneOf(job.Lane).Hold(job);
            foreach (var share in shares)
            {
                var lane = LaneOf(share.Lane);
                lane.HasMore = lane.Held >= share.Most;
                TakeHeld(lane, now, ready);
            }
        }
        Run(ready, ct);
    }

    private void TakeHeld(Lane lane, Instant now, List<(Lane, Job)> ready)
    {
        while (_inFlight < _limits.Places && lane.Held > 0)
        {
            var wasProven = lane.IsProven;
            if (lane.Start(now) is not { } job)
                return;
            _inFlight++;
            if (!wasProven)
                _unproven++;
            ready.Add((lane, job));
        }
    }

    private void Run(List<(Lane Lane, Job Job)> ready, CancellationToken ct)
    {
        // Not awaited: an attempt outlives the step. It catches everything that can be thrown in it.
        foreach (var (lane, job) in ready)
            _ = RunAsync(lane, job, ct);
    }

    private async Task RunAsync(Lane lane, Job job, CancellationToken ct)
    {
        // Handlers may do a good deal before their first wait; the step must not do it for them one after the other.
        await Task.Yield();
        var started = _clock.GetTimestamp();
        var end = await AttemptAsync(job, ct);
        var took = _clock.GetElapsedTime(started);
        await CommitAsync(job, end);
        Leave(lane, took, end.Outcome is JobOutcome.Done, ct);
    }

    private async Task<JobEnd> AttemptAsync(Job job, CancellationToken ct)
    {
        try
        {
            return await _handlers[job.Kind].RunAsync(job, ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return JobEnd.Again(_clock.Now, "stopped");
        }
        catch (Exception e)
        {
            OnFault?.Invoke(job, e);
            return JobEnd.Again(NextTry(job), e.GetType().Name);
        }
    }

    /// <summary>Ends the attempt. It is not cancelable: what was done in the world must be known here.</summary>
    private async Task CommitAsync(Job job, JobEnd end)
    {
        try
        {
            var writes = end.Writes ?? new Commit();
            var result = await _db.Commits.RunAsync(writes.Finish(job, end.Outcome), CancellationToken.None);
            if (result.IsDone || result is CommitResult.Stale { What: "job" })
                return; // A stale job's lease ran out: another attempt has it now, and this one changes nothing.
            var again = new JobOutcome.Again(NextTry(job), "stale");
            await _db.Commits.RunAsync(new Commit().Finish(job, again), CancellationToken.None);
        }
        catch (Exception e)
        {
            // The job keeps its lease and is simply due again when that ends.
            OnFault?.Invoke(job, e);
        }
    }

    private Instant NextTry(Job job) => _clock.Now + Backoff.Delay(job.Attempt, FirstRetry, MostRetry, _dice);

    private void Leave(Lane lane, TimeSpan took, bool succeeded, CancellationToken ct)
    {
        List<(Lane, Job)> ready = [];
        TaskCompletionSource? idle = null;
        bool wantsStep;
        lock (_gate)
        {
            var wasProven = lane.IsProven;
            lane.Finish(took, succeeded);
            _inFlight--;
            RecountUnproven(lane, wasProven);
            if (!ct.IsCancellationRequested)
                TakeHeld(lane, _clock.Now, ready);
            wantsStep = lane.WantsMore || _wasFull;
            if (_inFlight == 0)
                (idle, _idle) = (_idle, null);
        }
        Run(ready, ct);
        if (wantsStep)
            Hint.Set();
        idle?.TrySetResult();
    }

    /// <summary>A lane's attempts count as unproven while the lane does.</summary>
    private void RecountUnproven(Lane lane, bool wasProven)
    {
        if (!wasProven)
            _unproven -= lane.InFlight + 1;
        if (!lane.IsProven)
            _unproven += lane.InFlight;
    }

    private Lane LaneOf(string name)
    {
        if (!_lanes.TryGetValue(name, out var lane))
            _lanes[name] = lane = new Lane(name, _limits);
        return lane;
    }

    private void ForgetIdleLanes()
    {
        if (_lanes.Count <= MostIdleLanes)
            return;
        foreach (var lane in _lanes.Values.Where(l => l.IsIdle).ToList())
            _lanes.Remove(lane.Name);
    }
}
