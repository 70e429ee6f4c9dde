using StablePay.Simulation.World;

namespace StablePay.Simulation;

/// <summary>
/// Looks for the shortest history that breaks the same invariant: fewer steps, fewer kinds of trouble, then fewer
/// happenings, half of them at a time, then a quarter, and so on.
/// </summary>
internal static class Shrinker
{
    /// <summary>Runs that one failure may cost.</summary>
    private const int MostRuns = 120;

    public static RunResult Shrink(RunResult failed, Func<RunOptions, RunResult> run)
    {
        var runs = 0;
        var best = failed;
        bool Try(RunOptions options)
        {
            if (runs++ >= MostRuns)
                return false;
            var result = run(options);
            if (result.Broken?.Invariant != failed.Broken!.Invariant)
                return false;
            best = result;
            return true;
        }
        Try(best.Options with { Steps = (int)Math.Min(best.Steps + 1, best.Options.Steps) });
        foreach (var group in best.Options.Faults.Order().ToList())
            Try(best.Options with { Faults = best.Options.Faults.Except([group]).ToHashSet() });
        for (var size = best.Happened.Count / 2; size > 0; size /= 2)
        {
            var happened = best.Happened.ToList();
            for (var at = 0; at < happened.Count; at += size)
                Try(
                    best.Options with
                    {
                        Without = best.Options.Without.Concat(happened.Skip(at).Take(size)).ToHashSet(),
                    }
                );
        }
        Try(best.Options with { Steps = (int)Math.Min(best.Steps + 1, best.Options.Steps) });
        return best;
    }
}
