using StablePay.Engine.Acceptance;
using StablePay.Engine.Offering;
using StablePay.Engine.Watching;

namespace StablePay.Server.Api.Networks;

internal sealed class ListNetworks : IEndpoint
{
    private const string Path = "/networks";

    public static void Map(ApiRoutes api) =>
        api.Add(
            new ApiRoute(HttpMethods.Get, Path, Permissions.SessionsRead, RunAsync)
            {
                Answer = typeof(ListOf<NetworkView>),
            }
        );

    /// <summary>
    /// Lists the networks of the key's mode with their tokens, finality rules, what the store accepts earlier, and how
    /// far they are watched.
    /// </summary>
    public static async Task<Result<Answer>> RunAsync([FromPipeline] ApiCall call, CancellationToken ct)
    {
        if (call.Query.End() is { } refused)
            return refused;
        var networks = call.Parts.Engine.Networks;
        var sight = await call.Parts.Engine.Sights.OfAsync(call.Caller.Store.Id, call.Caller.Live, ct);
        var acceptance = await call.Parts.Engine.Acceptance.ListAsync(call.Caller, ct);
        var tolerated = await call.Parts.Engine.Acceptance.ToleratedAsync(call.Caller, ct);
        var views = networks
            .All.Where(network => network.IsLive == call.Caller.Live)
            .Select(network =>
                ViewOf(
                    network,
                    sight.Status(network.Id),
                    acceptance.GetValueOrDefault(network.Id, AcceptanceTiers.Empty),
                    [.. network.Tokens.Select(t => ViewOf(t, networks.Tokens, tolerated))]
                )
            )
            .Select(view => Answer.Ok(view, ApiJson.Default.NetworkView).Body)
            .ToList();
        return ListView.Of(ApiRoutes.Prefix + Path, views.Count, views);
    }

    private static NetworkView ViewOf(
        Network network,
        WatchedNetwork? watched,
        AcceptanceTiers accepted,
        IReadOnlyList<TokenView> tokens
    ) =>
        new()
        {
            Id = network.Id.Value,
            Name = network.Name,
            Standard = network.Standard,
            Livemode = network.IsLive,
            BlockTime = network.BlockTime.TotalSeconds,
            Finality = network.Finality switch
            {
                FinalityRule.Tag tag => new FinalityView("tag", tag.Name, tag.Confirmations),
                var depth => new FinalityView("depth", null, depth.Confirmations),
            },
            Acceptance = [.. accepted.All.Select(AcceptanceTierView.From)],
            Tokens = tokens,
            Watcher = watched is null
                ? null
                : new WatcherView
                {
                    LastBlock = watched.Height,
                    LastBlockTime = watched.BlockTime.UnixSeconds,
                    ReadAt = watched.ReadAt.UnixSeconds,
                    Lag = (long)watched.Lag.TotalSeconds,
                    IsBehind = watched.IsBehind,
                    IsHalted = watched.Halted is not null,
                    HeldTransfers = watched.Held,
                },
        };

    private static TokenView ViewOf(Token token, TokenBook tokens, IReadOnlyDictionary<string, UInt128> tolerated)
    {
        var shortage = new TokenAmount(token, tolerated.GetValueOrDefault(token.Id));
        return new TokenView(
            token.Asset.Code,
            token.Contract,
            token.Decimals,
            tokens.WhyNot(token)?.ToString().ToLowerInvariant(),
            Coverage.Of(shortage).ToCents(Rounding.Up)
        );
    }
}
