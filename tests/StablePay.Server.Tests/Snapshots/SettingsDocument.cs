using System.Collections;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using StablePay.Server.Options;

namespace StablePay.Server.Tests.Snapshots;

/// <summary>docs/settings.md, made from the options and the comments on them.</summary>
internal static class SettingsDocument
{
    private static readonly XDocument Comments = XDocument.Load(
        Path.Combine(AppContext.BaseDirectory, "StablePay.Server.xml")
    );

    public static string Compose()
    {
        var text = new StringBuilder(
            """
            # Settings

            A setting is given on the command line (`--Server:Port 9000`), in the environment (`STABLEPAY_Server__Port=9000`)
            or in a JSON file that `--settings FILE` names; the first of these that has it wins. `--port`, `--data` and
            `--no-demo` are short for `--Server:Port`, `--Server:Data` and `--Sandbox:Demo false`. Durations are
            `hours:minutes:seconds`; lists are separated by commas. `check-config` as the first word prints every mistake and
            starts nothing.

            """.ReplaceLineEndings("\n")
        );
        foreach (var section in typeof(StablePayOptions).GetProperties())
        {
            var isNetworks = section.Name == nameof(StablePayOptions.Networks);
            var type = isNetworks ? typeof(NetworkOptions) : section.PropertyType;
            text.Append(CultureInfo.InvariantCulture, $"\n## {section.Name}\n\n{SummaryOf($"T:{type.FullName}")}\n\n")
                .Append("| setting | default | meaning |\n|---|---|---|\n");
            var defaults = Activator.CreateInstance(type)!;
            AppendRows(text, isNetworks ? $"{section.Name}:NAME" : section.Name, type, defaults);
        }
        return text.ToString();
    }

    /// <summary>A setting that is itself a section has its rows in its place.</summary>
    private static void AppendRows(StringBuilder text, string section, Type type, object defaults)
    {
        foreach (var setting in type.GetProperties())
        {
            if (setting.PropertyType.Namespace == typeof(StablePayOptions).Namespace)
                AppendRows(text, $"{section}:{setting.Name}", setting.PropertyType, setting.GetValue(defaults)!);
            else
                text.Append(RowOf(section, setting, setting.GetValue(defaults)));
        }
    }

    private static string RowOf(string section, PropertyInfo setting, object? value)
    {
        var meaning = SummaryOf($"P:{setting.DeclaringType!.FullName}.{setting.Name}");
        meaning.ShouldNotBeEmpty($"{section}:{setting.Name} needs a comment that says what it does");
        if (setting.GetCustomAttribute<WithinAttribute>() is { } range)
            meaning +=
                $" {SettingsReader.DescribeLimit(setting, range.Least)} to {SettingsReader.DescribeLimit(setting, range.Most)}.";
        return $"| `{section}:{setting.Name}` | {DefaultOf(value)} | {meaning} |\n";
    }

    private static string DefaultOf(object? value) =>
        value switch
        {
            null or "" => "",
            bool flag => flag ? "`true`" : "`false`",
            TimeSpan span => $"`{span.ToString("c", CultureInfo.InvariantCulture)}`",
            string text => $"`{text}`",
            IEnumerable list => list.Cast<object>().Any()
                ? throw new InvalidOperationException("a list with a default")
                : "",
            IFormattable number => $"`{number.ToString(null, CultureInfo.InvariantCulture)}`",
            _ => throw new InvalidOperationException($"no form for {value}"),
        };

    private static string SummaryOf(string member)
    {
        var summary = Comments
            .Descendants("member")
            .FirstOrDefault(m => (string?)m.Attribute("name") == member)
            ?.Element("summary");
        if (summary is null)
            return "";
        var parts = summary
            .Nodes()
            .Select(node =>
                node switch
                {
                    XText text => text.Value,
                    XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
                    XElement { Name.LocalName: "see" } see => $"`{see.Attribute("cref")!.Value.Split('.')[^1]}`",
                    _ => throw new InvalidOperationException($"no form for {node}"),
                }
            );
        return Regex.Replace(string.Concat(parts), "\\s+", " ").Trim();
    }
}
