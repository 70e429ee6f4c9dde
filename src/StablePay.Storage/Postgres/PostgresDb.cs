using Npgsql;

namespace StablePay.Storage;

/// <summary>
/// PostgreSQL: a few write lanes, each with its own connection, and a pool for reads and other writes. The commits of
/// one store go through one lane, so that its event sequence is not fought over inside a process.
/// </summary>
internal sealed class PostgresDb : Db
{
    private const int MostPerGroup = 512;
    private const int Lanes = 3;

    private readonly NpgsqlDataSource _source;
    private readonly Seams _seams;
    private readonly Retry _retry;
    private readonly WriteLane[] _lanes;

    private PostgresDb(NpgsqlDataSource source, TimeProvider clock, Seams seams)
        : base(PostgresDialect.Instance)
    {
        (_source, _seams) = (source, seams);
        _retry = new Retry(PostgresDialect.Instance, clock);
        _lanes = new WriteLane[Lanes];
        for (var i = 0; i < Lanes; i++)
        {
            var writer = new PostgresGroupWriter();
            _lanes[i] = new WriteLane(
                writer,
                () => ConnectAsync(CancellationToken.None),
                _retry,
                MostPerGroup,
                Pump.Pool
            );
        }
    }

    public override long Transactions => _lanes.Sum(lane => lane.Transactions);

    public static PostgresDb Open(string connectionString, TimeProvider clock, Seams seams)
    {
        var settings = Parse(connectionString);
        if (!settings.ContainsKey("Maximum Pool Size"))
            settings.MaxPoolSize = 16;
        // Nothing here sets anything that outlives its transaction, so a connection needs no cleaning between users.
        settings.NoResetOnClose = true;
        if (!settings.ContainsKey("Max Auto Prepare"))
            (settings.MaxAutoPrepare, settings.AutoPrepareMinUsages) = (250, 2);
        if (!settings.ContainsKey("Application Name"))
            settings.ApplicationName = "stablepay";
        return new PostgresDb(NpgsqlDataSource.Create(settings), clock, seams);
    }

    public override Task<T> ReadAsync<T>(Func<Link, ValueTask<T>> read, CancellationToken ct) =>
        _retry.RunAsync(async () =>
        {
            await using var link = await ConnectAsync(ct);
            return await read(link);
        });

    public override Task<T> WriteAsync<T>(Func<Link, ValueTask<T>> work, CancellationToken ct)
    {
        var isCommitSent = false;
        return _retry.RunAsync(
            async () =>
            {
                await using var link = await ConnectAsync(ct);
                isCommitSent = false;
                await link.BeginAsync(ct);
                try
                {
                    var result = await work(link);
                    isCommitSent = true;
                    await link.CommitAsync(CancellationToken.None);
                    return result;
                }
                catch (Exception e) when (e is not CrashException)
                {
                    await link.RollbackAsync();
                    throw;
                }
            },
            _ => ValueTask.FromResult(!isCommitSent)
        );
    }

    public override Task<CommitResult> RunAsync(Commit commit, CancellationToken ct)
    {
        var entry = new CommitEntry(commit, ct);
        _lanes[(uint)string.GetHashCode(commit.Route, StringComparison.Ordinal) % Lanes].Post(entry);
        return entry.Answer;
    }

    public override async ValueTask DisposeAsync()
    {
        foreach (var lane in _lanes)
            await lane.DisposeAsync();
        await _source.DisposeAsync();
    }

    private static NpgsqlConnectionStringBuilder Parse(string connectionString)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(connectionString);
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            // The message names the setting that is wrong, not its value: a password could be in it.
            throw new StartupRefusedException(
                "The PostgreSQL connection string cannot be read: " + e.Message.TrimEnd('.') + ".",
                e
            );
        }
    }

    private async ValueTask<Link> ConnectAsync(CancellationToken ct) =>
        new PostgresLink(await _source.OpenConnectionAsync(ct)) { BeforeStatement = _seams.BeforeStatement };
}
