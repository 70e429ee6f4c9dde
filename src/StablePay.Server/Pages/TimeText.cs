namespace StablePay.Server.Pages;

/// <summary>
/// Times as people read them. The server writes UTC and says so; the script turns every <c>time</c> element of these
/// into the reader's own zone.
/// </summary>
internal static class TimeText
{
    /// <summary>23 Nov 2026, 14:08 UTC.</summary>
    public static Html Full(Instant time, Language language) =>
        Element(time, "full", Format(time, language.IsChinese ? "yyyy年M月d日 HH:mm" : "d MMM yyyy, HH:mm"));

    /// <summary>14:32 UTC.</summary>
    public static Html Minute(Instant time) => Element(time, "minute", Format(time, "HH:mm"));

    /// <summary>14:07:12 UTC.</summary>
    public static Html Second(Instant time) => Element(time, "second", Format(time, "HH:mm:ss"));

    /// <summary>9 minutes, 40 seconds; rounded to what one would say.</summary>
    public static string Span(TimeSpan span, Words words)
    {
        var (key, number) = span switch
        {
            { TotalSeconds: < 90 } => ("span.second", (long)Math.Max(1, Math.Round(span.TotalSeconds))),
            { TotalMinutes: < 90 } => ("span.minute", (long)Math.Round(span.TotalMinutes)),
            { TotalHours: < 36 } => ("span.hour", (long)Math.Round(span.TotalHours)),
            _ => ("span.day", (long)Math.Round(span.TotalDays)),
        };
        return words.Plain(number == 1 ? key : key + "s", ("n", MoneyText.Count(number)));
    }

    /// <summary>The short form for a column: 12 s, 3 min.</summary>
    public static string Short(TimeSpan span, Words words) =>
        span.TotalSeconds < 60
            ? words.Plain("short.seconds", ("n", MoneyText.Count((long)Math.Ceiling(span.TotalSeconds))))
            : words.Plain("short.minutes", ("n", MoneyText.Count((long)Math.Ceiling(span.TotalMinutes))));

    /// <summary>An ISO 8601 duration for <c>time datetime</c>.</summary>
    public static string Iso(TimeSpan span) =>
        string.Create(CultureInfo.InvariantCulture, $"PT{(int)span.TotalMinutes}M{span.Seconds}S");

    private static Html Element(Instant time, string form, string text) =>
        Html.Of(
            $"""<time datetime="{Format(time, "yyyy-MM-dd'T'HH:mm:ss'Z'")}" data-form="{form}">{text} UTC</time>"""
        );

    private static string Format(Instant time, string format) =>
        time.ToDateTimeOffset().ToString(format, CultureInfo.InvariantCulture);
}
