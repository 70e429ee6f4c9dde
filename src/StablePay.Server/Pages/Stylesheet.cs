using System.Text.RegularExpressions;

namespace StablePay.Server.Pages;

/// <summary>The two style files as a page carries them: inside itself, up to the cut, without comments and indents.</summary>
internal static partial class Stylesheet
{
    public static readonly string Inline =
        Tighten(EmbeddedFile.Read("tokens.css") + EmbeddedFile.Read("components.css").Split("/* ============ CUT")[0]);

    private static string Tighten(string css) => string.Join('\n', Comment().Replace(css, "")
        .Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0));

    [GeneratedRegex(@"/\*.*?\*/", RegexOptions.Singleline)]
    private static partial Regex Comment();
}
