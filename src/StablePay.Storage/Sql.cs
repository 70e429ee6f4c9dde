using System.Runtime.CompilerServices;
using System.Text;

namespace StablePay.Storage;

/// <summary>
/// SQL text with its values. Made only from an interpolated string in our source: what stands in the literal is text,
/// what stands in a hole is a parameter, and another <see cref="Sql"/> in a hole is spliced with its own parameters.
/// A plain string can never become SQL text, whatever a caller from outside has put into it.
/// </summary>
[InterpolatedStringHandler]
internal sealed class Sql
{
    /// <summary>Stands for a parameter until the text is numbered, so that splicing needs no renumbering.</summary>
    private const char Hole = '\u0001';

    private readonly StringBuilder _text;
    private readonly List<Value> _values;

    public Sql(int literalLength, int formattedCount)
    {
        _text = new StringBuilder(literalLength + formattedCount);
        _values = new List<Value>(formattedCount);
    }

    /// <summary>The text with unnumbered holes: what statements are cached by.</summary>
    public string Shape => _text.ToString();

    public Value[] Values => [.. _values];

    public void AppendLiteral(string literal) => _text.Append(literal);

    public void AppendFormatted(Sql nested)
    {
        _text.Append(nested._text);
        _values.AddRange(nested._values);
    }

    public void AppendFormatted(Value value)
    {
        _text.Append(Hole);
        _values.Add(value);
    }

    public void AppendFormatted(string? text) => AppendFormatted(Value.Of(text));

    public void AppendFormatted(long number) => AppendFormatted(Value.Of(number));

    public void AppendFormatted(Instant time) => AppendFormatted(Value.Of(time));

    public void AppendFormatted(Instant? time) => AppendFormatted(Value.Of(time));

    public void AppendFormatted(UInt128 amount) => AppendFormatted(Value.Of(amount));

    public void AppendFormatted(NetworkId network) => AppendFormatted(Value.Of(network.Value));

    public void AppendFormatted<TId>(TId id)
        where TId : struct, IId<TId> => AppendFormatted(Value.Of(id.Value));

    /// <summary>Values as a list for <c>in (…)</c>, padded so that the number of different texts stays small.</summary>
    public static Sql In(IReadOnlyCollection<string> values)
    {
        Sql list = $"";
        var padded = 1;
        while (padded < values.Count)
            padded *= 2;
        var last = "";
        foreach (var value in values)
            list.AppendItem(last = value);
        for (var i = values.Count; i < padded; i++)
            list.AppendItem(last);
        return list;
    }

    /// <summary>The text with its parameters numbered <c>$1</c>, <c>$2</c> …, as both databases read it.</summary>
    public static string Number(string shape)
    {
        var text = new StringBuilder(shape.Length + 32);
        var next = 1;
        foreach (var c in shape)
        {
            if (c == Hole)
                text.Append('$').Append(next++);
            else
                text.Append(c);
        }
        return text.ToString();
    }

    /// <summary>A hole of the shape, for statements whose text is put together once from our own constants.</summary>
    public static string HoleText => "\u0001";

    private void AppendItem(string value)
    {
        if (_values.Count > 0)
            _text.Append(", ");
        AppendFormatted(value);
    }
}
