using System.Security.Cryptography;
using System.Text;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace StablePay.Bench.Sessions;

/// <summary>
/// The ceiling: the same web server, the same HMAC over the raw body, and one durable row of 300 bytes a request,
/// written by group commit. It knows nothing of payments, so nothing that does can be faster.
/// </summary>
public static class Ceiling
{
    private const string Secret = "ceiling-secret";

    public static async Task<int> RunAsync(string provider, string target, int port)
    {
        var rows = Channel.CreateUnbounded<(byte[] Row, TaskCompletionSource Done)>(
            new() { SingleReader = provider == "sqlite" }
        );
        if (provider == "sqlite")
            _ = Task.Factory.StartNew(() => WriteSqlite(target, rows.Reader), TaskCreationOptions.LongRunning);
        else
            for (var lane = 0; lane < 3; lane++)
                _ = WritePostgresAsync(target, rows.Reader, lane == 0);

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        var app = builder.Build();
        app.MapGet("/health/ready", () => "ok");
        app.MapPost(
            "/api/v1/checkout/sessions/create",
            async context =>
            {
                using var memory = new MemoryStream(512);
                await context.Request.Body.CopyToAsync(memory);
                var headers = context.Request.Headers;
                if (
                    !IsSigned(
                        headers["X-StablePay-Timestamp"]!,
                        headers["X-StablePay-Nonce"]!,
                        memory.GetBuffer().AsSpan(0, (int)memory.Length),
                        headers["X-StablePay-Signature"]!
                    )
                )
                {
                    context.Response.StatusCode = 401;
                    return;
                }
                var row = new byte[300];
                Array.Fill(row, (byte)'x');
                memory.GetBuffer().AsSpan(0, (int)Math.Min(memory.Length, row.Length)).CopyTo(row);
                var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                rows.Writer.TryWrite((row, done));
                await done.Task;
                context.Response.ContentType = "application/json";
                context.Response.ContentLength = row.Length;
                await context.Response.Body.WriteAsync(row);
            }
        );
        await app.RunAsync();
        return 0;
    }

    private static bool IsSigned(string timestamp, string nonce, ReadOnlySpan<byte> body, string signature)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(Secret));
        hmac.AppendData(Encoding.UTF8.GetBytes($"{timestamp}.{nonce}."));
        hmac.AppendData(body);
        return CryptographicOperations.FixedTimeEquals(
            Encoding.UTF8.GetBytes(Convert.ToHexStringLower(hmac.GetHashAndReset())),
            Encoding.UTF8.GetBytes(signature)
        );
    }

    private static void WriteSqlite(string path, ChannelReader<(byte[] Row, TaskCompletionSource Done)> rows)
    {
        using var connection = new SqliteConnection($"Data Source={path}");
        connection.Open();
        using (var setup = connection.CreateCommand())
        {
            setup.CommandText =
                "pragma journal_mode = wal; pragma synchronous = full; create table if not exists rows (id integer primary key, body blob not null)";
            setup.ExecuteNonQuery();
        }
        using var insert = connection.CreateCommand();
        insert.CommandText = "insert into rows (body) values ($body)";
        var body = insert.Parameters.Add("$body", SqliteType.Blob);
        var taken = new List<TaskCompletionSource>(256);
        while (rows.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            using var transaction = connection.BeginTransaction();
            insert.Transaction = transaction;
            taken.Clear();
            while (taken.Count < 256 && rows.TryRead(out var next))
            {
                body.Value = next.Row;
                insert.ExecuteNonQuery();
                taken.Add(next.Done);
            }
            transaction.Commit();
            foreach (var done in taken)
                done.SetResult();
        }
    }

    private static async Task WritePostgresAsync(
        string connectionString,
        ChannelReader<(byte[] Row, TaskCompletionSource Done)> rows,
        bool setUp
    )
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        if (setUp)
        {
            await using var create = new NpgsqlCommand(
                "create table if not exists rows (id bigint generated always as identity primary key, body bytea not null)",
                connection
            );
            await create.ExecuteNonQueryAsync();
        }
        await using var insert = new NpgsqlCommand("insert into rows (body) select unnest($1)", connection);
        var bodies = new NpgsqlParameter<byte[][]>();
        insert.Parameters.Add(bodies);
        var taken = new List<TaskCompletionSource>(256);
        var batch = new List<byte[]>(256);
        while (await rows.WaitToReadAsync())
        {
            taken.Clear();
            batch.Clear();
            while (taken.Count < 256 && rows.TryRead(out var next))
            {
                batch.Add(next.Row);
                taken.Add(next.Done);
            }
            if (taken.Count == 0)
                continue;
            bodies.TypedValue = [.. batch];
            await insert.PrepareAsync();
            await insert.ExecuteNonQueryAsync();
            foreach (var done in taken)
                done.SetResult();
        }
    }
}
