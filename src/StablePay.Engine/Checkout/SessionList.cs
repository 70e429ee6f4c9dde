using StablePay.Engine.Access;
using StablePay.Storage;

namespace StablePay.Engine.Checkout;

/// <summary>Which sessions to list. Null means any.</summary>
/// <param name="Limit">1 to 100.</param>
/// <param name="Status">The public <c>payment_status</c>.</param>
/// <param name="CreatedFrom">At or after.</param>
/// <param name="CreatedTo">Before or at.</param>
/// <param name="StartingAfter">The last one of the page before.</param>
public sealed record SessionQuery(
    int Limit,
    string? OrderId,
    string? Status,
    Instant? CreatedFrom,
    Instant? CreatedTo,
    string? TransactionHash,
    SessionId? StartingAfter
);

/// <summary>The sessions of the caller's store and mode, newest first.</summary>
public sealed class SessionList(Database database, SessionViews views)
{
    /// <summary>The JSON of each session; one more than the limit when there are more.</summary>
    public async Task<IReadOnlyList<byte[]>> RunAsync(Caller caller, SessionQuery query, CancellationToken ct)
    {
        var filter = new SessionFilter(
            query.Limit + 1,
            query.OrderId,
            query.Status,
            query.CreatedFrom,
            query.CreatedTo,
            query.TransactionHash,
            query.StartingAfter
        );
        var page = new List<byte[]>();
        foreach (var session in await database.Sessions.ListAsync(caller.Store.Id, caller.Live, filter, ct))
        {
            var transfers = await database.Transfers.ListBySessionAsync(session.Id, ct);
            page.Add(SessionViews.JsonOf(views.Of(session, transfers)));
        }
        return page;
    }
}
