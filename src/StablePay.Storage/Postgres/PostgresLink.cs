using System.Data;
using Npgsql;
using NpgsqlTypes;

namespace StablePay.Storage;

/// <summary>A PostgreSQL connection. Npgsql prepares each statement text the second time it sees it.</summary>
internal sealed class PostgresLink(NpgsqlConnection connection) : Link
{
    private bool _isLost;

    public override bool IsBroken => _isLost || connection.State != ConnectionState.Open;

    public override async ValueTask<long> ExecuteAsync(string shape, Value[] values, CancellationToken ct)
    {
        if (BeforeStatement is { } probe)
            await probe(shape);
        await using var command = new NpgsqlCommand(PostgresText.Of(shape), connection);
        foreach (var value in values)
            command.Parameters.Add(Parameter(value));
        return Math.Max(0, await command.ExecuteNonQueryAsync(ct));
    }

    public override async ValueTask<List<T>> ListAsync<T>(Sql sql, Func<Row, T> read, CancellationToken ct)
    {
        if (BeforeStatement is { } probe)
            await probe(sql.Shape);
        await using var command = new NpgsqlCommand(PostgresText.Of(sql.Shape), connection);
        foreach (var value in sql.Values)
            command.Parameters.Add(Parameter(value));
        await using var reader = await command.ExecuteReaderAsync(ct);
        List<T> rows = [];
        var row = new PostgresRow(reader);
        while (await reader.ReadAsync(ct))
        {
            row.Rewind();
            rows.Add(read(row));
        }
        return rows;
    }

    /// <summary>
    /// Begins a transaction and runs the statements in one exchange with the server. Returns the rows that each
    /// changed; the transaction stays open for the caller to judge them.
    /// </summary>
    public async ValueTask<IReadOnlyList<long>> BeginAndRunAsync(
        IReadOnlyList<(string Shape, NpgsqlParameter[] Parameters)> statements,
        CancellationToken ct
    )
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new NpgsqlBatchCommand("begin"));
        foreach (var (shape, parameters) in statements)
        {
            var command = new NpgsqlBatchCommand(PostgresText.Of(shape));
            foreach (var parameter in parameters)
                command.Parameters.Add(parameter);
            batch.BatchCommands.Add(command);
        }
        await batch.ExecuteNonQueryAsync(ct);
        var changed = new long[statements.Count];
        for (var i = 0; i < changed.Length; i++)
            changed[i] = batch.BatchCommands[i + 1].RecordsAffected;
        return changed;
    }

    public override async ValueTask BeginAsync(CancellationToken ct) => await ExecuteAsync("begin", [], ct);

    public override async ValueTask CommitAsync(CancellationToken ct) => await ExecuteAsync("commit", [], ct);

    public override async ValueTask RollbackAsync()
    {
        if (IsBroken)
            return;
        try
        {
            await using var command = new NpgsqlCommand("rollback", connection);
            await command.ExecuteNonQueryAsync(CancellationToken.None);
        }
        catch (NpgsqlException)
        {
            // The connection died, and its transaction with it. The error that made us roll back is the one to tell.
            _isLost = true;
        }
    }

    public override ValueTask DisposeAsync() => connection.DisposeAsync();

    public static NpgsqlParameter Parameter(in Value value)
    {
        var type = value.Kind switch
        {
            ValueKind.Number => NpgsqlDbType.Bigint,
            ValueKind.Text => NpgsqlDbType.Text,
            ValueKind.Bytes => NpgsqlDbType.Bytea,
        };
        if (value.IsNull)
            return new NpgsqlParameter { NpgsqlDbType = type, Value = DBNull.Value };
        return value.Kind switch
        {
            ValueKind.Number => new NpgsqlParameter<long> { NpgsqlDbType = type, TypedValue = value.Number },
            ValueKind.Text => new NpgsqlParameter<string> { NpgsqlDbType = type, TypedValue = value.Text },
            ValueKind.Bytes => new NpgsqlParameter<byte[]> { NpgsqlDbType = type, TypedValue = value.Bytes },
        };
    }
}

internal sealed class PostgresRow(NpgsqlDataReader reader) : Row
{
    protected override bool IsNull(int column) => reader.IsDBNull(column);

    protected override string ReadText(int column) => reader.GetString(column);

    protected override long ReadNumber(int column) => reader.GetInt64(column);

    protected override byte[] ReadBytes(int column) => reader.GetFieldValue<byte[]>(column);
}
