using System.Text.RegularExpressions;

namespace StablePay.Architecture.Tests;

/// <summary>One word, one thing; and what the house does not use.</summary>
public sealed class WordTests
{
    private static readonly string[] RefusedSuffixes =
    [
        "Manager",
        "Helper",
        "Helpers",
        "Util",
        "Utils",
        "Service",
        "Data",
        "Info",
        "Base",
        "Common",
        "Impl",
    ];

    /// <summary>Names fixed elsewhere: the contract's event data, the base of a closed hierarchy.</summary>
    private static readonly string[] Excepted = ["PaymentEventData"];

    [Fact]
    public void Types_have_names_that_say_what_they_are()
    {
        var wrong = Repository
            .Sources("src")
            .SelectMany(path =>
                Regex
                    .Matches(
                        Repository.Text(path),
                        @"^\s*(?:public|internal|file)[\w ]*? (?:class|struct|record struct|record|enum|interface) (\w+)",
                        RegexOptions.Multiline
                    )
                    .Select(m => m.Groups[1].Value)
                    .Where(name =>
                        !Excepted.Contains(name) && RefusedSuffixes.Any(s => name.EndsWith(s, StringComparison.Ordinal))
                    )
                    .Select(name => $"{path}: {name}")
            );
        wrong.ShouldBeEmpty();
    }

    [Fact]
    public void Folders_are_concepts()
    {
        var refused = new[] { "Services", "Helpers", "Models", "Utils", "Common", "Managers" };
        Repository.Sources("src").Where(path => path.Split('/').Intersect(refused).Any()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(@"\basync void\b")]
    [InlineData(@"\bgoto\b")]
    [InlineData(@"#region\b")]
    [InlineData(@"\bdynamic\b")]
    [InlineData(@"catch\s*(\([^)]*\))?\s*\{\s*\}")]
    [InlineData(@"NotImplementedException|NotSupportedException\(\)")]
    public void Source_does_without(string pattern)
    {
        var found = Repository.Sources("src").Where(path => Regex.IsMatch(WithoutText(path), pattern));
        found.ShouldBeEmpty();
    }

    [Fact]
    public void Core_has_no_floating_point_and_no_clock_and_no_async()
    {
        var found = Repository
            .Sources("src/StablePay.Core")
            .Where(path =>
                Regex.IsMatch(WithoutText(path), @"\b(float|double|decimal|async|await|TimeProvider|DateTime\.)\b")
            );
        found.ShouldBeEmpty();
    }

    [Fact]
    public void Every_clock_and_dice_outside_the_hosting_is_an_argument()
    {
        var found = Repository
            .Sources("src")
            .Where(path => !path.StartsWith("src/StablePay.Server/Hosting/", StringComparison.Ordinal))
            .Where(path => !ChoosesItself.Contains(path))
            .Where(path =>
                Regex.IsMatch(
                    WithoutText(path),
                    @"TimeProvider\.System|RandomNumberGenerator\.|pragma warning disable RS0030"
                )
            );
        found.ShouldBeEmpty();
    }

    /// <summary>
    /// Where the clock is chosen; and nonces of ciphers and page policies, which must never come from a dice that a test
    /// or a simulation can seed.
    /// </summary>
    private static readonly string[] ChoosesItself =
    [
        "src/StablePay.Server/Program.cs",
        "src/StablePay.Chains/Keys/Vault/SecretBox.cs",
        "src/StablePay.Server/Docs/ApiReference.cs",
    ];

    [Fact]
    public void Paths_in_ARCHITECTURE_exist()
    {
        var text = Repository.Text("ARCHITECTURE.md");
        var paths = Regex
            .Matches(text, @"`((?:src|tests|docs|bench|plugins)/[\w./-]+)`")
            .Select(m => m.Groups[1].Value)
            .Distinct()
            .ToList();
        paths.ShouldNotBeEmpty();
        paths.Where(path => !Path.Exists(Path.Combine(Repository.Root, path))).ShouldBeEmpty();
    }

    /// <summary>Code without comments and without the inside of plain strings.</summary>
    private static string WithoutText(string path) =>
        Regex.Replace(Repository.Text(path), @"//.*|""(?:[^""\\\n]|\\.)*""", "");
}
