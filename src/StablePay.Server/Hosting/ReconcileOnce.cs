using StablePay.Engine.Reconciling;
using StablePay.Engine.Watching;
using StablePay.Server.Options;

namespace StablePay.Server.Hosting;

/// <summary>
/// The command <c>reconcile</c>: compares everything once, now, and prints what is open. It follows the networks
/// meanwhile, as a balance can be compared only with blocks that were read; it takes no requests and sends no webhooks.
/// </summary>
internal static class ReconcileOnce
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>A part that has made no progress for this long is given up.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private const int MostItems = 1_000;

    /// <returns>Whether all was compared and nothing is open.</returns>
    /// <exception cref="EngineRefusedException">The engine does not open; the message says why.</exception>
    public static async Task<bool> RunAsync(
        Settings settings,
        TimeProvider clock,
        Dice dice,
        Action<string> say,
        CancellationToken ct
    )
    {
        if (!File.Exists(settings.VaultPath))
            throw new EngineRefusedException($"There is no vault at {settings.VaultPath}: nothing was ever paid here.");
        var url = settings.PublicUrl ?? "http://localhost";
        var setup = EngineSetup.Of(settings, url, dice, say) with { Note = say };
        await using var engine = await StablePay.Engine.EngineStart.OpenAsync(setup, clock, dice, say, ct);
        try
        {
            var isComplete = await CompareAsync(engine, clock, say, ct);
            return await PrintAsync(engine, say, ct) && isComplete;
        }
        finally
        {
            await engine.StopAsync(CancellationToken.None);
        }
    }

    private static async Task<bool> CompareAsync(
        Engine.Engine engine,
        TimeProvider clock,
        Action<string> say,
        CancellationToken ct
    )
    {
        var waiting = engine.Reconciliation.Subjects.Select(s => new Waiting(s, clock.Now, clock.Now)).ToList();
        var given = 0;
        while (waiting.Count > 0)
        {
            foreach (var watcher in engine.Watchers.Where(w => w.Network.IsLive))
                await FollowAsync(watcher, ct);
            foreach (var part in waiting.Where(w => w.Due <= clock.Now).ToList())
            {
                waiting.Remove(part);
                if (await engine.Reconciliation.StepAsync(part.Subject, ct) is not { IsFinished: false } step)
                    continue;
                var since = step.Why is null or ChainAudit.LooksAgain ? clock.Now : part.Since;
                if (clock.Now - since < Patience)
                    waiting.Add(new Waiting(part.Subject, step.DueAt, since));
                else
                    say($"{part.Subject} could not be compared to its end: {step.Why}. {++given} given up.");
            }
            if (waiting.Count > 0)
                await Task.Delay(Pause, clock, ct);
        }
        return given == 0;
    }

    /// <summary>A node that is away shows in the comparison of its network.</summary>
    private static async Task FollowAsync(ChainWatcher watcher, CancellationToken ct)
    {
        try
        {
            await watcher.StepAsync(ct);
        }
        catch (Exception e) when (e is not (OperationCanceledException or InvariantBrokenException))
        {
            // Tried again with the next round, as the server's own loop does.
        }
    }

    private static async Task<bool> PrintAsync(Engine.Engine engine, Action<string> say, CancellationToken ct)
    {
        var status = await engine.Reconciliation.StatusAsync(ct);
        foreach (var open in await engine.Reconciliation.ListOpenAsync(MostItems, ct))
            say($"{open.Item.OpenedAt} {open.Item.Id} {open.Text}");
        say($"{status.OpenCount} differences are open; {status.LedgerFaults} sums of the ledger are wrong.");
        return status is { OpenCount: 0, LedgerFaults: 0 };
    }

    /// <param name="Since">When it last made progress.</param>
    private sealed record Waiting(string Subject, Instant Due, Instant Since);
}
