using System.Text;
using System.Text.RegularExpressions;

namespace StablePay.Server.Pages;

/// <summary>Files that the program carries inside itself.</summary>
internal static class EmbeddedFile
{
    public static byte[] Bytes(string name)
    {
        using var stream =
            typeof(EmbeddedFile).Assembly.GetManifestResourceStream(name)
            ?? throw new FileNotFoundException($"{name} is not embedded.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    public static string Read(string name) => Encoding.UTF8.GetString(Bytes(name));
}

/// <summary>
/// The two style files as a page carries them: inside itself, up to the cut, without comments and indents.
/// </summary>
internal static partial class Stylesheet
{
    public static readonly string Inline = Tighten(
        EmbeddedFile.Read("tokens.css") + EmbeddedFile.Read("components.css").Split("/* ============ CUT")[0]
    );

    private static string Tighten(string css) =>
        string.Join(
            '\n',
            Comment().Replace(css, "").Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0)
        );

    [GeneratedRegex(@"/\*.*?\*/", RegexOptions.Singleline)]
    private static partial Regex Comment();
}
