using StablePay.Chains;
using StablePay.Chains.Keys;
using StablePay.Engine;
using StablePay.Engine.Quorums;
using StablePay.Engine.Rates;
using StablePay.Engine.Rates.Pegs;
using StablePay.Engine.Watching;
using StablePay.Engine.Webhooks;
using StablePay.Engine.Working;
using StablePay.Storage;

namespace StablePay.Simulation.World;

/// <summary>What the machines of a world share: the disk, the keys, the networks and everybody outside.</summary>
internal sealed record Machine(
    Agenda Agenda,
    SimDisk Disk,
    SimMark Mark,
    IReadOnlyList<SimNetwork> Networks,
    SimReceivers Receivers,
    SimRates Rates,
    SimCoins Coins
)
{
    public required Chance Dice { get; init; }
    public required Action<string> Note { get; init; }
    public SecretBox Secrets { get; } = SecretBox.FromKey(new byte[32]);
}

/// <summary>A statement that is going to fail: of those about a table, the one that comes in so many.</summary>
internal sealed class FailingStatement(string table, int number)
{
    public string About => table;
    public int In { get; set; } = number;
}

/// <summary>
/// One process of StablePay: the production engine, stepped as the server steps it. It can die at any moment, be paused,
/// and have a clock that is wrong.
/// </summary>
internal sealed class SimProcess : IDisposable
{
    /// <summary>Several cycles meet trouble, and a whole one begins and ends while the world heals.</summary>
    private static readonly TimeSpan ReconcileEvery = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MostRetry = TimeSpan.FromSeconds(30);

    private readonly Machine _machine;
    private readonly List<Action> _late = [];
    private readonly SimWire _wire;

    public SimProcess(Machine machine, string name)
    {
        (_machine, Name) = (machine, name);
        Thread = new SimThread(this);
        Clock = new SimClock(machine.Agenda, this);
        _wire = new SimWire(machine, this);
    }

    public string Name { get; }
    public SimThread Thread { get; }
    public SimClock Clock { get; }
    public Engine.Engine? Engine { get; private set; }
    public bool IsDead { get; private set; }
    public bool IsPaused { get; private set; }

    /// <summary>Dies at this statement from now; 0 for not at all.</summary>
    public int DiesAt { get; set; }

    /// <summary>The statement that meets an error, once.</summary>
    public FailingStatement? Fails { get; set; }

    /// <summary>Whether it dies right after its next commit that changes a session or a transfer.</summary>
    public bool DiesAfterMove { get; set; }

    /// <summary>Whether it serves: started, alive and not paused.</summary>
    public bool Serves => Engine is not null && !IsDead && !IsPaused;

    public void Start() => Thread.Run(() => _ = StartAsync());

    /// <summary>The end of everything it was doing, at once and without a word.</summary>
    public void Die()
    {
        IsDead = true;
        _late.Clear();
        Thread.Forget();
    }

    public void Dispose() => _wire.Dispose();

    /// <summary>It stops, as a virtual machine that is moved: its timers and answers come when it goes on.</summary>
    public void Pause() => IsPaused = true;

    public void GoOn()
    {
        IsPaused = false;
        var late = _late.ToList();
        _late.Clear();
        foreach (var act in late)
            Complete(act);
    }

    /// <summary>
    /// Something from outside reaches the process: an answer, a timer. Library code that keeps no context runs on
    /// inline; the engine's own continuations are posted to its thread.
    /// </summary>
    public void Complete(Action act)
    {
        if (IsDead)
            return;
        if (IsPaused)
        {
            _late.Add(act);
            return;
        }
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            act();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    /// <summary>An answer that takes its time.</summary>
    public void Later(Action answer, TimeSpan? wait = null) =>
        _machine.Agenda.After(wait ?? TimeSpan.FromMilliseconds(40), () => Complete(answer));

    /// <summary>A request from outside, run as this process.</summary>
    public void Serve(Func<Engine.Engine, Task> request) => Thread.Run(() => _ = request(Engine!));

    private async Task StartAsync()
    {
        try
        {
            var database = await Database.OpenAsync(
                new DatabaseOptions(DatabaseOptions.Sqlite, DatabaseOptions.InMemory),
                Clock,
                new Seams { Disk = _machine.Disk.Link },
                CancellationToken.None
            );
            var chains = _machine.Networks.Select(n => n.ReaderFor(_wire.Http)).ToList();
            var parts = new EngineParts
            {
                Database = database,
                Clock = Clock,
                Dice = _machine.Dice,
                Owner = new IdSource(_machine.Dice).Next("proc_", Instant.From(Clock.GetUtcNow())),
                PublicUrl = "https://pay.example.com",
                Chains = chains,
                Sandboxes = new Dictionary<NetworkId, Chains.Sandbox.SandboxChain>(),
                Derivers = SimKeys.DeriversOf(chains),
                Quorums = _machine.Networks.ToDictionary(n => n.Network.Id, n => n.QuorumFor(_wire.Http)),
                Mark = _machine.Mark,
                Secrets = _machine.Secrets,
                Egress = EgressPolicy.Production,
                Sender = new SimSender(_machine.Receivers, this),
                Rates = new RateBook(SimRates.Sources, new SimFetch(_machine.Rates, this), database.Rates, Clock),
                Pegs = new PegBook(
                    SimCoins.Sources,
                    _machine.Coins.FetchFor(this),
                    database.Rates,
                    SimCoins.Policy,
                    Clock,
                    Tell
                ),
                ReconcileEvery = ReconcileEvery,
                Alert = Tell,
            };
            var engine = new Engine.Engine(parts);
            await engine.StartAsync(CancellationToken.None);
            Engine = engine;
            Run(engine);
        }
        catch (Exception e)
        {
            // It does not start; whoever looks after it starts it again.
            _machine.Note($"{Name} did not start: {e.Message}");
            Die();
        }
    }

    private void Tell(string sentence) => _machine.Note($"{Name} tells its operator: {sentence}");

    private void Run(Engine.Engine engine)
    {
        _ = LoopAsync(
            engine.Jobs.Hint,
            async ct =>
            {
                var step = await engine.Jobs.StepAsync(ct);
                return step.HasMore ? TimeSpan.Zero : step.NextLook - Instant.From(Clock.GetUtcNow());
            }
        );
        foreach (var watcher in engine.Watchers)
        {
            var pause = TimeSpan.FromSeconds(Math.Clamp(watcher.Network.BlockTime.TotalSeconds / 4, 0.2, 3));
            _ = LoopAsync(watcher.Hint, async ct => await watcher.StepAsync(ct) ? TimeSpan.Zero : pause);
        }
        _ = LoopAsync(
            new WorkSignal(),
            async ct =>
            {
                await engine.Rates.RefreshAsync(ct);
                return TimeSpan.FromMinutes(10);
            }
        );
        _ = LoopAsync(
            new WorkSignal(),
            async ct =>
            {
                await engine.Pegs!.RefreshAsync(ct);
                return TimeSpan.FromSeconds(20);
            }
        );
        _ = LoopAsync(
            new WorkSignal(),
            async ct =>
            {
                await engine.Addresses.RefillAsync(ct);
                return TimeSpan.FromSeconds(20);
            }
        );
    }

    /// <summary>What the server's loops do.</summary>
    private async Task LoopAsync(WorkSignal hint, Func<CancellationToken, Task<TimeSpan>> step)
    {
        var retry = FirstRetry;
        while (true)
        {
            await Task.Yield();
            TimeSpan pause;
            var heard = hint;
            try
            {
                pause = await step(CancellationToken.None);
                retry = FirstRetry;
            }
            catch (Exception e)
            {
                // What the server logs; once, until it goes on.
                if (retry == FirstRetry)
                    _machine.Note($"{Name} logs: {e.Message}");
                pause = retry;
                heard = new WorkSignal();
                retry = TimeSpan.FromTicks(Math.Min(retry.Ticks * 2, MostRetry.Ticks));
            }
            await heard.WaitAsync(pause, Clock, CancellationToken.None);
        }
    }
}
