namespace StablePay.Storage;

/// <summary>
/// One statement of a commit. <paramref name="Miss"/> is what the commit comes to when the statement changes no row;
/// null where that is all right.
/// </summary>
internal readonly record struct Statement(string Shape, Value[] Values, CommitResult? Miss, InsertInto? Into)
{
    public static Statement Of(Sql sql, CommitResult? miss) => new(sql.Shape, sql.Values, miss, null);
}

/// <summary>
/// An insert of one row that leaves out a row which exists. PostgreSQL can take the rows of many commits in one
/// statement of this kind, so the frequent inserts are described rather than written as text.
/// </summary>
internal sealed class InsertInto
{
    private readonly string _one;

    public InsertInto(string table, params IReadOnlyList<(string Name, ValueKind Kind)> columns)
    {
        var names = string.Join(", ", columns.Select(c => c.Name));
        var holes = string.Join(", ", columns.Select(_ => Sql.HoleText));
        var arrays = string.Join(", ", columns.Select(c => Sql.HoleText + TypeOf(c.Kind)));
        Kinds = [.. columns.Select(c => c.Kind)];
        _one = $"insert into {table} ({names}) values ({holes}) on conflict do nothing";
        Many = $"insert into {table} ({names}) select * from unnest({arrays}) on conflict do nothing";
    }

    public IReadOnlyList<ValueKind> Kinds { get; }

    /// <summary>The same for an array of each column's values; PostgreSQL's alone.</summary>
    public string Many { get; }

    public Statement Row(CommitResult? miss, params Value[] values)
    {
        Invariant.Holds(values.Length == Kinds.Count, "an insert has a value for each column");
        return new(_one, values, miss, this);
    }

    private static string TypeOf(ValueKind kind) =>
        kind switch
        {
            ValueKind.Text => "::text[]",
            ValueKind.Number => "::bigint[]",
            ValueKind.Bytes => "::bytea[]",
        };
}
