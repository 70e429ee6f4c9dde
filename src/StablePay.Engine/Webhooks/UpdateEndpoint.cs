using StablePay.Core.Webhooks;
using StablePay.Engine.Access;
using StablePay.Storage;

namespace StablePay.Engine.Webhooks;

/// <summary>Changes an endpoint of the caller's store; enables it again after a 410 answer too.</summary>
public sealed class UpdateEndpoint(Database db, EgressGuard guard)
{
    public async Task<Result<EndpointView>> RunAsync(
        Caller caller,
        EndpointId id,
        EndpointChange change,
        CancellationToken ct
    )
    {
        if (Check(change, caller.Live) is { } refusal)
            return refusal;
        var (answer, result) = await Attempts.RunAsync<Result<EndpointView>>(
            db.Commits,
            async () =>
            {
                var before = await FindEndpoint.OfAsync(db, caller, id, ct);
                if (before is null)
                    return (FindEndpoint.NotFound, null);
                var next = Apply(change, before);
                var view = EndpointView.From(next);
                var commit = new Commit().Update(before, next);
                caller.Scope.AddTo(commit, 200, view.ToJson());
                return (view, commit);
            },
            ct
        );
        if (RequestScope.RefusalOf(result) is { } lost)
            return lost;
        Invariant.Holds(result.IsDone, $"an endpoint's change was refused: {result}");
        if (answer.IsOk)
            caller.Scope.MarkSpent();
        return answer;
    }

    private static WebhookEndpoint Apply(EndpointChange change, WebhookEndpoint before) =>
        before with
        {
            Url = change.Url ?? before.Url,
            Events = change.Events ?? before.Events,
            Description = change.Description switch
            {
                null => before.Description,
                "" => null,
                var text => text,
            },
            Status = change.Status switch
            {
                null => before.Status,
                "enabled" => EndpointStatus.Enabled,
                _ => EndpointStatus.Disabled,
            },
            Version = before.Version + 1,
        };

    private Rejection? Check(EndpointChange change, bool live)
    {
        if (change.Url is not null && guard.CheckUrl(change.Url, live) is { IsOk: false, Rejection: var refused })
            return refused;
        if (change.Status is not (null or "enabled" or "disabled"))
            return new(ErrorCode.ParameterInvalid, "The status is enabled or disabled.", "status");
        return EndpointInput.CheckEvents(change.Events) ?? EndpointInput.CheckDescription(change.Description);
    }
}
