namespace StablePay.Core.Access;

/// <summary>From this point of real time on a store's clock is so much ahead.</summary>
public sealed record ClockStep(Instant From, TimeSpan Offset);

/// <summary>
/// What time it is for a store. In live mode that is the real time; in test mode a merchant may move it forward. It is
/// told piece by piece, so that a block of the past keeps the time at which it came: a payment made before the clock
/// was moved is not made late by it.
/// </summary>
public sealed class StoreClock
{
    /// <summary>The farthest that one call moves it, in seconds: a year.</summary>
    public const long MostSeconds = 31_536_000;

    /// <summary>How far it may be ahead in all: ten years.</summary>
    public static readonly TimeSpan MostOffset = TimeSpan.FromDays(3_650);

    /// <summary>A clock that was never moved, and every clock of live mode.</summary>
    public static readonly StoreClock Real = new([]);

    /// <param name="steps">In their order: neither times nor offsets ever fall.</param>
    public StoreClock(IReadOnlyList<ClockStep> steps)
    {
        for (var i = 1; i < steps.Count; i++)
            Invariant.Holds(
                steps[i].From >= steps[i - 1].From && steps[i].Offset > steps[i - 1].Offset,
                "a store's clock never goes back"
            );
        Steps = steps;
    }

    /// <summary>Every move, oldest first.</summary>
    public IReadOnlyList<ClockStep> Steps { get; }

    public bool WasMoved => Steps.Count > 0;

    /// <summary>How far it is ahead since it was moved last.</summary>
    public TimeSpan Offset => WasMoved ? Steps[^1].Offset : TimeSpan.Zero;

    /// <summary>What it showed, or will show if nobody moves it again, at a point of real time.</summary>
    public Instant At(Instant real)
    {
        for (var i = Steps.Count - 1; i >= 0; i--)
            if (Steps[i].From <= real)
                return real + Steps[i].Offset;
        return real;
    }

    /// <summary>The first point of real time at which it shows this time or a later one.</summary>
    public Instant RealOf(Instant shown)
    {
        var first = shown;
        foreach (var step in Steps)
        {
            if (first < step.From)
                return first;
            first = shown - step.Offset;
            if (first < step.From)
                first = step.From;
        }
        return first;
    }

    /// <summary>The step that moves it forward from now on.</summary>
    /// <param name="now">The real time.</param>
    /// <param name="by">More than nothing; at most <see cref="MostSeconds"/>.</param>
    /// <param name="param">The member of the request that asked for it.</param>
    public Result<ClockStep> Advance(Instant now, TimeSpan by, string param)
    {
        if (by <= TimeSpan.Zero)
            return new Rejection(
                ErrorCode.ParameterInvalid,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The clock stands at {At(now).UnixSeconds} and never goes back."
                ),
                param
            );
        if (by > TimeSpan.FromSeconds(MostSeconds))
            return new Rejection(
                ErrorCode.ParameterInvalid,
                string.Create(CultureInfo.InvariantCulture, $"One call moves the clock by at most {MostSeconds} s."),
                param
            );
        var offset = Offset + by;
        if (offset > MostOffset)
            return new Rejection(
                ErrorCode.ParameterInvalid,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The clock may be at most {(long)MostOffset.Days} days ahead of the real time."
                ),
                param
            );
        // Another process's clock may be a little ahead of ours: steps keep their order all the same.
        var from = WasMoved && Steps[^1].From > now ? Steps[^1].From : now;
        return new ClockStep(from, offset);
    }
}
