using System.Diagnostics;
using StablePay.Simulation.Auditing;
using StablePay.Simulation.Faults;
using StablePay.Simulation.World;

namespace StablePay.Simulation.Tests;

/// <summary>The production engine in simulated worlds, a fixed set of them. Longer runs: docs/proof.md.</summary>
public sealed class SimulationTests
{
    public static TheoryData<int, int> Worlds =>
        [.. Enumerable.Range(1, 12).Select(seed => (seed, 25_000)), (13, 80_000), (14, 80_000), (33, 30_000)];

    /// <summary>
    /// Every invariant after every step, and when trouble has ended everything is settled within ten minutes.
    /// </summary>
    [Theory]
    [MemberData(nameof(Worlds))]
    public void Everything_holds_in_a_world_with_all_kinds_of_trouble(int seed, int steps)
    {
        var result = Runner.Run(new RunOptions((ulong)seed, steps, Trouble.Groups));
        Assert.True(result.Broken is null, result.Broken is null ? "" : Reports.Failure(result));
        result.Credited.ShouldBeGreaterThan(0);
        result.Delivered.ShouldBeGreaterThan(0);
        result.Replaced.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Everything_holds_in_a_world_without_trouble()
    {
        var result = Runner.Run(new RunOptions(1, 40_000, new HashSet<string>()));
        Assert.True(result.Broken is null, result.Broken is null ? "" : Reports.Failure(result));
        result.Crashes.ShouldBe(0);
        result.Accepted.ShouldBeGreaterThan(0);
        result.Credited.ShouldBeGreaterThan(5);
    }

    /// <summary>Two processes of the program, so that nothing of the first is left in the second.</summary>
    [Fact]
    public async Task The_same_seed_gives_the_same_digest()
    {
        var (first, second, other) = (await DigestAsync("3"), await DigestAsync("3"), await DigestAsync("4"));
        second.ShouldBe(first);
        other.ShouldNotBe(first);
    }

    /// <summary>A failure is told in words, with a history that is shorter than it was, and a way to see it again.</summary>
    [Fact]
    public void A_failing_history_is_made_short()
    {
        var options = new RunOptions(5, 25_000, Trouble.Groups);
        var whole = Runner.Run(options);
        var failed = whole with { Broken = new AuditException("X", "said by the test") };
        // What breaks it is said here: a world in which both of these happen.
        string[] needed = [whole.Happened[3], whole.Happened[11]];
        var runs = 0;
        var shortest = Shrinker.Shrink(
            failed,
            tried =>
            {
                runs++;
                var left = whole.Happened.Where(h => !tried.Without.Contains(h)).ToList();
                var breaks = needed.All(left.Contains);
                return failed with { Options = tried, Happened = left, Broken = breaks ? failed.Broken : null };
            }
        );
        shortest.Happened.ShouldBe(needed);
        runs.ShouldBeLessThan(130);
        Reports.Failure(shortest).ShouldContain($"--seed 5 --steps {shortest.Options.Steps}");
    }

    [Theory]
    [InlineData("--seed", "x")]
    [InlineData("--seed")]
    [InlineData("--steps", "0")]
    [InlineData("--faults", "weather")]
    [InlineData("--colour", "blue")]
    public void A_wrong_command_line_is_refused_and_says_why(params string[] args)
    {
        using var errors = new StringWriter();
        Runner.RunAll(args, TextWriter.Null, errors).ShouldBe(2);
        errors.ToString().ShouldContain(args[0]);
        errors.ToString().ShouldContain("--seeds A-B");
    }

    private static async Task<string> DigestAsync(string seed)
    {
        var program = RepositoryRoot.Of(
            "tests",
            "StablePay.Simulation",
            "bin",
            "Release",
            "net10.0",
            "StablePay.Simulation"
        );
        var start = new ProcessStartInfo(program, ["--seed", seed, "--steps", "20000", "--whole"])
        {
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var told = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0, told);
        return told.Split("digest ")[1].Split(',')[0];
    }
}
