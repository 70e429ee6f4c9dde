using System.Numerics;
using Microsoft.Data.Sqlite;
using StablePay.Simulation.World;

namespace StablePay.Simulation.Auditing;

/// <summary>Reads the database past the engine: own statements, own types, on the disk's connection.</summary>
internal sealed class Rows(SimDisk disk)
{
    private readonly Dictionary<string, SqliteCommand> _commands = [];
    private SqliteConnection? _of;

    public List<T> List<T>(string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<object> values)
    {
        if (_of != disk.Connection)
        {
            _commands.Clear();
            _of = disk.Connection;
        }
        if (!_commands.TryGetValue(sql, out var command))
        {
            command = disk.Connection.CreateCommand();
            command.CommandText = sql;
            _commands[sql] = command;
        }
        command.Parameters.Clear();
        for (var i = 0; i < values.Length; i++)
            command.Parameters.AddWithValue($"@p{i}", values[i]);
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
            rows.Add(read(reader));
        return rows;
    }

    public T? One<T>(string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<object> values)
        where T : class => List(sql, read, values) is [var row, ..] ? row : null;

    public long Number(string sql, params ReadOnlySpan<object> values) =>
        List(sql, r => r.IsDBNull(0) ? 0L : r.GetInt64(0), values)[0];
}

internal sealed record SessionRow(
    string Id,
    string Store,
    string State,
    long Version,
    long ExpiresAt,
    bool IsCanceled,
    bool IsPaidAt,
    string Fixed,
    string Choices
)
{
    public const string Sql = """
        select id, store_id, state, version, expires_at_ms, canceled_at_ms is not null, paid_at_ms is not null,
            merchant_id || mode || order_id || details || currency || amount_minor || rate_unscaled || rate_source || token_prices
                || rate_locked_at_ms || due_cents || tolerance_bp || created_at_ms || expires_at_ms,
            choices, due_cents, tolerance_bp, included, accepted, final, late, unattributed_transfers, was_reversed,
            currency, amount_minor, rate_unscaled, rate_locked_at_ms, token_prices, mode = 'live'
        from checkout_sessions where
        """;

    public required long DueCents { get; init; }
    public required long Tolerance { get; init; }
    public required BigInteger Included { get; init; }
    public required BigInteger Accepted { get; init; }
    public required BigInteger Final { get; init; }
    public required BigInteger Late { get; init; }
    public required long Unattributed { get; init; }
    public required bool WasReversed { get; init; }
    public required (string Currency, long Minor, BigInteger Rate, long LockedAt) Quote { get; init; }

    /// <summary>What coins count for in it where that is no dollar, in 10^-12 dollars; 0 for a coin that it does not take.</summary>
    public IReadOnlyDictionary<string, BigInteger> Prices => CoinPrices.Read(TokenPrices);
    public required string TokenPrices { get; init; }
    public required bool IsLive { get; init; }

    /// <summary>What atoms of a coin count for in it, in 10^-18 dollars.</summary>
    public BigInteger WorthOf(BigInteger atoms, int decimals, string coin) =>
        atoms
        * BigInteger.Pow(10, 18 - decimals)
        * Prices.GetValueOrDefault(coin, CoinPrices.Dollar)
        / CoinPrices.Dollar;

    /// <summary>What has to come, in 10^-18 dollars.</summary>
    public BigInteger Required => Due - (Due / 10_000 * Tolerance);

    public BigInteger Due => DueCents * BigInteger.Pow(10, 16);

    public bool IsTerminal => State is "paid" or "expired" or "canceled" or "failed";

    public static SessionRow Read(SqliteDataReader r) =>
        new(
            r.GetString(0),
            r.GetString(1),
            r.GetString(2),
            r.GetInt64(3),
            r.GetInt64(4),
            r.GetBoolean(5),
            r.GetBoolean(6),
            r.GetString(7),
            r.GetString(8)
        )
        {
            DueCents = r.GetInt64(9),
            Tolerance = r.GetInt64(10),
            Included = Big(r, 11),
            Accepted = Big(r, 12),
            Final = Big(r, 13),
            Late = Big(r, 14),
            Unattributed = r.GetInt64(15),
            WasReversed = r.GetBoolean(16),
            Quote = (r.GetString(17), r.GetInt64(18), Big(r, 19), r.GetInt64(20)),
            TokenPrices = r.GetString(21),
            IsLive = r.GetBoolean(22),
        };

    public static BigInteger Big(SqliteDataReader r, int column) =>
        BigInteger.Parse(r.GetString(column), CultureInfo.InvariantCulture);
}

internal sealed record TransferRow(
    string Id,
    string Network,
    string Hash,
    long Position,
    string Contract,
    int Decimals,
    BigInteger Atoms,
    string From,
    string To,
    string Session,
    string Store
)
{
    public const string Sql = """
        select id, network, tx_hash, position, contract, decimals, atoms, from_address, to_address, session_id, store_id,
            block_height, block_hash, block_time_ms, state, class, version, asset
        from transfers where
        """;

    public required long Height { get; init; }
    public required string BlockHash { get; init; }
    public required long BlockTime { get; init; }
    public required string State { get; init; }
    public required string Class { get; init; }
    public required long Version { get; init; }
    public required string Coin { get; init; }

    public bool IsOpen => State is "included" or "accepted";

    public static TransferRow Read(SqliteDataReader r) =>
        new(
            r.GetString(0),
            r.GetString(1),
            r.GetString(2),
            r.GetInt64(3),
            r.GetString(4),
            r.GetInt32(5),
            SessionRow.Big(r, 6),
            r.GetString(7),
            r.GetString(8),
            r.GetString(9),
            r.GetString(10)
        )
        {
            Height = r.GetInt64(11),
            BlockHash = r.GetString(12),
            BlockTime = r.GetInt64(13),
            State = r.GetString(14),
            Class = r.GetString(15),
            Version = r.GetInt64(16),
            Coin = r.GetString(17),
        };
}

internal sealed record PostingRow(string Account, string Token, bool IsDebit, BigInteger Atoms, string Cause);
