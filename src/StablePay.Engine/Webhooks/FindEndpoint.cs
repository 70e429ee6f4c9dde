using StablePay.Core.Webhooks;
using StablePay.Engine.Access;
using StablePay.Storage;

namespace StablePay.Engine.Webhooks;

/// <summary>Reads one endpoint of the caller's store and mode.</summary>
public sealed class FindEndpoint(Database db)
{
    internal static readonly Rejection NotFound = new(
        ErrorCode.ResourceNotFound,
        "There is no such webhook endpoint, or it is not yours."
    );

    public async Task<Result<EndpointView>> RunAsync(Caller caller, EndpointId id, CancellationToken ct) =>
        await OfAsync(db, caller, id, ct) is { } endpoint ? EndpointView.From(endpoint) : NotFound;

    /// <summary>
    /// The endpoint if it is the caller's and not deleted: another store's, and the other mode's, do not exist.
    /// </summary>
    internal static async Task<WebhookEndpoint?> OfAsync(
        Database db,
        Caller caller,
        EndpointId id,
        CancellationToken ct
    )
    {
        var endpoint = await db.Endpoints.FindAsync(id, ct);
        return
            endpoint is not null
            && endpoint.Store == caller.Store.Id
            && endpoint.Live == caller.Live
            && endpoint.Status != EndpointStatus.Deleted
            ? endpoint
            : null;
    }
}
