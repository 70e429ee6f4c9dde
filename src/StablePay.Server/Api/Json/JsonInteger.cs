using System.Buffers.Text;
using System.Text.Json;

namespace StablePay.Server.Api.Json;

/// <summary>
/// Integers as the contract wants them: <c>-?(0|[1-9][0-9]*)</c> in 64 bits, and never minus zero (API-07).
/// </summary>
internal static class JsonInteger
{
    private const int MostDigits = 20;

    public static bool TryRead(JsonTape tape, int index, out long number)
    {
        number = 0;
        if (tape[index].Type != JsonTokenType.Number)
            return false;
        var raw = tape.Raw(index);
        var digits = raw[0] == '-' ? raw[1..] : raw;
        if (
            raw.Length > MostDigits
            || digits.ContainsAnyExceptInRange((byte)'0', (byte)'9')
            || raw.SequenceEqual("-0"u8)
        )
            return false;
        return Utf8Parser.TryParse(raw, out number, out var read) && read == raw.Length;
    }
}
