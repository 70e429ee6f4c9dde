using System.Diagnostics;
using System.Text.RegularExpressions;

namespace StablePay.Simulation.Tests;

/// <summary>
/// The planted bugs that measure the simulator (docs/proof.md) must fit the code as it is: whoever changes a planted
/// line changes its patch too. That each is found is measured by <c>tests/plants.sh</c>, which takes too long for here.
/// </summary>
public sealed partial class PlantTests
{
    private static readonly string Folder = RepositoryRoot.Of("tests", "StablePay.Simulation", "Plants");

    public static TheoryData<string> Names =>
        [.. Directory.EnumerateFiles(Folder, "*.patch").Select(f => Path.GetFileNameWithoutExtension(f)!).Order()];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_plant_applies_to_the_code_as_it_is(string name)
    {
        var start = new ProcessStartInfo("git", ["apply", "--check", Path.Combine(Folder, name + ".patch")])
        {
            WorkingDirectory = RepositoryRoot.Of(),
            RedirectStandardError = true,
        };
        using var git = Process.Start(start)!;
        var errors = await git.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await git.WaitForExitAsync(TestContext.Current.CancellationToken);
        git.ExitCode.ShouldBe(0, errors);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_plant_says_what_it_is_and_changes_production_code_only(string name)
    {
        var lines = File.ReadAllLines(Path.Combine(Folder, name + ".patch"));
        lines[0].ShouldMatch(@"^Bug: [^|]+\.$");
        lines[1].ShouldMatch(@"^Breaks: [A-Z]\d+(, [A-Z]\d+)*: [^|]+\.$");
        var files = lines.Where(l => l.StartsWith("+++ ", StringComparison.Ordinal)).ToList();
        files.ShouldNotBeEmpty();
        files.ShouldAllBe(f => ProductionFile().IsMatch(f));
    }

    [Fact]
    public void Every_plant_stands_in_the_proof_and_thirty_or_more_were_found()
    {
        var proof = File.ReadAllText(RepositoryRoot.Of("docs", "proof.md"));
        var rows = Row().Matches(proof);
        rows.Select(m => m.Groups["name"].Value).Order().ShouldBe(Names.Select(row => row.Data).Order());
        rows.Count(m => m.Groups["seed"].Success).ShouldBeGreaterThanOrEqualTo(30);
    }

    [GeneratedRegex(@"^\+\+\+ b/src/[\w./]+\.cs$")]
    private static partial Regex ProductionFile();

    /// <summary>A row of the table; one of a plant that was found says with which seed.</summary>
    [GeneratedRegex(
        @"^\| `(?<name>[a-z0-9-]+)` \|.*\| (?:(?<seed>\d+)|-|more than \d+) \| [\d-]+ \|$",
        RegexOptions.Multiline
    )]
    private static partial Regex Row();
}
