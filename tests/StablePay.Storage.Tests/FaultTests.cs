using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace StablePay.Storage.Tests;

public sealed class FaultTests(TestCluster cluster) : StorageTest(cluster)
{
    private const string DropOthers = """
        select count(pg_terminate_backend(pid)) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid()
        """;

    [Theory]
    [InlineData(5, true)]
    [InlineData(6, false)]
    public async Task Transient_error_is_retried_at_most_five_times(int failures, bool succeeds)
    {
        await using var test = await CreateAsync("sqlite");
        var (armed, seen) = (false, 0);
        var database = await test.OpenAsync(
            new Seams
            {
                BeforeStatement = statement =>
                    armed
                    && statement.StartsWith("insert into checkout", StringComparison.Ordinal)
                    && ++seen <= failures
                        ? throw new SqliteException("busy", raw.SQLITE_BUSY, raw.SQLITE_BUSY)
                        : ValueTask.CompletedTask,
            }
        );
        armed = true;
        var running = Enumerable
            .Range(0, 3)
            .Select(_ => RunAsync(database, new Commit().Insert(Sample.Session())))
            .ToList();
        if (succeeds)
            (await Task.WhenAll(running)).ShouldAllBe(r => r.IsDone);
        else
            await Should.ThrowAsync<StorageUnavailableException>(running[0]);
        seen.ShouldBeGreaterThanOrEqualTo(6);
        await DoneAsync(database, new Commit().Insert(Sample.Session()));
    }

    [Theory]
    [InlineData("commit")]
    [InlineData("insert into checkout")]
    public async Task Full_disk_is_told_to_every_caller_at_once_and_the_next_commit_works(string at)
    {
        await using var test = await CreateAsync("sqlite");
        var isFull = false;
        var database = await test.OpenAsync(
            new Seams
            {
                BeforeStatement = statement =>
                    isFull && statement.StartsWith(at, StringComparison.Ordinal)
                        ? throw new SqliteException("database or disk is full", raw.SQLITE_FULL, raw.SQLITE_FULL)
                        : ValueTask.CompletedTask,
            }
        );
        isFull = true;
        await Should.ThrowAsync<StorageUnavailableException>(RunAsync(database, new Commit().Insert(Sample.Session())));
        isFull = false;
        await DoneAsync(database, new Commit().Insert(Sample.Session()));
        (await test.AskAsync("select count(*) from checkout_sessions")).ShouldBe("1");
    }

    [Heavy]
    [Fact]
    public async Task Commits_and_reads_go_on_when_the_server_drops_every_connection()
    {
        await using var test = await CreateAsync("postgres");
        var database = await test.OpenAsync();
        for (var round = 0; round < 5; round++)
        {
            var session = Sample.Session();
            await DoneAsync(database, new Commit().Insert(session));
            await test.AskAsync(DropOthers);
            (await database.Sessions.FindAsync(session.Id, default)).ShouldNotBeNull();
            await test.AskAsync(DropOthers);
            await DoneAsync(database, new Commit().Insert(Sample.Session()));
            (await database.Jobs.ClaimAsync("w", Sample.Now, [new("", 1)], default)).ShouldBeEmpty();
        }
    }

    [Theory, OnBoth]
    public async Task Closed_database_refuses_instead_of_waiting(string provider)
    {
        await using var test = await CreateAsync(provider);
        var database = await test.OpenAsync();
        var last = RunAsync(database, new Commit().Insert(Sample.Session()));
        await test.CloseAsync();
        (await last).IsDone.ShouldBeTrue();
        await Should.ThrowAsync<StorageUnavailableException>(RunAsync(database, new Commit().Insert(Sample.Session())));
    }

    [Theory]
    [InlineData("sqlite", "")]
    [InlineData("postgres", "template template0 locale_provider icu icu_locale 'en-US' locale 'C.UTF-8'")]
    [InlineData("postgres", "template template0 locale 'C.UTF-8'")]
    public async Task Ids_sort_as_their_bytes_do_whatever_the_collation(string provider, string options)
    {
        await using var test = await CreateAsync(provider, options);
        var database = await test.OpenAsync();
        var store = Sample.Id<StoreId>();
        var sessions = Enumerable
            .Range(0, 400)
            .Select(i => Sample.Session(store) with { Id = Sample.Id<SessionId>(new Instant(i % 3 * 37L)) })
            .ToList();
        await Task.WhenAll(sessions.Select(s => RunAsync(database, new Commit().Insert(s))));
        var expected = sessions.Select(s => s.Id.Value).OrderDescending(StringComparer.Ordinal).ToList();
        (await database.Sessions.ListAsync(store, false, new SessionFilter(1000), default))
            .Select(s => s.Id.Value)
            .ShouldBe(expected);
        (
            await database.Sessions.ListAsync(
                store,
                false,
                new SessionFilter(5, StartingAfter: new(expected[99])),
                default
            )
        )
            .Select(s => s.Id.Value)
            .ShouldBe(expected[100..105]);
    }
}
