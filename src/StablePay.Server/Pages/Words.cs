using System.Text;
using System.Text.Json;

namespace StablePay.Server.Pages;

/// <summary>
/// The sentences of one language: plain text with <c>{names}</c> for what the page fills in. No markup stands in them,
/// so a translation cannot break or attack a page.
/// </summary>
public sealed class Words
{
    private readonly Dictionary<string, string> _texts;

    private Words(Dictionary<string, string> texts) => _texts = texts;

    public IReadOnlyDictionary<string, string> Texts => _texts;

    public static Words Load(string file)
    {
        var texts = JsonSerializer.Deserialize<Dictionary<string, string>>(EmbeddedFile.Read(file))
            ?? throw new InvalidDataException($"{file} holds no texts.");
        return new Words(texts);
    }

    public bool Has(string key) => _texts.ContainsKey(key);

    /// <summary>A sentence as it stands.</summary>
    public string this[string key] => _texts[key];

    /// <summary>A sentence as markup, its names filled in.</summary>
    public Html Say(string key, params ReadOnlySpan<(string Name, Html Value)> values)
    {
        var markup = new StringBuilder();
        foreach (var part in Parts(_texts[key]))
            markup.Append(part.IsName ? Value(key, part.Text, values).ToString() : Html.Text(part.Text).ToString());
        return Html.Trusted(markup.ToString());
    }

    /// <summary>A sentence as plain text, for titles and attributes.</summary>
    public string Plain(string key, params ReadOnlySpan<(string Name, string Value)> values)
    {
        var text = new StringBuilder();
        foreach (var part in Parts(_texts[key]))
            text.Append(part.IsName ? Value(key, part.Text, values) : part.Text);
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

    private static T Value<T>(string key, string name, ReadOnlySpan<(string Name, T Value)> values)
    {
        foreach (var value in values)
            if (value.Name == name)
                return value.Value;
        throw new KeyNotFoundException($"The sentence {key} needs {name}.");
    }
}
