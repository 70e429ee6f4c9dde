using StablePay.Engine.Working;

namespace StablePay.Server.Hosting;

/// <summary>
/// The only place where time passes by itself: it steps the engine's watchers, jobs, rates and addresses. A step that
/// fails is logged and tried again; no step waits for another's.
/// </summary>
internal sealed class Loops(Engine.Engine engine, TimeProvider clock, TimeSpan ratesEvery, ILogger<Loops> log)
    : IDisposable
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MostRetry = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PegsEvery = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan AddressesEvery = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan StatusEvery = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Task> _running = [];

    public void Start()
    {
        _running.Add(RunAsync("jobs", engine.Jobs.Hint, StepJobsAsync));
        foreach (var watcher in engine.Watchers)
        {
            // A quarter of a block: a new block is seen soon, and a node is not asked more than it can tell.
            var pause = TimeSpan.FromSeconds(Math.Clamp(watcher.Network.BlockTime.TotalSeconds / 4, 0.2, 3));
            _running.Add(
                RunAsync(
                    $"watcher of {watcher.Network.Id}",
                    watcher.Hint,
                    async ct => await watcher.StepAsync(ct) ? TimeSpan.Zero : pause
                )
            );
        }
        _running.Add(RunAsync("rates", new WorkSignal(), StepRatesAsync));
        if (engine.Pegs is { } pegs)
            _running.Add(
                RunAsync(
                    "pegs",
                    new WorkSignal(),
                    async ct =>
                    {
                        await pegs.RefreshAsync(ct);
                        return PegsEvery;
                    }
                )
            );
        _running.Add(RunAsync("addresses", new WorkSignal(), StepAddressesAsync));
        _running.Add(RunAsync("reconciliation", new WorkSignal(), StepStatusAsync));
    }

    /// <summary>Ends the steps that run, lets begun jobs end and gives leases up.</summary>
    public async Task StopAsync(CancellationToken ct)
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_running);
        await engine.StopAsync(ct);
    }

    public void Dispose() => _stopping.Dispose();

    private async Task<TimeSpan> StepJobsAsync(CancellationToken ct)
    {
        var step = await engine.Jobs.StepAsync(ct);
        return step.HasMore ? TimeSpan.Zero : step.NextLook - clock.Now;
    }

    private async Task<TimeSpan> StepAddressesAsync(CancellationToken ct)
    {
        await engine.Addresses.RefillAsync(ct);
        return AddressesEvery;
    }

    /// <summary>Another process may have compared: the figures of this one tell of it too.</summary>
    private async Task<TimeSpan> StepStatusAsync(CancellationToken ct)
    {
        await engine.Reconciliation.StatusAsync(ct);
        return StatusEvery;
    }

    private async Task<TimeSpan> StepRatesAsync(CancellationToken ct)
    {
        await engine.Rates.RefreshAsync(ct);
        return ratesEvery;
    }

    /// <param name="hint">Shortens a pause.</param>
    /// <param name="step">Says how long to pause after it.</param>
    private async Task RunAsync(string name, WorkSignal hint, Func<CancellationToken, Task<TimeSpan>> step)
    {
        var ct = _stopping.Token;
        var retry = FirstRetry;
        while (!ct.IsCancellationRequested)
        {
            // The start of the program must not wait for a loop's first step.
            await Task.Yield();
            TimeSpan pause;
            var heard = hint;
            try
            {
                pause = await step(ct);
                retry = FirstRetry;
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // A loop outlives every failure of a step; it is logged and shows in health.
            catch (Exception e)
#pragma warning restore CA1031
            {
                log.LogWarning("{Loop}: {Failure}", name, e.Message);
                log.LogDebug(e, "{Loop}", name);
                pause = retry;
                // Who can hint must not be able to make a node that fails be asked all the time.
                heard = new WorkSignal();
                retry = TimeSpan.FromTicks(Math.Min(retry.Ticks * 2, MostRetry.Ticks));
            }
            await PauseAsync(heard, pause, ct);
        }
    }

    private async Task PauseAsync(WorkSignal hint, TimeSpan pause, CancellationToken ct)
    {
        try
        {
            await hint.WaitAsync(pause, clock, ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The loop's condition ends it.
        }
    }
}
