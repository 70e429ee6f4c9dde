using StablePay.Simulation.Faults;

namespace StablePay.Simulation;

/// <summary>What the command line asks for.</summary>
internal sealed record Arguments(IReadOnlyList<ulong> Seeds, int Steps, IReadOnlySet<string> Faults)
{
    public const string Usage = """
        Runs the production engine in a simulated world and checks what must always hold.
          --seed N          one world; or --seeds A-B for several
          --steps N         how many things happen before trouble ends (20000)
          --faults LIST     all, none, or some of them with commas between
          --without LIST    happenings to leave out, as a report names them
          --whole           do not look for a shorter history when a seed fails
        Exit code: 0 if everything held, 1 if not, 2 if the command line is wrong.
        """;

    public IReadOnlySet<string> Without { get; init; } = new HashSet<string>();

    public bool Shrinks { get; init; } = true;

    /// <summary>Null if they are wrong; what is wrong has been said.</summary>
    public static Arguments? Read(IReadOnlyList<string> args, TextWriter errors)
    {
        var arguments = new Arguments([1], 20_000, Trouble.Groups);
        for (var i = 0; i < args.Count; i++)
        {
            var (option, value) = (args[i], i + 1 < args.Count ? args[i + 1] : null);
            if (option == "--whole")
            {
                arguments = arguments with { Shrinks = false };
                continue;
            }
            i++;
            var next = value is null ? null : arguments.With(option, value);
            if (next is null)
            {
                errors.WriteLine(value is null ? $"{option} wants a value." : $"'{option} {value}' is not understood.");
                errors.WriteLine(Usage);
                return null;
            }
            arguments = next;
        }
        return arguments;
    }

    private Arguments? With(string option, string value)
    {
        switch (option)
        {
            case "--seed" or "--seeds":
                var ends = value.Split('-');
                return
                    ends.Length <= 2
                    && ulong.TryParse(ends[0], CultureInfo.InvariantCulture, out var first)
                    && ulong.TryParse(ends[^1], CultureInfo.InvariantCulture, out var last)
                    && last >= first
                    && last - first < 1_000_000
                    ? this with
                    {
                        Seeds = [.. Enumerable.Range(0, (int)(last - first) + 1).Select(n => first + (ulong)n)],
                    }
                    : null;
            case "--steps":
                return int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var steps) && steps > 0
                    ? this with
                    {
                        Steps = steps,
                    }
                    : null;
            case "--faults":
                var faults = value switch
                {
                    "all" => Trouble.Groups,
                    "none" => new HashSet<string>(),
                    _ => value.Split(',').ToHashSet(),
                };
                return faults.IsSubsetOf(Trouble.Groups) ? this with { Faults = faults } : null;
            case "--without":
                return this with { Without = value.Split(',').ToHashSet() };
            default:
                return null;
        }
    }
}
