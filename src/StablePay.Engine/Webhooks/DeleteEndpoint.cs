using StablePay.Core.Webhooks;
using StablePay.Engine.Access;
using StablePay.Storage;

namespace StablePay.Engine.Webhooks;

/// <summary>
/// Deletes an endpoint of the caller's store. What is still on its way to it is given up; its secrets are gone at once.
/// </summary>
public sealed class DeleteEndpoint(Database db)
{
    public async Task<Result<DeletedEndpointView>> RunAsync(Caller caller, EndpointId id, CancellationToken ct)
    {
        for (var i = 0; i < Stale.MostTries; i++)
        {
            var before = await FindEndpoint.OfAsync(db, caller, id, ct);
            if (before is null)
                return FindEndpoint.NotFound;
            var next = before with { Status = EndpointStatus.Deleted, SealedSecrets = [], Version = before.Version + 1 };
            var view = new DeletedEndpointView(id.Value);
            var commit = new Commit().Update(before, next);
            caller.Scope.AddTo(commit, 200, view.ToJson());
            var result = await db.Commits.RunAsync(commit, ct);
            if (RequestScope.RefusalOf(result) is { } lost)
                return lost;
            if (!result.IsDone)
                continue;
            caller.Scope.MarkSpent();
            return view;
        }
        throw Stale.KeptChanging("webhook endpoint");
    }
}
