namespace StablePay.Server.Api.Wire;

/// <summary>
/// The query of a list, as strict as a body: unknown or doubled parameters are refused, and so is everything that is
/// not exactly of its kind (API-21). The first refusal is kept.
/// </summary>
internal sealed class QueryReader(IQueryCollection query)
{
    private const int MostText = 512;

    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);

    public Rejection? Rejection { get; private set; }

    /// <summary>A limit of a list: 1 to 100.</summary>
    public int Limit(int otherwise = 10) => (int)(Integer("limit", 1, 100) ?? otherwise);

    public long? Integer(string name, long least, long most)
    {
        if (Text(name) is not { } text)
            return null;
        var isPlain =
            text.Length is > 0 and <= 18
            && !text.AsSpan().ContainsAnyExceptInRange('0', '9')
            && (text.Length == 1 || text[0] != '0');
        if (
            isPlain
            && long.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture) is var number
            && number >= least
            && number <= most
        )
            return number;
        Refuse(name, string.Create(CultureInfo.InvariantCulture, $"{name} is an integer from {least} to {most}."));
        return null;
    }

    public Instant? Time(string name) =>
        Integer(name, 0, 253_402_300_799) is { } seconds ? Instant.FromUnixSeconds(seconds) : null;

    /// <summary>A cursor: the id of the last object of the page before.</summary>
    public TId? Id<TId>(string name)
        where TId : struct, IId<TId>
    {
        if (Text(name) is not { } text)
            return null;
        if (IdText.TryRead<TId>(text, out var id))
            return id;
        Refuse(name, $"{name} is an id that begins with {TId.Prefix}.");
        return null;
    }

    public string? OneOf(string name, params IReadOnlyCollection<string> values)
    {
        if (Text(name) is not { } text)
            return null;
        if (values.Contains(text))
            return text;
        Refuse(name, $"{name} is one of {string.Join(", ", values)}.");
        return null;
    }

    public string? Text(string name)
    {
        _taken.Add(name);
        if (!query.TryGetValue(name, out var values))
            return null;
        if (values.Count != 1 || values[0] is not { Length: > 0 and <= MostText } text || text.Any(char.IsControl))
        {
            Refuse(name, $"{name} is given once and is not empty.");
            return null;
        }
        return text;
    }

    /// <summary>The first refusal; parameters that nobody asked for are one.</summary>
    public Rejection? End()
    {
        // Names compare without case in the framework's collection; here a name is what it is.
        foreach (var name in query.Keys.Where(name => !_taken.Contains(name)))
            Rejection ??= new Rejection(ErrorCode.ParameterUnknown, "There is no such query parameter here.", name);
        return Rejection;
    }

    private void Refuse(string name, string message) =>
        Rejection ??= new Rejection(ErrorCode.ParameterInvalid, message, name);
}
