using StablePay.Engine.Acceptance;

namespace StablePay.Server.Api.Networks;

internal sealed class SetAcceptance : IEndpoint
{
    public static void Map(ApiRoutes api) =>
        api.Add(
            new ApiRoute(HttpMethods.Post, "/networks/{id}/acceptance", Permissions.SettingsWrite, RunAsync)
            {
                Body = typeof(AcceptanceRequest),
                Answer = typeof(AcceptanceView),
            }
        );

    /// <summary>
    /// Says how deep payments on a network must be, by amount, before the store takes them, in place of what was said
    /// before. A payment taken before it is final can still be reversed; an empty list takes final ones only.
    /// </summary>
    public static async Task<Result<Answer>> RunAsync([FromPipeline] ApiCall call, CancellationToken ct)
    {
        var body = call.ReadBody();
        if (!body.IsOk)
            return body.Rejection;
        var root = body.Value.Root;
        var tiers = new List<AcceptanceTier>();
        foreach (var tier in root.Objects("tiers"))
        {
            var upTo = tier.Integer("up_to", 1, Coverage.MaxCents);
            tiers.Add(
                new AcceptanceTier(upTo, (int)tier.Integer("confirmations", 1, AcceptanceTiers.MostConfirmations))
            );
            tier.End();
        }
        root.End();
        if (body.Value.Rejection is not null)
            return body.Value.Rejection;
        var id = new NetworkId(call.IdText);
        var set = await call.Parts.Engine.Acceptance.SetAsync(call.Caller, id, tiers, ct);
        return ApiCall.Answered(set, view => view.ToJson());
    }
}

/// <summary>A store's acceptance table for a network.</summary>
public sealed record AcceptanceRequest
{
    /// <summary>At most eight, by rising amount.</summary>
    public required IReadOnlyList<AcceptanceTierView> Tiers { get; init; }
}
