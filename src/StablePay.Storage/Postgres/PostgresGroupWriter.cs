using Npgsql;
using NpgsqlTypes;

namespace StablePay.Storage;

/// <summary>
/// Sends a whole group in one exchange. The rows of the frequent inserts go into one statement per table; they touch
/// nothing that another statement of the group decides by, so they may go first.
/// </summary>
internal sealed class PostgresGroupWriter() : GroupWriter(PostgresDialect.Instance)
{
    protected override async ValueTask<bool> TryTogetherAsync(Link link, IReadOnlyList<WriteEntry> group)
    {
        // A probe wants to see the statements one by one.
        if (link.BeforeStatement is not null || group.Any(e => e is not CommitEntry))
            return await base.TryTogetherAsync(link, group);
        var plan = new Plan(LocksOf(group));
        foreach (var entry in group.Cast<CommitEntry>())
        {
            entry.Result = CommitResult.Done.Instance;
            foreach (var statement in entry.Commit.Statements)
                plan.Add(statement);
        }
        try
        {
            var (statements, least) = plan.Build();
            var changed = await ((PostgresLink)link).BeginAndRunAsync(statements, CancellationToken.None);
            for (var i = 0; i < least.Count; i++)
            {
                if (changed[i] < least[i])
                    return false;
            }
            return true;
        }
        catch (Exception e) when (IsRefusal(e))
        {
            return false;
        }
    }

    /// <summary>
    /// The event sequences of a group, locked by store and mode. Two groups that hold several stores would else lock
    /// them in the order in which their commits came, and wait for each other.
    /// </summary>
    protected override IEnumerable<Statement> LocksOf(IReadOnlyList<WriteEntry> group)
    {
        var wanted = group.OfType<CommitEntry>().SelectMany(e => e.Commit.Sequences).Distinct().ToList();
        if (wanted.Count < 2)
            return [];
        var stores = wanted.Select(w => w.Store.Value).Distinct().ToArray();
        return
        [
            Statement.Of(
                $"""
                select 1 from event_sequences where store_id in ({Sql.In(stores)})
                order by store_id, mode for no key update
                """,
                null
            ),
        ];
    }

    private sealed class Plan(IEnumerable<Statement> locks)
    {
        private readonly Dictionary<(InsertInto Into, bool MayMiss), List<Value[]>> _rows = [];
        private readonly List<Statement> _others = [];

        public void Add(Statement statement)
        {
            if (statement.Into is not { } into)
            {
                _others.Add(statement);
                return;
            }
            var key = (into, statement.Miss is null);
            if (!_rows.TryGetValue(key, out var rows))
                _rows[key] = rows = [];
            rows.Add(statement.Values);
        }

        /// <summary>The statements, and how many rows each must change at least.</summary>
        public (List<(string, NpgsqlParameter[])> Statements, List<long> Least) Build()
        {
            List<(string, NpgsqlParameter[])> statements = [];
            List<long> least = [];
            foreach (var statement in locks)
            {
                statements.Add((statement.Shape, [.. statement.Values.Select(v => PostgresLink.Parameter(v))]));
                // It changes no row, and says so in its own way.
                least.Add(long.MinValue);
            }
            foreach (var ((into, mayMiss), rows) in _rows)
            {
                statements.Add((into.Many, [.. into.Kinds.Select((kind, column) => Column(kind, rows, column))]));
                least.Add(mayMiss ? 0 : rows.Count);
            }
            foreach (var other in _others)
            {
                statements.Add((other.Shape, [.. other.Values.Select(v => PostgresLink.Parameter(v))]));
                least.Add(other.Miss is null ? 0 : 1);
            }
            return (statements, least);
        }

        private static NpgsqlParameter Column(ValueKind kind, List<Value[]> rows, int column) =>
            kind switch
            {
                ValueKind.Number when rows.TrueForAll(r => !r[column].IsNull) => Array(
                    NpgsqlDbType.Bigint,
                    rows.ConvertAll(r => r[column].Number).ToArray()
                ),
                ValueKind.Number => Array(
                    NpgsqlDbType.Bigint,
                    rows.ConvertAll(r => r[column].IsNull ? (long?)null : r[column].Number).ToArray()
                ),
                ValueKind.Text => Array(
                    NpgsqlDbType.Text,
                    rows.ConvertAll(r => (string?)r[column].Reference).ToArray()
                ),
                ValueKind.Bytes => Array(
                    NpgsqlDbType.Bytea,
                    rows.ConvertAll(r => (byte[]?)r[column].Reference).ToArray()
                ),
            };

        private static NpgsqlParameter<T[]> Array<T>(NpgsqlDbType type, T[] values) =>
            new() { NpgsqlDbType = NpgsqlDbType.Array | type, TypedValue = values };
    }
}
