using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace StablePay.Server.Pages;

/// <summary>
/// Finished markup. The only ways to make it are <see cref="Of"/>, which encodes every value that is not markup itself,
/// and <see cref="Trusted"/>, which is for our own embedded files. So a forgotten encoding does not compile: a string
/// is text, wherever it stands (UI-02).
/// </summary>
public readonly struct Html
{
    /// <summary>
    /// Escapes what has a meaning in HTML and leaves Chinese as it is: entities would double the page.
    /// </summary>
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    private readonly string? _markup;

    private Html(string markup) => _markup = markup;

    public static readonly Html None;

    /// <summary>
    /// Markup with holes: literal parts stay as written, values are encoded, markup is taken as it is.
    /// </summary>
    public static Html Of(Writer markup) => new(markup.ToString());

    /// <summary>Text from anywhere, encoded for content and for quoted attributes.</summary>
    public static Html Text(string? text) => new(Encode(text));

    /// <summary>
    /// Markup that we wrote ourselves: an embedded file or a constant. Never anything that came from outside.
    /// </summary>
    public static Html Trusted(string markup) => new(markup);

    public static Html Join(IEnumerable<Html> parts) => new(string.Concat(parts.Select(p => p._markup)));

    public bool IsNone => string.IsNullOrEmpty(_markup);

    public override string ToString() => _markup ?? "";

    private static string Encode(string? text) => string.IsNullOrEmpty(text) ? "" : Encoder.Encode(text);

    /// <summary>The handler behind <see cref="Of"/>. It has no overload for object: a type must say how it is shown.</summary>
    [InterpolatedStringHandler]
    public readonly struct Writer(int literalLength, int formattedCount)
    {
        private readonly StringBuilder _text = new(literalLength + (formattedCount * 32));

        public void AppendLiteral(string markup) => _text.Append(markup);

        public void AppendFormatted(Html markup) => _text.Append(markup._markup);

        public void AppendFormatted(string? text) => _text.Append(Encode(text));

        public void AppendFormatted(long number) => _text.Append(CultureInfo.InvariantCulture, $"{number}");

        public void AppendFormatted(IEnumerable<Html> parts)
        {
            foreach (var part in parts)
                _text.Append(part._markup);
        }

        public override string ToString() => _text.ToString();
    }
}
