using StablePay.Engine.Access;
using StablePay.Storage;

namespace StablePay.Engine.Webhooks;

/// <summary>A page of endpoints.</summary>
public sealed record EndpointPage(IReadOnlyList<EndpointView> Endpoints, bool HasMore);

/// <summary>Lists the endpoints of the caller's store and mode, newest first.</summary>
public sealed class ListEndpoints(Database db)
{
    /// <param name="startingAfter">The last one of the page before.</param>
    /// <param name="limit">1 to 100.</param>
    public async Task<EndpointPage> RunAsync(Caller caller, EndpointId? startingAfter, int limit, CancellationToken ct)
    {
        var found = await db.Endpoints.ListAsync(caller.Store.Id, caller.Live, startingAfter, limit + 1, ct);
        return new([.. found.Take(limit).Select(endpoint => EndpointView.From(endpoint))], found.Count > limit);
    }
}
