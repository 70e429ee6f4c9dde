namespace StablePay.Storage;

/// <summary>
/// The row being read. Columns are taken from left to right, so a table's <c>Read</c> follows its <c>Columns</c>.
/// </summary>
internal abstract class Row
{
    private int _next;

    public void Rewind() => _next = 0;

    public string Text() => ReadText(_next++);

    public string? TextOrNull() => IsNull(_next) ? Skip<string>() : Text();

    public long Number() => ReadNumber(_next++);

    public int Small() => checked((int)Number());

    public long? NumberOrNull()
    {
        if (!IsNull(_next))
            return Number();
        _next++;
        return null;
    }

    public bool Flag() => Number() != 0;

    public bool Live() => Text() == Names.Live;

    public byte[] Bytes() => ReadBytes(_next++);

    public byte[]? BytesOrNull() => IsNull(_next) ? Skip<byte[]>() : Bytes();

    public Instant Time() => new(Number());

    public Instant? TimeOrNull() => NumberOrNull() is { } ms ? new Instant(ms) : null;

    public UInt128 Amount() => Amounts.Parse(Text());

    public Coverage Coverage() => new(Amount());

    public NetworkId Network() => new(Text());

    public TId Id<TId>()
        where TId : struct, IId<TId> => TId.From(Text());

    protected abstract bool IsNull(int column);

    protected abstract string ReadText(int column);

    protected abstract long ReadNumber(int column);

    protected abstract byte[] ReadBytes(int column);

    private T? Skip<T>()
        where T : class
    {
        _next++;
        return null;
    }
}
