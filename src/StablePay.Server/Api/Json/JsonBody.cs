using System.Text.Json;

namespace StablePay.Server.Api.Json;

/// <summary>
/// A request's body, read member by member. The first thing that is wrong is kept in <see cref="Rejection"/> and later
/// reads give empty values, so that a reader is a plain list of members and asks once, at its end.
/// </summary>
internal sealed class JsonBody
{
    private readonly JsonTape _tape;

    private JsonBody(JsonTape tape) => _tape = tape;

    /// <summary>The first refusal, or null while all is well.</summary>
    public Rejection? Rejection { get; private set; }

    public JsonObject Root => new(this, _tape, 0);

    public static Result<JsonBody> Read(ReadOnlyMemory<byte> utf8)
    {
        var tape = JsonTape.Read(utf8);
        return tape.IsOk ? new JsonBody(tape.Value) : tape.Rejection;
    }

    public void Refuse(ErrorCode code, string message, string? param) =>
        Rejection ??= new Rejection(code, message, param);

    /// <summary>
    /// An unknown member explains a missing one, so it is told instead of it: it is a misspelt name (API-06).
    /// </summary>
    public void RefuseUnknown(string? param)
    {
        if (Rejection is null || Rejection.Code == ErrorCode.ParameterMissing)
            Rejection = new Rejection(ErrorCode.ParameterUnknown, $"There is no parameter {param} here.", param);
    }
}

/// <summary>An object of the body. Every member must be taken before <see cref="End"/>.</summary>
internal readonly struct JsonObject(JsonBody body, JsonTape tape, int node)
{
    /// <summary>A required integer: JSON digits only, no fraction, exponent, quotes or minus zero (API-07).</summary>
    public long Integer(string name, long least, long most = long.MaxValue) =>
        OptionalInteger(name, least, most) ?? Missing<long>(name);

    public long? OptionalInteger(string name, long least, long most = long.MaxValue)
    {
        if (Take(name) is not { } value)
            return null;
        if (!JsonInteger.TryRead(tape, value, out var number))
            return Invalid<long>(value, "must be an integer of at most 63 bits, written in plain digits.");
        var range = most == long.MaxValue ? $"at least {least}" : $"from {least} to {most}";
        return number >= least && number <= most
            ? number
            : Invalid<long>(value, $"must be {range.ToString(CultureInfo.InvariantCulture)}.");
    }

    /// <summary>A required text of 1 to <paramref name="most"/> characters (Unicode scalar values).</summary>
    public string Text(string name, int most)
    {
        if (OptionalText(name, most) is not { } text)
            return Missing<string>(name) ?? "";
        if (text.Length == 0)
            Refuse(name, "must not be empty.");
        return text;
    }

    /// <summary>A text of at most <paramref name="most"/> characters, or null if it is absent.</summary>
    public string? OptionalText(string name, int most)
    {
        if (Take(name) is not { } value)
            return null;
        if (tape[value].Type != JsonTokenType.String)
            return Invalid<string>(value, "must be a string.");
        var text = tape.Text(value);
        return LengthOf(text) <= most
            ? text
            : Invalid<string>(value, string.Create(CultureInfo.InvariantCulture, $"has at most {most} characters."));
    }

    public bool? OptionalBoolean(string name)
    {
        if (Take(name) is not { } value)
            return null;
        return tape[value].Type is JsonTokenType.True or JsonTokenType.False
            ? tape[value].Type == JsonTokenType.True
            : Invalid<bool>(value, "must be true or false.");
    }

    /// <summary>A required object; one without members if it is absent, which is then refused.</summary>
    public JsonObject? Object(string name)
    {
        if (OptionalObject(name) is { } found)
            return found;
        Missing<object>(name);
        return null;
    }

    public JsonObject? OptionalObject(string name)
    {
        if (Take(name) is not { } value)
            return null;
        if (tape[value].Type == JsonTokenType.StartObject)
            return new JsonObject(body, tape, value);
        Invalid<object>(value, "must be an object.");
        return null;
    }

    /// <summary>The objects of a required array.</summary>
    public IEnumerable<JsonObject> Objects(string name)
    {
        if (Find(name) is null)
            Missing<object>(name);
        return OptionalObjects(name);
    }

    /// <summary>The objects of an array; none if it is absent.</summary>
    public IEnumerable<JsonObject> OptionalObjects(string name)
    {
        foreach (var item in Items(name))
        {
            if (tape[item].Type == JsonTokenType.StartObject)
                yield return new JsonObject(body, tape, item);
            else
                Invalid<object>(item, "must be an object.");
        }
    }

    /// <summary>The texts of an array, or null if it is absent.</summary>
    public IReadOnlyList<string>? OptionalTexts(string name, int most)
    {
        if (Find(name) is null)
            return null;
        var texts = new List<string>();
        foreach (var item in Items(name))
        {
            if (tape[item].Type != JsonTokenType.String)
                Invalid<object>(item, "must be a string.");
            else if (LengthOf(tape.Text(item)) > most)
                Invalid<object>(item, string.Create(CultureInfo.InvariantCulture, $"has at most {most} characters."));
            else
                texts.Add(tape.Text(item));
        }
        return texts;
    }

    /// <summary>Every member as name and text; what is not a string comes as its JSON, as it was written.</summary>
    public IEnumerable<KeyValuePair<string, string>> TakeAll(int mostOfName, int mostOfValue)
    {
        for (var name = node + 1; name < tape[node].Next; name = tape[name + 1].Next)
        {
            tape[name].Taken = true;
            var (key, value) = (tape.Text(name), tape.TextOrJson(name + 1));
            if (key.Length == 0 || LengthOf(key) > mostOfName)
                Invalid<object>(
                    name,
                    string.Create(CultureInfo.InvariantCulture, $"must have a name of 1 to {mostOfName} characters.")
                );
            else if (LengthOf(value) > mostOfValue)
                Invalid<object>(
                    name,
                    string.Create(CultureInfo.InvariantCulture, $"has at most {mostOfValue} characters.")
                );
            else
                yield return new KeyValuePair<string, string>(key, value);
        }
    }

    /// <summary>Refuses what has not been taken.</summary>
    public void End()
    {
        for (var name = node + 1; name < tape[node].Next; name = tape[name + 1].Next)
        {
            if (!tape[name].Taken)
                body.RefuseUnknown(tape.PathOf(name));
        }
    }

    /// <summary>Refuses a member for a reason of its own.</summary>
    public void Refuse(string name, string message, ErrorCode? code = null)
    {
        var param = Find(name) is { } value ? tape.PathOf(value) : PathOf(name);
        body.Refuse(code ?? ErrorCode.ParameterInvalid, $"{param} {message}", param);
    }

    private IEnumerable<int> Items(string name)
    {
        if (Take(name) is not { } array)
            yield break;
        if (tape[array].Type != JsonTokenType.StartArray)
        {
            Invalid<object>(array, "must be an array.");
            yield break;
        }
        for (var item = array + 1; item < tape[array].Next; item = tape[item].Next)
            yield return item;
    }

    /// <summary>The value of a member; an explicit null is the same as no member.</summary>
    private int? Take(string name)
    {
        if (Find(name) is not { } value)
            return null;
        tape[value - 1].Taken = true;
        return tape[value].Type == JsonTokenType.Null ? null : value;
    }

    private int? Find(string name)
    {
        for (var i = node + 1; i < tape[node].Next; i = tape[i + 1].Next)
        {
            if (tape.IsNamed(i, name))
                return i + 1;
        }
        return null;
    }

    private T? Missing<T>(string name)
    {
        // A member that was given and refused is not missing.
        if (body.Rejection is null)
            body.Refuse(ErrorCode.ParameterMissing, $"{PathOf(name)} is required.", PathOf(name));
        return default;
    }

    private T? Invalid<T>(int value, string message)
    {
        var param = tape.PathOf(value);
        body.Refuse(ErrorCode.ParameterInvalid, $"{param} {message}", param);
        return default;
    }

    private string PathOf(string name) => tape.PathOf(node) is { } path ? $"{path}.{name}" : name;

    /// <summary>Unicode scalar values: what a person would count, nearly.</summary>
    private static int LengthOf(string text)
    {
        var count = 0;
        foreach (var _ in text.EnumerateRunes())
            count++;
        return count;
    }
}
