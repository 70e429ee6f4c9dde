namespace StablePay.Server.Api.Wire;

/// <summary>Ids as text from outside.</summary>
internal static class IdText
{
    /// <summary>Reads an id: its prefix and the digits that an IdSource makes, nothing else.</summary>
    public static bool TryRead<TId>(string? text, out TId id)
        where TId : struct, IId<TId>
    {
        id = default;
        if (
            text is null
            || text.Length != TId.Prefix.Length + IdSource.TailLength
            || !text.StartsWith(TId.Prefix, StringComparison.Ordinal)
        )
            return false;
        foreach (var digit in text.AsSpan(TId.Prefix.Length))
        {
            if (digit is not ((>= '0' and <= '9') or (>= 'a' and <= 'v')))
                return false;
        }
        id = TId.From(text);
        return true;
    }
}
