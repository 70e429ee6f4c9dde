using System.Text;
using System.Text.Json;

namespace StablePay.Chains.Rpc;

/// <summary>Members of the objects that nodes answer with, read one after the other and strictly.</summary>
internal static class JsonMembers
{
    /// <summary>
    /// Whether the reader stands on this member's name. A member that comes twice is refused: the last one would win,
    /// and which one is true nobody can tell (EVM-14).
    /// </summary>
    /// <param name="bit">The member's own bit of <paramref name="seen"/>.</param>
    public static bool Is(in Utf8JsonReader json, ReadOnlySpan<byte> name, int bit, ref int seen)
    {
        if (!json.ValueTextEquals(name))
            return false;
        if ((seen & bit) != 0)
            throw new JsonException($"the member {Encoding.UTF8.GetString(name)} comes twice");
        seen |= bit;
        return true;
    }

    /// <summary>The value after a property name.</summary>
    public static long Number(ref Utf8JsonReader json)
    {
        json.Read();
        return json.TokenType == JsonTokenType.Number && json.TryGetInt64(out var number) && number >= 0
            ? number
            : throw new JsonException("a number from 0 on was expected");
    }

    /// <summary>Whether the value after a property name is this text.</summary>
    public static bool Says(ref Utf8JsonReader json, ReadOnlySpan<byte> text)
    {
        json.Read();
        return json.TokenType == JsonTokenType.String && json.ValueTextEquals(text);
    }

    public static void Skip(ref Utf8JsonReader json)
    {
        json.Read();
        json.Skip();
    }

    /// <summary>Goes into the array or object after a property name.</summary>
    public static void Enter(ref Utf8JsonReader json, JsonTokenType start)
    {
        json.Read();
        if (json.TokenType != start)
            throw new JsonException($"{start} was expected");
    }
}
