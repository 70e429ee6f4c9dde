namespace StablePay.Simulation.World;

/// <summary>A process's clock: the world's time, wrong by as much as it is told, and timers that the agenda keeps.</summary>
internal sealed class SimClock(Agenda agenda, SimProcess process) : TimeProvider
{
    /// <summary>How much this clock is ahead of the world; timers and time stamps do not follow it.</summary>
    public TimeSpan Skew
    {
        get;
        set
        {
            field = value;
            SteppedAt = agenda.Elapsed;
        }
    }

    /// <summary>When it was last set, in the world's time; null if it never was.</summary>
    public TimeSpan? SteppedAt { get; private set; }

    public override DateTimeOffset GetUtcNow() => agenda.Time + Skew;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => agenda.Elapsed.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new SimTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class SimTimer(SimClock clock, Action fire) : ITimer
    {
        private readonly SimClock _clock = clock;
        private Plan? _plan;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _plan?.CallOff();
            _plan = dueTime == Timeout.InfiniteTimeSpan ? null : _clock.Plan(this, dueTime, period);
            return true;
        }

        public void Fire(TimeSpan period)
        {
            if (period != Timeout.InfiniteTimeSpan && period > TimeSpan.Zero)
                _plan = _clock.Plan(this, period, period);
            fire();
        }

        public void Dispose() => _plan?.CallOff();

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }

    private Plan Plan(SimTimer timer, TimeSpan wait, TimeSpan period)
    {
        Plan? plan = null;
        // A timer that was called off while its process was paused does not fire afterwards either.
        plan = agenda.After(
            wait,
            () =>
                process.Complete(() =>
                {
                    if (!plan!.IsOff)
                        timer.Fire(period);
                })
        );
        return plan;
    }
}
