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
        var (answer, result) = await Attempts.RunAsync<Result<DeletedEndpointView>>(
            db.Commits,
            async () =>
            {
                var before = await FindEndpoint.OfAsync(db, caller, id, ct);
                if (before is null)
                    return (FindEndpoint.NotFound, null);
                var next = before with
                {
                    Status = EndpointStatus.Deleted,
                    SealedSecrets = [],
                    Version = before.Version + 1,
                };
                var view = new DeletedEndpointView { Id = id.Value };
                var commit = new Commit().Update(before, next);
                caller.Scope.AddTo(commit, 200, view.ToJson());
                return (view, commit);
            },
            ct
        );
        if (RequestScope.RefusalOf(result) is { } lost)
            return lost;
        Invariant.Holds(result.IsDone, $"an endpoint's deletion was refused: {result}");
        if (answer.IsOk)
            caller.Scope.MarkSpent();
        return answer;
    }
}
