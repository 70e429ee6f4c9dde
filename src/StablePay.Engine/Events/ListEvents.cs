using StablePay.Engine.Access;
using StablePay.Storage;

namespace StablePay.Engine.Events;

/// <summary>A page of events; each has the very body that was or will be sent.</summary>
public sealed record EventPage(IReadOnlyList<StoredEvent> Events, bool HasMore);

/// <summary>
/// Every event of the caller's store and mode, in order: what a receiver that missed some reads (WH-12).
/// </summary>
public sealed class ListEvents(Database db)
{
    /// <param name="after">A sequence; 0 for the beginning.</param>
    /// <param name="limit">1 to 100.</param>
    public async Task<EventPage> RunAsync(Caller caller, long after, int limit, CancellationToken ct)
    {
        var found = await db.Events.ListAsync(caller.Store.Id, caller.Live, after, limit + 1, ct);
        return new([.. found.Take(limit)], found.Count > limit);
    }
}
