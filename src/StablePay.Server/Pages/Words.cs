using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace StablePay.Server.Pages;

/// <summary>
/// The sentences of one language: plain text with <c>{names}</c> for what the page fills in. No markup stands in them,
/// so a translation cannot break or attack a page.
/// </summary>
public sealed partial class Words
{
    private readonly Dictionary<string, string> _texts;

    private Words(Dictionary<string, string> texts) => _texts = texts;

    public IReadOnlyDictionary<string, string> Texts => _texts;

    /// <summary>Chinese typography puts a space between its own characters and Latin letters or digits.</summary>
    private bool _spaces;

    public static Words Load(string file)
    {
        var texts =
            JsonSerializer.Deserialize<Dictionary<string, string>>(EmbeddedFile.Read(file))
            ?? throw new InvalidDataException($"{file} holds no texts.");
        return new Words(texts) { _spaces = file.StartsWith("zh", StringComparison.Ordinal) };
    }

    public bool Has(string key) => _texts.ContainsKey(key);

    /// <summary>A sentence as it stands.</summary>
    public string this[string key] => _texts[key];

    /// <summary>A sentence as markup, its names filled in.</summary>
    public Html Say(string key, params ReadOnlySpan<(string Name, Html Value)> values)
    {
        var markup = new StringBuilder();
        foreach (var part in Parts(_texts[key]))
            Append(markup, part.IsName ? Value(key, part.Text, values).ToString() : Html.Text(part.Text).ToString());
        return Html.Trusted(markup.ToString());
    }

    /// <summary>A sentence as plain text, for titles and attributes.</summary>
    public string Plain(string key, params ReadOnlySpan<(string Name, string Value)> values)
    {
        var text = new StringBuilder();
        foreach (var part in Parts(_texts[key]))
            Append(text, part.IsName ? Value(key, part.Text, values) : part.Text);
        return text.ToString();
    }

    /// <summary>In one pass: a brace inside a value is a brace, whoever wrote it.</summary>
    private static IEnumerable<(string Text, bool IsName)> Parts(string text)
    {
        var at = 0;
        while (text.IndexOf('{', at) is var open and >= 0 && text.IndexOf('}', open) is var close and > 0)
        {
            yield return (text[at..open], false);
            yield return (text[(open + 1)..close], true);
            at = close + 1;
        }
        yield return (text[at..], false);
    }

    private void Append(StringBuilder text, string part)
    {
        if (_spaces && text.Length > 0 && part.Length > 0)
        {
            var (before, after) = (LastShown(text.ToString()), FirstShown(part));
            if (
                (IsHan(before) && char.IsAsciiLetterOrDigit(after))
                || (char.IsAsciiLetterOrDigit(before) && IsHan(after))
            )
                text.Append(' ');
        }
        text.Append(part);
    }

    private static char FirstShown(string markup) => Tag().Replace(markup, "") is { Length: > 0 } text ? text[0] : ' ';

    private static char LastShown(string markup) => Tag().Replace(markup, "") is { Length: > 0 } text ? text[^1] : ' ';

    private static bool IsHan(char character) => character is >= '\u4e00' and <= '\u9fff';

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();

    private static T Value<T>(string key, string name, ReadOnlySpan<(string Name, T Value)> values)
    {
        foreach (var value in values)
            if (value.Name == name)
                return value.Value;
        throw new KeyNotFoundException($"The sentence {key} needs {name}.");
    }
}
