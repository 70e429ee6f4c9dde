namespace StablePay.Engine.Rates;

/// <summary>
/// A jump that is held, as it stands in the detail of its currency's row: <c>held 0.91 2</c>. So a restart does not
/// begin to count again.
/// </summary>
internal static class HeldText
{
    private const string Word = "held";

    public static string Write(HeldRate? held) =>
        held is null ? "" : string.Create(CultureInfo.InvariantCulture, $"{Word} {held.Rate} {held.Seen}");

    /// <summary>Another version's detail counts as none: the jump is only confirmed later.</summary>
    public static HeldRate? Read(string detail) =>
        detail.Split(' ') is [Word, var text, var count]
        && Rate.TryParse(text, out var rate)
        && int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var seen)
            ? new HeldRate(rate, seen)
            : null;
}
