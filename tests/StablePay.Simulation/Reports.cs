using System.Text;
using StablePay.Simulation.World;

namespace StablePay.Simulation;

/// <summary>What is told of a run.</summary>
internal static class Reports
{
    private const int NewestLines = 40;

    public static string Line(RunResult result) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"seed {result.Options.Seed}: digest {result.Digest}, {result.Steps} steps, {result.Simulated.TotalHours:0.0} h, "
                + $"{result.Crashes} crashes, {result.Replaced} blocks replaced, {result.Accepted} transfers accepted, {result.Credited} credited, "
                + $"{result.Delivered} events received, {result.Compared} comparisons, {result.Missing} thefts told, "
                + $"{result.Checked} rows checked"
        ) + (result.Broken is null ? "" : ": FAILED");

    public static string Total(IReadOnlyCollection<RunResult> results, TimeSpan took)
    {
        var steps = results.Sum(r => r.Steps);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{results.Count} seeds, {results.Count(r => r.Broken is not null)} failed, {steps} steps, "
                + $"{steps / took.TotalSeconds:0} steps a second, {results.Sum(r => r.Simulated.TotalHours):0.0} h, "
                + $"{results.Sum(r => r.Crashes)} crashes, {results.Sum(r => r.Replaced)} blocks replaced, "
                + $"{results.Sum(r => r.Accepted)} transfers accepted, {results.Sum(r => r.Credited)} credited, "
                + $"{results.Sum(r => r.Delivered)} events received, "
                + $"{results.Sum(r => r.Compared)} comparisons, {results.Sum(r => r.Missing)} thefts told, "
                + $"{results.Sum(r => r.Checked)} rows checked"
        );
    }

    /// <summary>What broke, what led to it in words, and how to see it again.</summary>
    public static string Failure(RunResult result)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"  {result.Broken!.Message}");
        text.AppendLine("  What happened before:");
        foreach (var line in result.History.TakeLast(NewestLines))
            text.AppendLine(CultureInfo.InvariantCulture, $"    step {line.Step}, {line.At:h\\:mm\\:ss}: {line.Words}");
        text.AppendLine("  To see it again:");
        text.Append(CultureInfo.InvariantCulture, $"    --whole {Replay(result.Options)}");
        return text.ToString();
    }

    public static string Replay(RunOptions options)
    {
        var faults = options.Faults.Count == 0 ? "none" : string.Join(',', options.Faults.Order());
        var without = options.Without.Count == 0 ? "" : " --without " + string.Join(',', options.Without.Order());
        return string.Create(
            CultureInfo.InvariantCulture,
            $"--seed {options.Seed} --steps {options.Steps} --faults {faults}{without}"
        );
    }
}
