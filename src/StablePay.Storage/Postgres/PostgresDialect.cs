using Npgsql;

namespace StablePay.Storage;

internal sealed class PostgresDialect : Dialect
{
    public static readonly PostgresDialect Instance = new();

    public override Sql ClaimSuffix => $"for update skip locked";

    public override string Identity => "bigint generated always as identity primary key";

    public override string Bytes => "bytea";

    /// <summary>The number is ours alone: the first eight letters of the product, read as a number.</summary>
    public override string MigrationLock => "select pg_advisory_xact_lock(8391154276290879852)";

    public override Fault Classify(Exception exception) =>
        exception switch
        {
            PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } => Fault.Unique,
            PostgresException { SqlState: "53100" or "25006" or "58030" or "XX001" or "XX002" } => Fault.Unavailable,
            PostgresException { IsTransient: true } => Fault.Transient,
            PostgresException { SqlState: "40001" or "40P01" } => Fault.Transient,
            PostgresException { SqlState: var state } when state.StartsWith("57P", StringComparison.Ordinal) =>
                Fault.Transient,
            PostgresException => Fault.Other,
            NpgsqlException or IOException or System.Net.Sockets.SocketException or TimeoutException => Fault.Transient,
            _ => Fault.Other,
        };
}
