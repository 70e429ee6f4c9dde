namespace StablePay.Storage.Tests;

/// <summary>Processes that die while they bring a database up to date.</summary>
[Heavy]
public sealed class MigrationCrashTests(TestCluster cluster) : StorageTest(cluster)
{
    [Theory, OnBoth]
    public async Task OPS_17_migration_resumes_when_killed_between_any_two_statements(string provider)
    {
        string clean;
        await using (var other = await CreateAsync(provider))
        {
            await other.OpenAsync();
            await other.CloseAsync();
            clean = await other.SchemaAsync();
        }
        await using var test = await CreateAsync(provider);
        var crash = new Crash(test);
        var reached = 0;
        for (var n = 1; ; n++)
        {
            await test.ClearAsync();
            crash.ArmAt(n);
            var hit = await crash.RunAsync(_ => Task.CompletedTask);
            if (!hit)
                break;
            reached = n;
            var left = await crash.SchemaAfterAsync();
            var version = left.Contains("journal 1", StringComparison.Ordinal) ? 1 : 0;
            left.Contains("checkout_sessions", StringComparison.Ordinal)
                .ShouldBe(version >= 1, $"killed before {crash.Statement}");
            left.Contains("sandbox_forks", StringComparison.Ordinal)
                .ShouldBe(left.Contains("journal 2", StringComparison.Ordinal));
            await test.OpenAsync();
            await test.CloseAsync();
            (await test.SchemaAsync()).ShouldBe(clean, $"killed before statement {n}: {crash.Statement}");
        }
        reached.ShouldBeGreaterThan(45);
        (await test.SchemaAsync()).ShouldBe(clean);
    }
}
