using StablePay.Chains.Keys;
using StablePay.Core.Webhooks;
using StablePay.Engine.Access;
using StablePay.Storage;

namespace StablePay.Engine.Webhooks;

/// <summary>
/// Adds a callback address to the caller's store. The signing secret is in this answer and in no other.
/// </summary>
public sealed class CreateEndpoint(
    Database db,
    EgressGuard guard,
    SecretBox box,
    IdSource ids,
    TimeProvider clock,
    Dice dice
)
{
    /// <summary>Every event of the store goes to every endpoint that wants it: the number must have an end.</summary>
    public const int MostPerStore = 100;

    public async Task<Result<EndpointView>> RunAsync(Caller caller, NewEndpoint input, CancellationToken ct)
    {
        var url = guard.CheckUrl(input.Url, caller.Live);
        if (!url.IsOk)
            return url.Rejection;
        var refusal = EndpointInput.CheckEvents(input.Events) ?? EndpointInput.CheckDescription(input.Description);
        if (refusal is not null)
            return refusal;
        var others = await db.Endpoints.ListAsync(caller.Store.Id, caller.Live, null, MostPerStore, ct);
        if (others.Count >= MostPerStore)
            return new Rejection(ErrorCode.ParameterInvalid, $"A store has at most {MostPerStore} webhook endpoints.");

        var now = clock.Now;
        var id = ids.Next<EndpointId>(now);
        var secret = SigningSecret.Make(dice);
        var endpoint = new WebhookEndpoint(
            id,
            caller.Store.Id,
            caller.Live,
            input.Url,
            string.IsNullOrEmpty(input.Description) ? null : input.Description,
            input.Events ?? [],
            EndpointStatus.Enabled,
            [EndpointSecrets.Seal(box, id, secret)],
            now,
            1
        );
        var view = EndpointView.From(endpoint, secret);
        var commit = new Commit().Insert(endpoint);
        caller.Scope.AddSecretTo(commit, 200, view.ToJson(), box);
        var result = await db.Commits.RunAsync(commit, ct);
        if (RequestScope.RefusalOf(result) is { } lost)
            return lost;
        Invariant.Holds(result.IsDone, "a new endpoint meets no other");
        caller.Scope.MarkSpent();
        return view;
    }
}
