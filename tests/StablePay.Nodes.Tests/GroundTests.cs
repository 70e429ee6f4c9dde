using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace StablePay.Nodes.Tests;

/// <summary>The ground that other tests stand on: the servers are real, start, obey and end.</summary>
public sealed class GroundTests(PostgresServer postgres)
{
    [Fact]
    public async Task PostgreSQL_answers_and_gives_every_test_its_own_database()
    {
        var first = await postgres.CreateDatabaseAsync();
        var second = await postgres.CreateDatabaseAsync();

        (await AskAsync(first, "create table mine (a int); select 1")).ShouldBe(1);
        (await AskAsync(first, "select count(*) from pg_tables where tablename = 'mine'")).ShouldBe(1L);
        (await AskAsync(second, "select count(*) from pg_tables where tablename = 'mine'")).ShouldBe(0L);
        (await AskAsync(first, "show fsync")).ShouldBe("on");
    }

    [Fact]
    public async Task Anvil_mines_when_told_and_goes_back()
    {
        await using var node = await AnvilNode.StartAsync();
        var start = await node.HeightAsync();
        var snapshot = await node.SnapshotAsync();

        await node.MineAsync(3);
        (await node.HeightAsync()).ShouldBe(start + 3);
        await node.RevertAsync(snapshot);

        (await node.HeightAsync()).ShouldBe(start);
    }

    [Fact]
    public async Task A_server_ends_with_the_run_that_started_it()
    {
        var folder = Directory.CreateTempSubdirectory("stablepay-orphan-");
        using var abandoned = Process.Start("sleep", "600");
        using var released = Process.Start("sleep", "600");
        try
        {
            using (var orphans = new Orphans())
            {
                orphans.Adopt(abandoned.Id, "TERM", folder.FullName);
                orphans.Adopt(released.Id);
                orphans.Release(released.Id);
            }

            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            await abandoned.WaitForExitAsync(limit.Token);
            released.HasExited.ShouldBeFalse();
            folder.Refresh();
            folder.Exists.ShouldBeFalse();
        }
        finally
        {
            released.Kill();
        }
    }

    [Fact]
    public async Task The_compiled_contracts_are_what_their_sources_say()
    {
        var start = new ProcessStartInfo("node", [RepositoryRoot.Of("tests", "js", "compile.mjs"), "--check"])
        {
            RedirectStandardError = true,
        };
        using var compile = Process.Start(start)!;
        var said = await compile.StandardError.ReadToEndAsync();
        await compile.WaitForExitAsync();

        compile.ExitCode.ShouldBe(0, said);
    }

    [Fact]
    public async Task The_run_is_under_the_culture_it_was_asked_for_on_every_thread()
    {
        var here = CultureInfo.CurrentCulture.Name;
        var fresh = "";
        var thread = new Thread(() => fresh = CultureInfo.CurrentCulture.Name);
        thread.UnsafeStart();
        thread.Join();
        var pooled = await Task.Run(() => CultureInfo.CurrentCulture.Name);

        if (TestCulture.Wanted is { } wanted)
            new[] { here, fresh, pooled }.ShouldAllBe(name => name == wanted);
        else
            new[] { fresh, pooled }.ShouldAllBe(name => name == here);
    }

    [Theory]
    [InlineData("de-DE", ",")]
    [InlineData("fa-IR", "٫")]
    public void The_machine_has_culture_data(string name, string separator) =>
        new CultureInfo(name).NumberFormat.NumberDecimalSeparator.ShouldBe(separator);

    private static async Task<object?> AskAsync(string database, string sql)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }
}
