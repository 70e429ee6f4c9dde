namespace StablePay.Core.Primitives;

/// <summary>A point in time, in whole milliseconds since 1970-01-01T00:00:00Z. Never a local time.</summary>
public readonly record struct Instant(long UnixMs) : IComparable<Instant>
{
    /// <summary>The same point in whole Unix seconds, rounded down, as the API writes times.</summary>
    public long UnixSeconds => Math.DivRem(UnixMs, 1000, out var rest) - (rest < 0 ? 1 : 0);

    public static Instant FromUnixSeconds(long seconds) => new(checked(seconds * 1000));

    public static Instant From(DateTimeOffset time) => new(time.ToUnixTimeMilliseconds());

    public DateTimeOffset ToDateTimeOffset() => DateTimeOffset.FromUnixTimeMilliseconds(UnixMs);

    public int CompareTo(Instant other) => UnixMs.CompareTo(other.UnixMs);

    public static Instant operator +(Instant time, TimeSpan span) =>
        new(checked(time.UnixMs + (long)span.TotalMilliseconds));

    public static Instant operator -(Instant time, TimeSpan span) =>
        new(checked(time.UnixMs - (long)span.TotalMilliseconds));

    public static TimeSpan operator -(Instant later, Instant earlier) =>
        TimeSpan.FromMilliseconds(later.UnixMs - earlier.UnixMs);

    public static bool operator <(Instant a, Instant b) => a.UnixMs < b.UnixMs;

    public static bool operator >(Instant a, Instant b) => a.UnixMs > b.UnixMs;

    public static bool operator <=(Instant a, Instant b) => a.UnixMs <= b.UnixMs;

    public static bool operator >=(Instant a, Instant b) => a.UnixMs >= b.UnixMs;

    public override string ToString() =>
        ToDateTimeOffset().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
