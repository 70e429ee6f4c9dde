using StablePay.Chains;
using StablePay.Simulation.Auditing;
using StablePay.Simulation.Faults;
using StablePay.Simulation.Workloads;

namespace StablePay.Simulation.World;

/// <summary>What a run is: the same values give the same run, step by step.</summary>
/// <param name="Faults">Which kinds of trouble there are.</param>
internal sealed record RunOptions(ulong Seed, int Steps, IReadOnlySet<string> Faults)
{
    /// <summary>Happenings that are left out, by name; for making a failing history shorter.</summary>
    public IReadOnlySet<string> Without { get; init; } = new HashSet<string>();
}

/// <summary>Something that happened in the world, in words.</summary>
internal sealed record HistoryLine(long Step, TimeSpan At, string Words);

/// <summary>
/// The whole world: processes of StablePay on one disk, four networks, merchants, buyers, and everything that goes wrong.
/// A step is one thing that happens: a continuation of a process, a timer, an answer, a block, a request.
/// </summary>
internal sealed class SimWorld : IDisposable
{
    private static readonly DateTimeOffset Start = DateTimeOffset.FromUnixTimeSeconds(1_800_003_600);

    private readonly Chance _order;
    private readonly Machine _machine;
    private readonly List<HistoryLine> _history = [];
    private readonly List<SimProcess> _diedNow = [];

    /// <summary>Whether the transaction that runs now has changed a session or a transfer.</summary>
    private bool _hasMoved;
    private readonly Script _script;

    public SimWorld(RunOptions options)
    {
        Options = options;
        _order = new Chance(options.Seed, "order");
        Agenda = new Agenda(Start);
        Networks =
        [
            NetworkOf(Chains.Networks.Ethereum, TimeSpan.FromSeconds(12), 6, trust: 60),
            NetworkOf(Chains.Networks.Bsc, TimeSpan.FromSeconds(3), 5, natural: 12),
            NetworkOf(Chains.Networks.Tron, TimeSpan.FromSeconds(3), 7, trust: 60),
            NetworkOf(Chains.Networks.Solana, TimeSpan.FromSeconds(2), 8),
        ];
        Receivers = new SimReceivers(Agenda, new Chance(options.Seed, "receivers"));
        Rates = new SimRates(Agenda, new Chance(options.Seed, "rates"));
        Coins = new SimCoins(Agenda);
        Mark = new SimMark();
        Disk = new SimDisk { BeforeStatement = BeforeStatement };
        _machine = new Machine(Agenda, Disk, Mark, Networks, Receivers, Rates, Coins)
        {
            Dice = new Chance(options.Seed, "engine"),
            Note = Note,
        };
        Digest = new Digest();
        Auditor = new Auditor(this);
        Disk.Changed = Saw;
        Shop = new Shop(this);
        _script = new Script(this);
    }

    public RunOptions Options { get; }
    public Agenda Agenda { get; }
    public SimDisk Disk { get; }
    public SimMark Mark { get; }
    public IReadOnlyList<SimNetwork> Networks { get; }
    public SimReceivers Receivers { get; }
    public SimRates Rates { get; }
    public SimCoins Coins { get; }
    public Shop Shop { get; }
    public Auditor Auditor { get; }
    public Digest Digest { get; }
    public List<SimProcess> Processes { get; } = [];

    /// <summary>Who may have done what the auditor looks at: also who died in this step, right after a commit.</summary>
    public IEnumerable<SimProcess> Actors => Processes.Concat(_diedNow);
    public IReadOnlyList<HistoryLine> History => _history;
    public DiskTrouble DiskTrouble { get; set; }
    public long Steps { get; private set; }
    public int Crashes { get; private set; }

    /// <summary>Whether trouble still comes.</summary>
    public bool IsTroubled { get; private set; } = true;

    /// <summary>The names of what has happened.</summary>
    public List<string> Happened { get; } = [];

    /// <summary>No process is started before this.</summary>
    public TimeSpan StopsUntil { get; set; } = -TimeSpan.FromHours(1);

    /// <summary>Starts the first process and the shop, and lets everything else begin.</summary>
    public void Begin(int processes)
    {
        foreach (var network in Networks)
            network.Begin();
        Boot("process A");
        Until(() => Processes[0].Serves, "the first process serves");
        Until(Shop.OpenAsync(), "the shop is open");
        for (var i = 1; i < processes; i++)
            Boot($"process {(char)('A' + i)}");
        _script.Begin();
    }

    /// <summary>The next thing happens, and the auditor looks.</summary>
    public void Step()
    {
        Steps++;
        _diedNow.Clear();
        SynchronizationContext.SetSynchronizationContext(null);
        var ready = Processes.Where(p => p is { IsPaused: false, IsDead: false } && p.Thread.Ready > 0).ToList();
        if (ready.Count > 0)
        {
            var process = _order.OneOf(ready);
            process.Thread.RunOne(_order.Next(process.Thread.Ready));
        }
        else if (!Agenda.Step())
        {
            throw new InvalidOperationException("nothing is planned any more");
        }
        Digest.Add(Agenda.Elapsed.Ticks, Disk.Commits);
        Auditor.Look();
    }

    /// <summary>Trouble ends, everybody is well, and no new orders come.</summary>
    public void Heal()
    {
        Note("trouble ends");
        IsTroubled = false;
        DiskTrouble = DiskTrouble.None;
        Receivers.Heal();
        Rates.Heal();
        Coins.Heal();
        foreach (var network in Networks)
        {
            network.Stall(false);
            network.Heal();
        }
        foreach (var process in Processes)
        {
            process.DiesAt = 0;
            process.DiesAfterMove = false;
            process.Fails = null;
            process.Clock.Skew = TimeSpan.Zero;
            if (process.IsPaused)
                process.GoOn();
        }
    }

    /// <summary>Runs for a time of the world.</summary>
    public void Run(TimeSpan time)
    {
        var end = Agenda.Elapsed + time;
        while (Agenda.Elapsed < end)
            Step();
    }

    public void Note(string words)
    {
        _history.Add(new HistoryLine(Steps, Agenda.Elapsed, words));
        Digest.Add(words);
    }

    /// <summary>A process dies, and somebody starts it again after a while.</summary>
    public void Kill(SimProcess process, string how, TimeSpan away)
    {
        if (process.IsDead)
            return;
        Crashes++;
        Note($"{process.Name} {how}");
        process.Die();
        Disk.Undo();
        Processes.Remove(process);
        _diedNow.Add(process);
        Agenda.After(away, () => Boot(process.Name));
    }

    /// <summary>A process that serves, or null.</summary>
    public SimProcess? AnyServing(Chance chance)
    {
        var serving = Processes.Where(p => p.Serves).ToList();
        return serving.Count == 0 ? null : chance.OneOf(serving);
    }

    public void Dispose()
    {
        foreach (var process in Processes)
            process.Dispose();
        Disk.Dispose();
    }

    private void Boot(string name)
    {
        if (Processes.Any(p => p.Name == name))
            return;
        if (IsTroubled && Agenda.Elapsed < StopsUntil)
        {
            Agenda.After(StopsUntil - Agenda.Elapsed, () => Boot(name));
            return;
        }
        var process = new SimProcess(_machine, name);
        Processes.Add(process);
        process.Start();
        // One that could not start, for want of a disk, is started again.
        Agenda.After(
            TimeSpan.FromSeconds(5),
            () =>
            {
                if (process is not { Engine: null, IsDead: true } || !Processes.Remove(process))
                    return;
                Disk.Undo();
                Boot(name);
            }
        );
    }

    private SimNetwork NetworkOf(
        Network network,
        TimeSpan blockTime,
        int finalDistance,
        int? natural = null,
        int trust = 0
    ) =>
        new(
            new NetworkConfig(network.Id, [new Uri("http://unused.example/")])
            {
                BlockTime = blockTime,
                NaturalFinalityDepth = natural,
            },
            finalDistance,
            trust,
            Agenda,
            new Chance(Options.Seed, network.Name)
        );

    private ValueTask BeforeStatement(string shape)
    {
        if (SynchronizationContext.Current is not SimThread { Process: var process })
            return ValueTask.CompletedTask;
        var isCommit = shape == "commit";
        var moves = isCommit && _hasMoved;
        if (isCommit || shape == "rollback")
            _hasMoved = false;
        if ((process.DiesAt > 0 && --process.DiesAt == 0) || (moves && process.DiesAfterMove))
        {
            var after = isCommit && (process.DiesAfterMove || _order.Percent(50));
            if (after)
                Disk.CommitForTheDead();
            Kill(
                process,
                after ? "dies right after a commit" : $"dies before the statement '{Beginning(shape)}'",
                _order.Seconds(1, 30)
            );
            return new ValueTask(new TaskCompletionSource().Task);
        }
        if (shape != "rollback")
            FailIfDue(process, shape);
        if (isCommit)
            Disk.Count();
        return !Disk.IsInTransaction && _order.Percent(25) ? LaterAsync(process) : ValueTask.CompletedTask;
    }

    /// <summary>
    /// The answer takes its time, and others act meanwhile: what was read may be old by the time that it is decided on.
    /// Transactions wait for each other, as they do on SQLite.
    /// </summary>
    private ValueTask LaterAsync(SimProcess process)
    {
        var answer = new TaskCompletionSource();
        process.Later(answer.SetResult, _order.Milliseconds(0, _order.OneOf([1, 10, 500])));
        return new ValueTask(answer.Task);
    }

    private void FailIfDue(SimProcess process, string shape)
    {
        // Who only reads needs neither the lock nor room.
        if (DiskTrouble != DiskTrouble.None && !shape.StartsWith("select", StringComparison.OrdinalIgnoreCase))
            throw SimDisk.FailureOf(DiskTrouble);
        if (process.Fails is not { } fails || !shape.Contains(fails.About) || --fails.In > 0)
            return;
        process.Fails = null;
        Note($"a statement of {process.Name} meets an error: '{Beginning(shape)}'");
        throw SimDisk.FailureOf(DiskTrouble.Error);
    }

    private void Saw(RowChange change)
    {
        Digest.Add((long)change.Action, change.Row);
        _hasMoved |= change.Table is "checkout_sessions" or "transfers";
        Auditor.Saw(change);
    }

    private void Until(Func<bool> isSo, string what)
    {
        for (var i = 0; !isSo(); i++)
        {
            if (i > 20_000)
                throw new InvalidOperationException($"it never happens that {what}");
            Step();
        }
    }

    private void Until(Task task, string what)
    {
        Until(() => task.IsCompleted, what);
        if (task.IsFaulted)
            throw task.Exception!.InnerException!;
    }

    private static string Beginning(string statement) => statement.Length <= 48 ? statement : statement[..48] + "…";
}
