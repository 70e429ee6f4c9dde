using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace StablePay.Storage;

internal sealed class SqliteDialect : Dialect
{
    public static readonly SqliteDialect Instance = new();

    public override Sql ClaimSuffix => $"";

    public override string Identity => "integer primary key autoincrement";

    public override string Bytes => "blob";

    public override string MigrationLock => "";

    /// <summary>(7) How a connection is set up. Memory is in KiB where it is negative.</summary>
    public static IReadOnlyList<string> SetUp(bool readOnly) =>
        [
            "pragma busy_timeout = 5000",
            "pragma foreign_keys = on",
            "pragma temp_store = memory",
            "pragma trusted_schema = off",
            .. readOnly
                ? (string[])["pragma cache_size = -8192", "pragma query_only = on"]
                :
                [
                    "pragma journal_mode = wal",
                    "pragma synchronous = full",
                    "pragma cache_size = -32768",
                    "pragma wal_autocheckpoint = 4000",
                    "pragma journal_size_limit = 67108864",
                ],
        ];

    public override Fault Classify(Exception exception) =>
        exception switch
        {
            SqliteException
            {
                SqliteExtendedErrorCode: raw.SQLITE_CONSTRAINT_UNIQUE or raw.SQLITE_CONSTRAINT_PRIMARYKEY
            } => Fault.Unique,
            SqliteException { SqliteErrorCode: raw.SQLITE_BUSY or raw.SQLITE_LOCKED } => Fault.Transient,
            SqliteException
            {
                SqliteErrorCode: raw.SQLITE_FULL
                    or raw.SQLITE_IOERR
                    or raw.SQLITE_READONLY
                    or raw.SQLITE_CANTOPEN
                    or raw.SQLITE_CORRUPT
                    or raw.SQLITE_NOTADB
            } => Fault.Unavailable,
            _ => Fault.Other,
        };
}
