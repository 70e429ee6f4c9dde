using System.Diagnostics;
using System.Security.Cryptography;

namespace StablePay.Fuzz;

/// <summary>
/// Runs a target on changed inputs for a while. An input that takes a branch as none before joins the corpus; one for
/// which something breaks is cut down, kept in a file and told.
/// </summary>
internal sealed class Campaign(IFuzzTarget target, BranchCoverage coverage, Dice dice, string findings, TextWriter told)
{
    /// <summary>One input that takes longer than this would be a way to make us busy.</summary>
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(1);

    private readonly Mutator _mutator = new(dice);
    private readonly List<byte[]> _corpus = [];
    private readonly HashSet<string> _found = [];

    /// <returns>How many different findings there are.</returns>
    public int Run(IEnumerable<byte[]> seeds, TimeSpan time)
    {
        foreach (var seed in seeds)
        {
            Try(seed);
            _mutator.Learn(seed);
            _corpus.Add(seed);
        }
        if (_corpus.Count == 0)
            throw new InvalidOperationException($"The target {target.Name} has no corpus.");
        var (began, runs, shown) = (Stopwatch.GetTimestamp(), 0L, 5.0);
        while (Stopwatch.GetElapsedTime(began) is var passed && passed < time)
        {
            var input = _mutator.Change(_corpus[dice.Next(_corpus.Count)], _corpus[dice.Next(_corpus.Count)]);
            if (Try(input))
                _corpus.Add(input);
            runs++;
            if (passed.TotalSeconds < shown)
                continue;
            shown += 5;
            Tell(passed, runs);
        }
        Tell(Stopwatch.GetElapsedTime(began), runs);
        return _found.Count;
    }

    private void Tell(TimeSpan passed, long runs) =>
        told.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{target.Name}: {passed.TotalSeconds:0} s, {runs} runs, {_corpus.Count} inputs kept, "
            )
                + (coverage.Seen == 0 ? "blind" : $"{coverage.Seen} branches")
                + $", {_found.Count} findings"
        );

    /// <summary>Whether the input took a branch as none before.</summary>
    private bool Try(byte[] input)
    {
        coverage.Begin();
        var began = Stopwatch.GetTimestamp();
        var failure = Failure(input);
        if (failure is null && Stopwatch.GetElapsedTime(began) > Slow)
            failure = $"it takes longer than {Slow.TotalSeconds} s";
        var isNew = coverage.IsNew();
        if (failure is not null && _found.Add(Place(failure)))
            Keep(input, failure);
        return isNew && failure is null;
    }

    private string? Failure(byte[] input)
    {
        try
        {
            target.Run(input);
            return null;
        }
#pragma warning disable CA1031 // Every exception that leaves a target is a finding.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return e.ToString();
        }
    }

    /// <summary>Two failures at the same place are one finding: the exception's kind and where it came from.</summary>
    private static string Place(string failure)
    {
        var lines = failure.Split('\n');
        var where = lines.FirstOrDefault(l =>
            l.Contains("at StablePay.", StringComparison.Ordinal) && !l.Contains(".Must.", StringComparison.Ordinal)
        );
        return lines[0].Split(':')[0] + where;
    }

    private void Keep(byte[] input, string failure)
    {
        var small = CutDown(input, Place(failure));
        Directory.CreateDirectory(findings);
        var path = Path.Combine(findings, Convert.ToHexStringLower(SHA256.HashData(small))[..12]);
        File.WriteAllBytes(path, small);
        told.WriteLine($"{target.Name}: found {path} ({small.Length} bytes)");
        told.WriteLine(string.Join('\n', failure.Split('\n').Take(6)));
    }

    /// <summary>Leaves out what the failure does not need, by halves down to single bytes.</summary>
    private byte[] CutDown(byte[] input, string place)
    {
        for (var length = input.Length / 2; length > 0; length /= 2)
        {
            for (var at = 0; at + length <= input.Length; )
            {
                byte[] shorter = [.. input[..at], .. input[(at + length)..]];
                if (Failure(shorter) is { } failure && Place(failure) == place)
                    input = shorter;
                else
                    at += length;
            }
        }
        return input;
    }
}
