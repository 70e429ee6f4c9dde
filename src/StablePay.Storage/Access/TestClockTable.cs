namespace StablePay.Storage;

/// <summary>Table <c>test_clock_steps</c>: how far the clocks of stores are ahead in test mode.</summary>
public sealed class TestClockTable
{
    private static readonly CommitResult Moved = new CommitResult.Stale("test_clock");
    private readonly Db _db;

    internal TestClockTable(Db db) => _db = db;

    /// <summary>The store's clock in test mode; one that shows the real time if it was never moved.</summary>
    public async Task<StoreClock> FindAsync(StoreId store, CancellationToken ct)
    {
        var steps = await _db.ListAsync(
            $"select from_ms, offset_ms from test_clock_steps where store_id = {store} order by number",
            row => new ClockStep(row.Time(), TimeSpan.FromMilliseconds(row.Number())),
            ct
        );
        return steps.Count == 0 ? StoreClock.Real : new StoreClock(steps);
    }

    /// <summary>Stale <c>test_clock</c> if somebody has moved it since it was read.</summary>
    internal static Statement Insert(StoreId store, StoreClock before, ClockStep step) =>
        Statement.Of(
            $"""
            insert into test_clock_steps (store_id, number, from_ms, offset_ms)
            values ({store}, {before.Steps.Count + 1L}, {step.From}, {(long)step.Offset.TotalMilliseconds})
            on conflict do nothing
            """,
            Moved
        );
}
