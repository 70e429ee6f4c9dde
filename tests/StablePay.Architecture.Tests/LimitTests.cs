using System.Text.RegularExpressions;

namespace StablePay.Architecture.Tests;

/// <summary>Sizes that keep a file readable. Exceptions stand in limits.txt, each with its reason.</summary>
public sealed class LimitTests
{
    private static readonly HashSet<string> Excepted =
    [
        .. Repository
            .Lines("tests/StablePay.Architecture.Tests/limits.txt")
            .Where(line => line.Length > 0 && !line.StartsWith('#'))
            .Select(line => line.Split(' ', 2)[0]),
    ];

    private static IEnumerable<string> Ours =>
        Repository
            .Sources("src")
            .Concat(Repository.Sources("tests"))
            .Concat(Repository.Sources("bench"))
            .Where(path => !Excepted.Contains(path));

    [Fact]
    public void Files_are_short()
    {
        var tooLong = Ours.Select(path => (Path: path, Lines: Repository.Lines(path).Length))
            .Where(f => f.Lines > (f.Path.StartsWith("src/StablePay.Core/", StringComparison.Ordinal) ? 250 : 400))
            .Select(f => $"{f.Path}: {f.Lines}");
        tooLong.ShouldBeEmpty();
    }

    [Fact]
    public void Lines_fit()
    {
        // A line that is one long text (a sentence of the catalogue, an address, a vector) cannot be broken usefully.
        var tooWide = Ours.Where(p => p.StartsWith("src/", StringComparison.Ordinal))
            .SelectMany(path =>
                Repository
                    .Lines(path)
                    .Select((line, i) => (path, line, Number: i + 1))
                    .Where(l => l.line.Length > 120 && !l.line.Contains('"'))
                    .Select(l => $"{l.path}:{l.Number}: {l.line.Length}")
            );
        tooWide.ShouldBeEmpty();
    }

    [Fact]
    public void Folders_are_small_and_flat()
    {
        foreach (var folder in Repository.Sources("src").GroupBy(path => Path.GetDirectoryName(path)!))
        {
            if (!Excepted.Contains(folder.Key))
                folder.Count().ShouldBeLessThanOrEqualTo(15, folder.Key);
            folder.Key.Split('/').Length.ShouldBeLessThanOrEqualTo(2 + 3, folder.Key);
        }
    }

    [Fact]
    public void Methods_are_short()
    {
        var tooLong = Repository.Sources("src").Where(p => !Excepted.Contains(p)).SelectMany(LongMethods);
        tooLong.ShouldBeEmpty();
    }

    [Fact]
    public void Constructors_take_few_parameters()
    {
        var tooMany = Repository
            .Sources("src")
            .Where(p => !Excepted.Contains(p))
            .SelectMany(path =>
                Regex
                    .Matches(Repository.Text(path), @"(?:class|struct) (\w+)(?:<[^>]*>)?\(([^)]*)\)")
                    .Where(m => m.Groups[2].Value.Split(',').Length > 6)
                    .Select(m => $"{path}: {m.Groups[1].Value}")
            );
        tooMany.ShouldBeEmpty();
    }

    [Fact]
    public void Every_exception_names_a_file_that_exists_and_gives_a_reason()
    {
        foreach (var line in Repository.Lines("tests/StablePay.Architecture.Tests/limits.txt"))
        {
            if (line.Length == 0 || line.StartsWith('#'))
                continue;
            var parts = line.Split(' ', 2);
            Path.Exists(Path.Combine(Repository.Root, parts[0])).ShouldBeTrue(line);
            parts.Length.ShouldBe(2, line);
        }
    }

    /// <summary>A member's body, from an opening brace at the member's indentation to its closing one.</summary>
    private static IEnumerable<string> LongMethods(string path)
    {
        var lines = Repository.Lines(path);
        for (var i = 1; i < lines.Length; i++)
        {
            var indent = lines[i].Length - lines[i].TrimStart().Length;
            if (lines[i].Trim() != "{" || indent is not (4 or 8) || !LooksLikeMethod(lines, i, indent))
                continue;
            var end = Array.FindIndex(lines, i, line => line == new string(' ', indent) + "}");
            if (end - i - 1 > 60)
                yield return $"{path}:{i}: {end - i - 1} lines";
        }
    }

    private static bool LooksLikeMethod(string[] lines, int brace, int indent)
    {
        for (var i = brace - 1; i >= 0 && i > brace - 10; i--)
        {
            var line = lines[i];
            if (line.Length - line.TrimStart().Length != indent)
                continue;
            return line.Contains('(')
                && !Regex.IsMatch(line, @"\b(class|record|struct|interface|extension|namespace)\b");
        }
        return false;
    }
}
