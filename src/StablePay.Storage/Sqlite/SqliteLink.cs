using System.Buffers;
using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace StablePay.Storage;

/// <summary>
/// A SQLite connection that prepares, binds and steps its statements itself. The provider's own commands look every
/// parameter up by name and box every value, which costs more than SQLite's work on a small insert. Everything
/// completes before the call returns.
/// </summary>
internal sealed class SqliteLink : Link
{
    private const string Begin = "begin immediate";
    private readonly SqliteConnection _connection;
    private readonly sqlite3 _database;
    private readonly Dictionary<string, sqlite3_stmt> _statements = [];

    public SqliteLink(SqliteConnection connection) => (_connection, _database) = (connection, connection.Handle!);

    /// <summary>Whether it is closed by <see cref="Close"/> alone, and not by those who use it.</summary>
    public bool IsShared { get; init; }

    public override async ValueTask<long> ExecuteAsync(string shape, Value[] values, CancellationToken ct)
    {
        if (BeforeStatement is { } probe)
            await probe(shape);
        return Execute(shape, values);
    }

    public override async ValueTask<List<T>> ListAsync<T>(Sql sql, Func<Row, T> read, CancellationToken ct)
    {
        if (BeforeStatement is { } probe)
            await probe(sql.Shape);
        return List(sql, read);
    }

    public override async ValueTask BeginAsync(CancellationToken ct) => await ExecuteAsync(Begin, [], ct);

    public override async ValueTask CommitAsync(CancellationToken ct) => await ExecuteAsync("commit", [], ct);

    public override ValueTask RollbackAsync()
    {
        // A full disk or an I/O error has SQLite roll back by itself; a second time would be an error.
        if (raw.sqlite3_get_autocommit(_database) == 0)
            Execute("rollback", []);
        return ValueTask.CompletedTask;
    }

    public override ValueTask DisposeAsync()
    {
        if (!IsShared)
            Close();
        return ValueTask.CompletedTask;
    }

    public void Close()
    {
        foreach (var statement in _statements.Values)
            statement.Dispose();
        _statements.Clear();
        _connection.Dispose();
    }

    private List<T> List<T>(Sql sql, Func<Row, T> read)
    {
        var statement = Prepare(sql.Shape);
        try
        {
            Bind(statement, sql.Values);
            List<T> rows = [];
            var row = new SqliteRow(statement);
            int answer;
            while ((answer = raw.sqlite3_step(statement)) == raw.SQLITE_ROW)
            {
                row.Rewind();
                rows.Add(read(row));
            }
            if (answer != raw.SQLITE_DONE)
                SqliteException.ThrowExceptionForRC(raw.sqlite3_extended_errcode(_database), _database);
            return rows;
        }
        finally
        {
            raw.sqlite3_reset(statement);
        }
    }

    private long Execute(string shape, Value[] values)
    {
        var statement = Prepare(shape);
        try
        {
            Bind(statement, values);
            int answer;
            do answer = raw.sqlite3_step(statement);
            while (answer == raw.SQLITE_ROW);
            if (answer != raw.SQLITE_DONE)
                SqliteException.ThrowExceptionForRC(raw.sqlite3_extended_errcode(_database), _database);
            return raw.sqlite3_stmt_readonly(statement) != 0 ? 0 : raw.sqlite3_changes(_database);
        }
        finally
        {
            raw.sqlite3_reset(statement);
        }
    }

    private sqlite3_stmt Prepare(string shape)
    {
        if (_statements.TryGetValue(shape, out var known))
            return known;
        var answer = raw.sqlite3_prepare_v3(_database, Sql.Number(shape), raw.SQLITE_PREPARE_PERSISTENT, out var made);
        if (answer != raw.SQLITE_OK)
            SqliteException.ThrowExceptionForRC(raw.sqlite3_extended_errcode(_database), _database);
        _statements[shape] = made;
        return made;
    }

    private void Bind(sqlite3_stmt statement, Value[] values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            ref readonly var value = ref values[i];
            var answer = value switch
            {
                { IsNull: true } => raw.sqlite3_bind_null(statement, i + 1),
                { Kind: ValueKind.Number } => raw.sqlite3_bind_int64(statement, i + 1, value.Number),
                { Kind: ValueKind.Text } => BindText(statement, i + 1, value.Text),
                _ => raw.sqlite3_bind_blob(statement, i + 1, value.Bytes),
            };
            if (answer != raw.SQLITE_OK)
                SqliteException.ThrowExceptionForRC(answer, _database);
        }
    }

    private static int BindText(sqlite3_stmt statement, int index, string text)
    {
        const int OnStack = 512;
        var most = Encoding.UTF8.GetMaxByteCount(text.Length);
        if (most <= OnStack)
        {
            Span<byte> bytes = stackalloc byte[OnStack];
            var length = Encoding.UTF8.GetBytes(text, bytes);
            return raw.sqlite3_bind_text(statement, index, bytes[..length]);
        }
        var rented = ArrayPool<byte>.Shared.Rent(most);
        var count = Encoding.UTF8.GetBytes(text, rented);
        var answer = raw.sqlite3_bind_text(statement, index, rented.AsSpan(0, count));
        ArrayPool<byte>.Shared.Return(rented);
        return answer;
    }
}

internal sealed class SqliteRow(sqlite3_stmt statement) : Row
{
    protected override bool IsNull(int column) => raw.sqlite3_column_type(statement, column) == raw.SQLITE_NULL;

    protected override string ReadText(int column) => raw.sqlite3_column_text(statement, column).utf8_to_string();

    protected override long ReadNumber(int column) => raw.sqlite3_column_int64(statement, column);

    protected override byte[] ReadBytes(int column) => raw.sqlite3_column_blob(statement, column).ToArray();
}
