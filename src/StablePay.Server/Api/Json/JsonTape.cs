using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace StablePay.Server.Api.Json;

/// <summary>
/// A document that has passed every rule of strict JSON (API-05, API-08, API-09), as a flat list of its values over the
/// raw bytes. The framework's own readers take the last of duplicate members, replace broken UTF-8 and know no limits.
/// </summary>
internal sealed class JsonTape
{
    public const int MaxDepth = 32;
    public const int MaxMembers = 1_000;
    public const int MaxText = 10_000;

    private const int FewMembers = 12;

    /// <summary>A member without a name, at the top: no text at all would look like no member.</summary>
    private const string EmptyName = "\"\"";

    private const int MostShown = 64;

    private readonly ReadOnlyMemory<byte> _utf8;
    private Node[] _nodes = new Node[32];
    private int _count;

    private JsonTape(ReadOnlyMemory<byte> utf8) => _utf8 = utf8;

    /// <summary>A value or a member's name. A name is followed by its value.</summary>
    public struct Node
    {
        public JsonTokenType Type;

        /// <summary>Where its text begins among the raw bytes, without quotes; and how long it is.</summary>
        public int Start;
        public int Length;

        /// <summary>The byte after it, with everything in it.</summary>
        public int End;

        /// <summary>The index after the value with everything in it.</summary>
        public int Next;
        public bool Escaped;

        /// <summary>Whether somebody has asked for this name.</summary>
        public bool Taken;
    }

    public ref Node this[int index] => ref _nodes[index];

    public ReadOnlySpan<byte> Raw(int index) => _utf8.Span.Slice(_nodes[index].Start, _nodes[index].Length);

    /// <summary>Reads and checks the whole document. An empty body reads as an object without members.</summary>
    public static Result<JsonTape> Read(ReadOnlyMemory<byte> utf8)
    {
        if (utf8.IsEmpty)
            utf8 = "{}"u8.ToArray();
        if (utf8.Span.StartsWith(Encoding.UTF8.Preamble))
            return Refuse("The body begins with a byte order mark.", null);
        if (!Utf8.IsValid(utf8.Span))
            return Refuse("The body is not valid UTF-8.", null);
        var tape = new JsonTape(utf8);
        try
        {
            return tape.Fill() is { } refusal ? refusal : tape;
        }
        catch (JsonException e)
        {
            var where = string.Create(
                CultureInfo.InvariantCulture,
                $"line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}"
            );
            return Refuse($"The body is not JSON of at most {MaxDepth} levels; the reader stopped at {where}.", null);
        }
    }

    /// <summary>The text of a string or of a name.</summary>
    public string Text(int index)
    {
        if (!_nodes[index].Escaped)
            return Encoding.UTF8.GetString(Raw(index));
        var quoted = _utf8.Span.Slice(_nodes[index].Start - 1, _nodes[index].Length + 2);
        var reader = new Utf8JsonReader(quoted);
        reader.Read();
        return reader.GetString()!;
    }

    /// <summary>A string's text, or any other value's JSON as it was written.</summary>
    public string TextOrJson(int index)
    {
        var node = _nodes[index];
        if (node.Type == JsonTokenType.String)
            return Text(index);
        if (node.Type is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
            return Encoding.UTF8.GetString(Raw(index));
        return Encoding.UTF8.GetString(_utf8.Span[node.Start..node.End]);
    }

    /// <summary>Whether a name is this one, however it was escaped.</summary>
    public bool IsNamed(int index, string name) =>
        _nodes[index].Escaped ? Text(index) == name : Ascii.Equals(Raw(index), name);

    /// <summary>
    /// The dotted path of a value, with the place in an array in brackets; null for the whole document.
    /// </summary>
    public string? PathOf(int index)
    {
        var path = new StringBuilder();
        var at = 0;
        while (at != index)
            at = StepTowards(index, at, path);
        return path.Length == 0 ? null : path.ToString();
    }

    private int StepTowards(int index, int parent, StringBuilder path)
    {
        var isObject = _nodes[parent].Type == JsonTokenType.StartObject;
        var child = parent + 1;
        for (var i = 0; ; i++)
        {
            var value = isObject ? child + 1 : child;
            // A name stands for its value, which may not have been read yet.
            if (index == child || index < _nodes[value].Next)
            {
                if (!isObject)
                    path.Append(CultureInfo.InvariantCulture, $"[{i}]");
                else
                    path.Append(
                        path.Length > 0 ? "." + Shown(child)
                        : Text(child).Length > 0 ? Shown(child)
                        : EmptyName
                    );
                return index == child ? index : value;
            }
            child = _nodes[value].Next;
        }
    }

    /// <summary>A name as it may stand in an error: it is the caller's text and may be long.</summary>
    private string Shown(int name)
    {
        var text = Text(name);
        if (text.Length <= MostShown)
            return text;
        var most = char.IsHighSurrogate(text[MostShown - 1]) ? MostShown - 1 : MostShown;
        return text[..most] + "…";
    }

    private Rejection? Fill()
    {
        var reader = new Utf8JsonReader(_utf8.Span, new JsonReaderOptions { MaxDepth = MaxDepth });
        Span<int> open = stackalloc int[MaxDepth];
        Span<int> sizes = stackalloc int[MaxDepth];
        var depth = 0;
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray)
            {
                var ended = open[--depth];
                (_nodes[ended].Next, _nodes[ended].End) = (_count, (int)reader.BytesConsumed);
                if (reader.TokenType == JsonTokenType.EndObject && FindDoubled(ended, sizes[depth]) is { } doubled)
                    return Refuse("The member stands twice.", Locate(doubled, open[..depth]));
                continue;
            }
            var index = Append(ref reader);
            var isName = reader.TokenType == JsonTokenType.PropertyName;
            var isPart = isName || (depth > 0 && _nodes[open[depth - 1]].Type == JsonTokenType.StartArray);
            if (isPart && ++sizes[depth - 1] > MaxMembers)
                return Refuse(
                    $"An object or array has more than {MaxMembers} parts.",
                    Locate(open[depth - 1], open[..depth])
                );
            // A name that is no text cannot be shown; the object that holds it can.
            if (TextFault(index) is { } fault)
                return Refuse(fault, Locate(isName ? open[depth - 1] : index, open[..depth]));
            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                (open[depth], sizes[depth++]) = (index, 0);
        }
        return _nodes[0].Type == JsonTokenType.StartObject ? null : Refuse("The body is not a JSON object.", null);
    }

    /// <summary>
    /// The path of a value while the ones around it are still open: they reach to the end of what was read.
    /// </summary>
    private string? Locate(int index, ReadOnlySpan<int> open)
    {
        foreach (var around in open)
            _nodes[around].Next = _count;
        return PathOf(index);
    }

    private int Append(ref Utf8JsonReader reader)
    {
        if (_count == _nodes.Length)
            Array.Resize(ref _nodes, _count * 2);
        var isText = reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName;
        var start = (int)reader.TokenStartIndex + (isText ? 1 : 0);
        _nodes[_count] = new Node
        {
            Type = reader.TokenType,
            Start = start,
            Length = reader.ValueSpan.Length,
            End = start + reader.ValueSpan.Length,
            Next = _count + 1,
            Escaped = reader.ValueIsEscaped,
        };
        return _count++;
    }

    /// <summary>The first name of an object that stands in it a second time, or null.</summary>
    private int? FindDoubled(int parent, int members)
    {
        if (members < 2)
            return null;
        // Few names are compared with each other; many would make that quadratic.
        var seen = members > FewMembers ? new HashSet<string>(members, StringComparer.Ordinal) : null;
        for (var name = parent + 1; name < _nodes[parent].Next; name = _nodes[name + 1].Next)
        {
            if (seen is null ? StandsBefore(parent, name) : !seen.Add(Text(name)))
                return name;
        }
        return null;
    }

    private bool StandsBefore(int parent, int name)
    {
        for (var i = parent + 1; i < name; i = _nodes[i + 1].Next)
        {
            var same =
                _nodes[i].Escaped || _nodes[name].Escaped ? Text(i) == Text(name) : Raw(i).SequenceEqual(Raw(name));
            if (same)
                return true;
        }
        return false;
    }

    private string? TextFault(int index)
    {
        if (_nodes[index].Type is not (JsonTokenType.String or JsonTokenType.PropertyName))
            return null;
        if (_nodes[index].Escaped && EscapeFault(Raw(index)) is { } fault)
            return fault;
        return _nodes[index].Length > MaxText && Text(index).Length > MaxText
            ? $"A text is longer than {MaxText} characters."
            : null;
    }

    /// <summary>Half a surrogate pair or NUL, written as an escape.</summary>
    private static string? EscapeFault(ReadOnlySpan<byte> raw)
    {
        for (var i = 0; i < raw.Length; i++)
        {
            if (raw[i] != (byte)'\\')
                continue;
            if (raw[++i] != (byte)'u')
                continue;
            var unit = HexAt(raw, i + 1);
            i += 4;
            if (unit == 0)
                return "A text holds NUL.";
            if (!char.IsSurrogate(unit))
                continue;
            var hasLow =
                char.IsHighSurrogate(unit)
                && raw.Length >= i + 7
                && raw[i + 1] == '\\'
                && raw[i + 2] == 'u'
                && char.IsLowSurrogate(HexAt(raw, i + 3));
            if (!hasLow)
                return "A text holds half of a surrogate pair.";
            i += 6;
        }
        return null;
    }

    private static char HexAt(ReadOnlySpan<byte> raw, int at)
    {
        Span<byte> unit = stackalloc byte[2];
        return Convert.FromHexString(raw.Slice(at, 4), unit, out _, out _) == OperationStatus.Done
            ? (char)((unit[0] << 8) | unit[1])
            : throw new JsonException();
    }

    private static Rejection Refuse(string message, string? path) => new(ErrorCode.JsonInvalid, message, path);
}
