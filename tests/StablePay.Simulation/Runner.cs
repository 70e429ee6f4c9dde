using System.Diagnostics;
using StablePay.Simulation.Auditing;
using StablePay.Simulation.Faults;
using StablePay.Simulation.World;

namespace StablePay.Simulation;

/// <summary>What a run came to.</summary>
/// <param name="Broken">The invariant that did not hold, or null.</param>
internal sealed record RunResult(RunOptions Options, string Digest, AuditException? Broken)
{
    public required long Steps { get; init; }
    public required TimeSpan Simulated { get; init; }
    public required int Crashes { get; init; }
    public required int Replaced { get; init; }
    public required int Accepted { get; init; }
    public required int Credited { get; init; }
    public required int Delivered { get; init; }
    public required int Compared { get; init; }
    public required int Missing { get; init; }
    public required long Checked { get; init; }
    public required IReadOnlyList<HistoryLine> History { get; init; }
    public required IReadOnlyList<string> Happened { get; init; }
}

/// <summary>Runs worlds, and makes failing ones short.</summary>
internal static class Runner
{
    /// <summary>How long the world has to heal.</summary>
    private static readonly TimeSpan Healing = TimeSpan.FromMinutes(10);

    /// <summary>So long before the end nobody pays any more, and what was paid and stolen is final.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(6);

    /// <summary>One world: trouble for so many steps, then healing, then everything must be settled.</summary>
    public static RunResult Run(RunOptions options)
    {
        using var world = new SimWorld(options);
        AuditException? broken = null;
        void Notice(object? sender, System.Runtime.ExceptionServices.FirstChanceExceptionEventArgs e)
        {
            if (e.Exception is InvariantBrokenException)
                world.Auditor.EngineBroke ??= e.Exception;
        }
        AppDomain.CurrentDomain.FirstChanceException += Notice;
        try
        {
            world.Begin(options.Faults.Contains("pause") ? 1 + (int)(options.Seed % 3) : 1);
            while (world.Steps < options.Steps)
                world.Step();
            world.Heal();
            // Who was stopped for a restore comes back before that.
            world.Run(
                Healing
                    + (
                        world.StopsUntil > world.Agenda.Elapsed
                            ? world.StopsUntil - world.Agenda.Elapsed
                            : TimeSpan.Zero
                    )
            );
            world.Auditor.CheckSettled();
            Compare(world);
        }
        catch (AuditException e)
        {
            broken = e;
        }
        finally
        {
            AppDomain.CurrentDomain.FirstChanceException -= Notice;
        }
        return new RunResult(options, world.Digest.ToString(), broken)
        {
            Steps = world.Steps,
            Simulated = world.Agenda.Elapsed,
            Crashes = world.Crashes,
            Replaced = world.Networks.Sum(n => n.Replaced),
            Accepted = world.Auditor.Transfers.Acceptances,
            Credited = world.Auditor.Transfers.Finals,
            Delivered = world.Auditor.Events.Arrivals,
            Compared = world.Auditor.Reconciliation.Compared,
            Missing = world.Auditor.Reconciliation.Opened,
            Checked = world.Auditor.Checked,
            History = [.. world.History],
            Happened = [.. world.Happened],
        };
    }

    /// <summary>
    /// Ledger and chains are compared once more from beginning to end, with everything that trouble left in it. Mostly
    /// that has happened by now.
    /// </summary>
    private static void Compare(SimWorld world)
    {
        var (since, last) = (world.Agenda.Elapsed - Quiet, world.Agenda.Elapsed + Healing);
        while (!world.Auditor.Reconciliation.HasComparedSince(since) && world.Agenda.Elapsed < last)
            world.Step();
        world.Auditor.Look();
        world.Auditor.Reconciliation.CheckSettled(since);
    }

    public static int RunAll(string[] args, TextWriter output, TextWriter errors)
    {
        if (Arguments.Read(args, errors) is not { } arguments)
            return 2;
        var began = Stopwatch.StartNew();
        var results = new List<RunResult>();
        foreach (var seed in arguments.Seeds)
        {
            var result = Run(new RunOptions(seed, arguments.Steps, arguments.Faults) { Without = arguments.Without });
            // Histories are long, and seeds may be many.
            results.Add(result with { History = [], Happened = [] });
            output.WriteLine(Reports.Line(result));
            if (result.Broken is null)
                continue;
            output.WriteLine(Reports.Failure(arguments.Shrinks ? Shrinker.Shrink(result, Run) : result));
        }
        output.WriteLine(Reports.Total(results, began.Elapsed));
        return results.All(r => r.Broken is null) ? 0 : 1;
    }
}
