using StablePay.Engine.Access;
using StablePay.Storage;

namespace StablePay.Engine.TestMode;

/// <summary>A wish to move a clock: so far, or to a time. Exactly one of the two.</summary>
/// <param name="To">What it is to show.</param>
public sealed record ClockMove(TimeSpan? By, Instant? To);

/// <summary>A store's clock at a moment.</summary>
/// <param name="Now">What it shows.</param>
/// <param name="Offset">How far that is ahead of the real time.</param>
public sealed record TestClockReading(Instant Now, TimeSpan Offset);

/// <summary>
/// Moves a store's clock forward in test mode, never back. What is due then is done by the engine as ever: nothing
/// happens here but that it is due. Live mode has no such clock.
/// </summary>
public sealed class MoveTestClock(Database database, StoreClocks clocks, ChangeSignal changed)
{
    /// <summary>What the clock of the caller's store shows; the caller is in test mode.</summary>
    public async Task<TestClockReading> ReadAsync(Caller caller, CancellationToken ct) =>
        ReadingOf(await ClockOfAsync(caller.Store.Id, caller.Live, ct), clocks.Now);

    /// <summary>
    /// Moves the clock of the caller's store. Refused, with the member's name: back or nowhere, more than a year at
    /// once, more than ten years in all.
    /// </summary>
    /// <param name="answer">The answer's bytes, kept with the move for the request's Idempotency-Key.</param>
    public async Task<Result<TestClockReading>> RunAsync(
        Caller caller,
        ClockMove move,
        Func<TestClockReading, byte[]> answer,
        CancellationToken ct
    )
    {
        var (reading, result) = await Attempts.RunAsync<Result<TestClockReading>>(
            database.Commits,
            async () =>
            {
                var (now, clock) = (clocks.Now, await ClockOfAsync(caller.Store.Id, caller.Live, ct));
                var step = move.To is { } to
                    ? clock.Advance(now, to - clock.At(now), "to")
                    : clock.Advance(now, move.By ?? TimeSpan.Zero, "seconds");
                if (!step.IsOk)
                    return (step.Rejection, null);
                var moved = ReadingOf(new StoreClock([.. clock.Steps, step.Value]), now);
                var commit = new Commit().Advance(caller.Store.Id, clock, step.Value, now);
                caller.Scope.AddTo(commit, 200, answer(moved));
                return (moved, commit);
            },
            ct
        );
        if (RequestScope.RefusalOf(result) is { } spent)
            return spent;
        Invariant.Holds(result.IsDone, $"a clock's move was refused: {result}");
        if (reading.IsOk)
        {
            caller.Scope.MarkSpent();
            changed.Signal();
        }
        return reading;
    }

    /// <summary>
    /// Moves a store's clock until it shows this time; a refusal where that is too far. Nothing if it shows it already.
    /// </summary>
    public async Task<Rejection?> PassAsync(StoreId store, Instant shown, CancellationToken ct)
    {
        var (refused, result) = await Attempts.RunAsync<Rejection?>(
            database.Commits,
            async () =>
            {
                var (now, clock) = (clocks.Now, await ClockOfAsync(store, live: false, ct));
                if (clock.At(now) >= shown)
                    return (null, null);
                var step = clock.Advance(now, shown - clock.At(now), "scenario");
                return step.IsOk ? (null, new Commit().Advance(store, clock, step.Value, now)) : (step.Rejection, null);
            },
            ct
        );
        Invariant.Holds(result.IsDone, $"a clock's move was refused: {result}");
        changed.Signal();
        return refused;
    }

    private Task<StoreClock> ClockOfAsync(StoreId store, bool live, CancellationToken ct)
    {
        Invariant.Holds(!live, "live mode goes by the real time");
        return clocks.OfAsync(store, live, ct);
    }

    private static TestClockReading ReadingOf(StoreClock clock, Instant now) => new(clock.At(now), clock.At(now) - now);
}
