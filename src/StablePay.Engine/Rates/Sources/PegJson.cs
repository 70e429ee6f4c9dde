using System.Text.Json;
using StablePay.Engine.Rates.Pegs;

namespace StablePay.Engine.Rates.Sources;

/// <summary>
/// What JSON feeds with dollars for one coin have in common. Numbers are read from the text of the answer.
/// </summary>
internal static class PegJson
{
    private const long LastSecond = 253_402_300_799;

    /// <summary>Parses and reads; whatever breaks the form is one fault.</summary>
    public static PegAnswer Read(string source, ReadOnlyMemory<byte> answer, Func<JsonElement, PegAnswer> read) =>
        StrictJson.Read(answer, read, why => PegAnswer.Failed(source, why));

    /// <summary>A number, or a text of one.</summary>
    public static bool TryPrice(JsonElement price, out Rate rate)
    {
        rate = default;
        return TextOf(price) is { } text
            && RateNumber.TryRead(text, out var n, out var d)
            && RateNumber.TryRate(n, d, out rate);
    }

    /// <summary>Seconds since 1970, as a number or a text of one.</summary>
    public static bool TrySeconds(JsonElement time, out Instant asOf)
    {
        var ok =
            long.TryParse(TextOf(time), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            && seconds <= LastSecond;
        asOf = ok ? Instant.FromUnixSeconds(seconds) : default;
        return ok;
    }

    private static string? TextOf(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Number => value.GetRawText(),
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Undefined
            or JsonValueKind.Object
            or JsonValueKind.Array
            or JsonValueKind.True
            or JsonValueKind.False
            or JsonValueKind.Null => null,
            _ => null,
        };
}
