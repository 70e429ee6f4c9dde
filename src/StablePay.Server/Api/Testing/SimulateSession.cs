using StablePay.Engine.TestMode;
using StablePay.Server.Checkout;
using StablePay.Server.Pages;

namespace StablePay.Server.Api.Testing;

internal sealed class SimulateSession : IEndpoint
{
    private const int MostText = 128;

    public static void Map(ApiRoutes api) =>
        api.Add(
            new ApiRoute(HttpMethods.Post, "/test/sessions/{id}/simulate", Permissions.SessionsWrite, RunAsync)
            {
                Body = typeof(SimulationRequest),
                Answer = typeof(SimulationView),
                // The sandbox's transfers are written by its chain, as a payer's would be by a real one.
                NonceFirst = true,
            }
        );

    /// <summary>Plays a scenario on a test session.</summary>
    /// <remarks>
    /// Test keys only; the session must wait for money. The answer says what will happen and which events will be sent;
    /// docs/testing.md describes each scenario. Nothing of it can be seen by another store.
    /// </remarks>
    public static async Task<Result<Answer>> RunAsync([FromPipeline] ApiCall call, CancellationToken ct)
    {
        // Before the body: whatever it holds, a session that is not the caller's answers as one that does not exist.
        var checkout = call.Parts.Engine.Checkout;
        if (
            call.Caller.Live
            || !call.TryReadId<SessionId>(out var id)
            || await checkout.FindAsync(call.Caller.Store.Id, live: false, id, ct) is null
        )
            return ApiCall.NotFound;
        var order = ReadOrder(call);
        if (!order.IsOk)
            return order.Rejection;
        var played = await checkout.SimulateAsync(id, order.Value, ct);
        return ApiCall.Answered(played, p => Answer.Ok(ViewOf(id, p), ApiJson.Default.SimulationView).Body);
    }

    private static Result<ScenarioOrder> ReadOrder(ApiCall call)
    {
        var body = call.ReadBody();
        if (!body.IsOk)
            return body.Rejection;
        var root = body.Value.Root;
        var scenario = root.Text("scenario", MostText);
        var network = root.OptionalText("network", MostText);
        var asset = TestCoin.Read(root, MostText);
        root.End();
        return body.Value.Rejection is { } refused
            ? refused
            : new ScenarioOrder(scenario, network is null ? null : new NetworkId(network), asset);
    }

    private static SimulationView ViewOf(SessionId session, Simulation played) =>
        new()
        {
            SessionId = session.Value,
            Scenario = played.Scenario.Name,
            Network = played.Token.Network.Value,
            Token = played.Token.Asset.Code,
            TransactionHashes = played.TransactionHashes,
            Expect = Language.English.Words[TestPanel.TextOf(played.Scenario.Name)],
            Events = [.. played.Scenario.Events.Select(e => e.Name)],
        };
}
