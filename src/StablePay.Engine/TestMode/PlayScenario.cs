using StablePay.Chains.Sandbox;
using StablePay.Engine.Checkout;
using StablePay.Storage;

namespace StablePay.Engine.TestMode;

/// <summary>A scenario to play.</summary>
/// <param name="Name">One of <see cref="Scenario.All"/>.</param>
/// <param name="Network">What the payer is shown; the chosen one if null, or the first if none is chosen.</param>
/// <param name="Asset">The chosen coin if null.</param>
public sealed record ScenarioOrder(string Name, NetworkId? Network, Asset? Asset);

/// <summary>A scenario that is being played.</summary>
/// <param name="Token">What the payer was shown.</param>
/// <param name="TransactionHashes">In the order in which they are sent; some wait before a block takes them.</param>
public sealed record Simulation(Scenario Scenario, Token Token, IReadOnlyList<string> TransactionHashes);

/// <summary>
/// Plays a scenario on a test session: decides what happens, and then lets it happen on the sandbox. The engine finds
/// it as it finds everything; nothing is told to it. A live session cannot be reached (PAY-17).
/// </summary>
public sealed class PlayScenario(
    Database database,
    SandboxGround ground,
    ChooseToken choose,
    StoreClocks clocks,
    MoveTestClock clock
)
{
    /// <summary>How far past the session's end the clock is moved for money that comes late.</summary>
    private static readonly TimeSpan PastEnd = TimeSpan.FromMinutes(1);

    /// <summary>Blocks until money that was sent stands in one, with one to spare.</summary>
    private const int BlocksToArrive = 3;

    /// <summary>
    /// Plays it. Refused, with the member's name and nothing changed: an unknown scenario, a session that does not wait
    /// for money, one that ends before the scenario does, and what makes no sense on its coin or network.
    /// </summary>
    public async Task<Result<Simulation>> RunAsync(SessionId id, ScenarioOrder order, CancellationToken ct)
    {
        var scenario = Scenario.Find(order.Name);
        if (!scenario.IsOk)
            return scenario.Rejection;
        if (await database.Sessions.FindAsync(id, ct) is not { Live: false } session)
            return new Rejection(ErrorCode.ResourceNotFound, "There is no such test session.");
        var token = ground.TokenOf(session, order.Network, order.Asset);
        if (!token.IsOk)
            return token.Rejection;
        var script = await PlanAsync(scenario.Value, session, token.Value, ct);
        if (!script.IsOk)
            return script.Rejection;
        if (session.Choices.FirstOrDefault(c => c.Token == token.Value) is not { } choice)
        {
            if (await choose.RunAsync(id, token.Value.Network, token.Value.Asset, ct) is { } refused)
                return refused;
            session =
                await database.Sessions.FindAsync(id, ct)
                ?? throw new InvariantBrokenException($"{id} was there a moment ago");
            choice = session.Chosen!;
        }
        return await PlayAsync(scenario.Value, script.Value, session, choice, ct);
    }

    private async Task<Result<Script>> PlanAsync(
        Scenario scenario,
        CheckoutSession session,
        Token token,
        CancellationToken ct
    )
    {
        var shown = await clocks.OfAsync(session, ct);
        var left = session.ExpiresAt - shown.At(clocks.Now);
        if (session.State is not (SessionState.Awaiting or SessionState.Underpaid) || left <= TimeSpan.Zero)
            return new Rejection(
                ErrorCode.ParameterInvalid,
                "Scenarios play on a session that waits for money, and this one does not; create a new one.",
                "scenario"
            );
        var network = ground.Networks.Find(token.Network)!;
        var script = scenario.Plan(new Stage(session, token, network, ground.SiblingsOf(token.Network)));
        if (!script.IsOk)
            return script.Rejection;
        var needed = script.Value.Length + (network.BlockTime * BlocksToArrive);
        return script.Value.PastEnd || needed < left
            ? script
            : new Rejection(
                ErrorCode.ParameterInvalid,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The scenario takes {(long)needed.TotalSeconds} s and the session ends before; create a new one."
                ),
                "scenario"
            );
    }

    private async Task<Result<Simulation>> PlayAsync(
        Scenario scenario,
        Script script,
        CheckoutSession session,
        Choice choice,
        CancellationToken ct
    )
    {
        var network = choice.Token.Network;
        if (script.Trouble is { } trouble)
        {
            // It begins with the last block that was read: what came up to there is known.
            var (now, height) = (clocks.Now, ground.Networks.HeightOf(network));
            var since = ground.Networks.WatchedUntil(network) ?? now;
            await database.Sandbox.PutAsync(
                new SandboxTrouble(session.Store, network, trouble.Kind, since, now + trouble.For, height),
                ct
            );
        }
        // The clock first: where it cannot be moved nothing has happened yet, and the money waits long enough.
        if (script.PastEnd && await clock.PassAsync(session.Store, session.ExpiresAt + PastEnd, ct) is { } tooFar)
            return tooFar;
        var hashes = new List<string>();
        foreach (var act in script.Acts)
            hashes.Add(await ground.Chains[act.Token.Network].PayAsync(OrdersOf(act, choice.Address), act.Fate, ct));
        return new Simulation(scenario, choice.Token, hashes);
    }

    /// <summary>The session's payment stands in the middle of the others that its transaction makes.</summary>
    private List<SandboxPayOrder> OrdersOf(Act act, string address)
    {
        var orders = Enumerable
            .Range(1, act.Others)
            .Select(i => new SandboxPayOrder(
                act.Token,
                act.Token.AtomsPerCent * (uint)(i * 1_700),
                act.From,
                SandboxAddress.Any(ground.Dice)
            ))
            .ToList();
        orders.Insert(act.Others / 2, new SandboxPayOrder(act.Token, act.Atoms, act.From, address));
        return orders;
    }
}
