using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace StablePay.Architecture.Tests;

/// <summary>Five projects, no cycles; the arrows of ARCHITECTURE.md and no others.</summary>
public sealed class ReferenceTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Core"] = [],
        ["Chains"] = ["Core"],
        ["Storage"] = ["Core"],
        ["Engine"] = ["Chains", "Core", "Storage"],
        ["Server"] = ["Core", "Engine"],
    };

    [Fact]
    public void Projects_reference_what_the_picture_shows()
    {
        var found = Directory
            .EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories)
            .ToDictionary(Name, path => References(path, "ProjectReference").Select(Name).Order().ToArray());
        found.Keys.Order().ShouldBe(Allowed.Keys.Order());
        foreach (var (project, references) in found)
            references.ShouldBe(Allowed[project], project);
    }

    [Fact]
    public void Core_has_no_packages() =>
        References(Path.Combine(Repository.Root, "src/StablePay.Core/StablePay.Core.csproj"), "PackageReference")
            .ShouldBeEmpty();

    /// <summary>Folders of Core, lowest first: a file may use words of its own folder and of those before it.</summary>
    private static readonly string[] Order =
    [
        "Primitives",
        "Ids",
        "Errors",
        "Money",
        "Access",
        "Networks",
        "Ledger",
        "Events",
        "Jobs",
        "Checkout",
        "Webhooks",
    ];

    [Fact]
    public void Folders_of_core_depend_on_each_other_in_order()
    {
        var declared = Repository
            .Sources("src/StablePay.Core")
            .SelectMany(path => Declared(path).Select(type => (Type: type, Folder: Folder(path))))
            .Where(t => t.Folder is not null)
            .GroupBy(t => t.Type)
            .ToDictionary(g => g.Key, g => g.First().Folder!);
        var wrong = new List<string>();
        foreach (var path in Repository.Sources("src/StablePay.Core"))
        {
            if (Folder(path) is not { } folder)
                continue;
            Order.ShouldContain(folder);
            var code = Regex.Replace(Repository.Text(path), @"//.*|""[^""\n]*""", "");
            foreach (Match word in Regex.Matches(code, @"\b[A-Z]\w+\b"))
                if (
                    declared.TryGetValue(word.Value, out var other)
                    && Array.IndexOf(Order, other) > Array.IndexOf(Order, folder)
                    && !MemberNames.Contains(word.Value)
                )
                    wrong.Add($"{path} uses {word.Value} of {other}");
        }
        wrong.Distinct().ShouldBeEmpty();
    }

    /// <summary>Types whose names are also names of members, which a search for words cannot tell apart.</summary>
    private static readonly string[] MemberNames =
    [
        "Network",
        "Store",
        "Merchant",
        "Side",
        "Permissions",
        "Signature",
        "Event",
    ];

    private static IEnumerable<string> Declared(string path) =>
        Regex
            .Matches(
                Repository.Text(path),
                @"^public [\w ]*?(?:class|struct|record struct|record|enum|interface) (\w+)",
                RegexOptions.Multiline
            )
            .Select(m => m.Groups[1].Value);

    private static string? Folder(string path) => path.Split('/') is [_, _, var folder, _, ..] ? folder : null;

    private static string Name(string path) =>
        Path.GetFileNameWithoutExtension(path.Replace('\\', '/')).Replace("StablePay.", "", StringComparison.Ordinal);

    private static IEnumerable<string> References(string path, string kind) =>
        XDocument.Load(path).Descendants(kind).Select(e => e.Attribute("Include")!.Value);
}
