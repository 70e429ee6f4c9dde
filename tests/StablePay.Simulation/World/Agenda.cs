namespace StablePay.Simulation.World;

/// <summary>Something that is to happen, and may be called off before it does.</summary>
internal sealed class Plan(Action act)
{
    public bool IsOff { get; private set; }

    public void CallOff() => IsOff = true;

    public void Run()
    {
        if (!IsOff)
            act();
    }
}

/// <summary>
/// The world's time: it stands still while something happens, and jumps to whatever happens next. What is planned for
/// one moment happens in the order in which it was planned.
/// </summary>
internal sealed class Agenda(DateTimeOffset start)
{
    private readonly PriorityQueue<Plan, (TimeSpan, long)> _plans = new();
    private long _planned;

    /// <summary>Since the start.</summary>
    public TimeSpan Elapsed { get; private set; }

    public DateTimeOffset Time => start + Elapsed;

    public Instant Now => Instant.From(Time);

    public Plan After(TimeSpan wait, Action act)
    {
        var plan = new Plan(act);
        _plans.Enqueue(plan, (Elapsed + (wait < TimeSpan.Zero ? TimeSpan.Zero : wait), _planned++));
        return plan;
    }

    /// <summary>Lets the next thing happen. False if nothing is planned.</summary>
    public bool Step()
    {
        while (_plans.TryDequeue(out var plan, out var when))
        {
            if (plan.IsOff)
                continue;
            Elapsed = when.Item1;
            plan.Run();
            return true;
        }
        return false;
    }
}
