using StablePay.Storage;

namespace StablePay.Engine.TestMode;

/// <summary>
/// What time it is: for us, and for each store. What a test session shows and decides is its store's time; jobs,
/// signatures, nonces and rate limits keep the real one.
/// </summary>
public sealed class StoreClocks(Database database, TimeProvider clock)
{
    /// <summary>The real time.</summary>
    public Instant Now => clock.Now;

    /// <summary>The clock of a store in one of its modes.</summary>
    public Task<StoreClock> OfAsync(StoreId store, bool live, CancellationToken ct) =>
        live ? Task.FromResult(StoreClock.Real) : database.TestClocks.FindAsync(store, ct);

    /// <summary>The clock that a session goes by.</summary>
    public Task<StoreClock> OfAsync(CheckoutSession session, CancellationToken ct) =>
        OfAsync(session.Store, session.Live, ct);
}

public static class StoreClockJobs
{
    extension(StoreClock clock)
    {
        /// <summary>
        /// A job whose time was told by this clock, for the jobs table, which goes by the real time. Where the clock
        /// was moved the job looks for itself, at once: it may be moved again while this is being written.
        /// </summary>
        public JobDraft Due(JobDraft draft, Instant now) => clock.WasMoved ? draft with { DueAt = now } : draft;
    }
}
