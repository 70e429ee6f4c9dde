using StablePay.Engine.Access;
using StablePay.Storage;

namespace StablePay.Engine.Events;

/// <summary>Reads one event of the caller's store and mode.</summary>
public sealed class FindEvent(Database db)
{
    public async Task<Result<StoredEvent>> RunAsync(Caller caller, EventId id, CancellationToken ct) =>
        await db.Events.FindAsync(caller.Store.Id, caller.Live, id, ct) is { } found
            ? found
            : new Rejection(ErrorCode.ResourceNotFound, "There is no such event, or it is not yours.");
}
