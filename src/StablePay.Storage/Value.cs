namespace StablePay.Storage;

internal enum ValueKind : byte
{
    Text,
    Number,
    Bytes,
}

/// <summary>
/// One parameter. A null keeps its kind, because PostgreSQL plans a statement by the kinds of its parameters.
/// </summary>
internal readonly record struct Value
{
    private Value(ValueKind kind, long number, object? reference, bool isNull) =>
        (Kind, Number, Reference, IsNull) = (kind, number, reference, isNull);

    public ValueKind Kind { get; }
    public long Number { get; }
    public object? Reference { get; }
    public bool IsNull { get; }
    public string Text => (string)Reference!;
    public byte[] Bytes => (byte[])Reference!;

    public static Value Of(string? text)
    {
        // A NUL would end the text early on one database and be refused by the other.
        if (text is not null && text.Contains('\0', StringComparison.Ordinal))
            throw new ArgumentException("A text with a NUL character cannot be stored.", nameof(text));
        return new(ValueKind.Text, 0, text, text is null);
    }

    public static Value Of(long number) => new(ValueKind.Number, number, null, false);

    public static Value Of(long? number) => new(ValueKind.Number, number ?? 0, null, number is null);

    public static Value Of(bool flag) => Of(flag ? 1L : 0L);

    public static Value Of(Instant time) => Of(time.UnixMs);

    public static Value Of(Instant? time) => Of(time?.UnixMs);

    public static Value Of(UInt128 amount) => Of(Amounts.ToText(amount));

    public static Value Of(byte[] bytes) => new(ValueKind.Bytes, 0, bytes, false);
}

/// <summary>
/// An amount is text of 39 digits: exact up to 2^128 - 1, and it sorts and compares as the number does on both
/// databases.
/// </summary>
internal static class Amounts
{
    public const int Length = 39;

    public static string ToText(UInt128 amount) => amount.ToString("D39", CultureInfo.InvariantCulture);

    public static UInt128 Parse(string text) => UInt128.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
