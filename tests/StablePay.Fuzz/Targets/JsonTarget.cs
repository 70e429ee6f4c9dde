using System.Text.Json;
using StablePay.Server.Api.Json;

namespace StablePay.Fuzz.Targets;

/// <summary>
/// The strict reader of request bodies, beside the framework's own: what ours takes the other one takes too, and both
/// read the same names, texts and integers.
/// </summary>
internal sealed class JsonTarget : IFuzzTarget
{
    private static readonly JsonDocumentOptions Strict = new()
    {
        AllowDuplicateProperties = false,
        MaxDepth = JsonTape.MaxDepth,
    };

    public string Name => "json";

    public void Run(byte[] input)
    {
        var read = JsonTape.Read(input);
        if (!read.IsOk)
        {
            Must.Equal(read.Rejection.Code, ErrorCode.JsonInvalid, "the code of a body that is no JSON");
            Must.Hold(read.Rejection.Message.Length > 0, "a refusal says why");
            return;
        }
        using var document = JsonDocument.Parse(input.Length == 0 ? "{}"u8.ToArray() : input, Strict);
        Compare(read.Value, 0, document.RootElement);
        Must.Equal(read.Value[0].Next, Count(document.RootElement), "the values on the tape");
        Paths(read.Value);
    }

    private static void Compare(JsonTape tape, int node, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                var name = node + 1;
                foreach (var member in value.EnumerateObject())
                {
                    Must.Equal(tape.Text(name), member.Name, "a member's name");
                    Must.Hold(tape.IsNamed(name, member.Name) || !Ascii.IsValid(member.Name), "a name is itself");
                    Compare(tape, name + 1, member.Value);
                    name = tape[name + 1].Next;
                }
                Must.Equal(name, tape[node].Next, "where an object ends");
                break;
            case JsonValueKind.Array:
                var item = node + 1;
                foreach (var part in value.EnumerateArray())
                {
                    Compare(tape, item, part);
                    item = tape[item].Next;
                }
                Must.Equal(item, tape[node].Next, "where an array ends");
                break;
            case JsonValueKind.String:
                Must.Equal(tape.Text(node), value.GetString(), "a text");
                break;
            default:
                Must.Equal(tape.TextOrJson(node), value.GetRawText(), "a value's JSON");
                break;
        }
        Integer(tape, node, value);
    }

    private static void Integer(JsonTape tape, int node, JsonElement value)
    {
        if (!JsonInteger.TryRead(tape, node, out var number))
            return;
        Must.Hold(
            value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var other) && other == number,
            "an integer"
        );
        Must.Equal(number.ToString(CultureInfo.InvariantCulture), value.GetRawText(), "an integer has one text");
    }

    /// <summary>Every value can be named in an error, and no name of a place is endless.</summary>
    private static void Paths(JsonTape tape)
    {
        var total = Math.Min(tape[0].Next, 200);
        for (var node = 1; node < total; node++)
            Must.Hold(tape.PathOf(node) is { Length: > 0 and < 70 * JsonTape.MaxDepth }, "a path");
    }

    private static int Count(JsonElement value) =>
        1
        + value.ValueKind switch
        {
            JsonValueKind.Object => value.EnumerateObject().Sum(m => 1 + Count(m.Value)),
            JsonValueKind.Array => value.EnumerateArray().Sum(Count),
            _ => 0,
        };
}
