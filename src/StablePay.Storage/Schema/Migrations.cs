using System.Reflection;
using System.Text;

namespace StablePay.Storage;

/// <summary>
/// Brings a database up to the program's schema: numbered texts, each in one transaction with its line in the
/// journal, so that a kill between any two statements leaves the schema before or after a change, never in between.
/// </summary>
/// <remarks>
/// DbUp was weighed. It has no lock against two processes that migrate at once, it splits scripts by provider and so
/// wants a set for each, and its SQLite package brings its own native library beside the one that we pin. What we
/// need of it is these lines.
/// </remarks>
internal static class Migrations
{
    private sealed record Migration(int Version, string Name, string Text);

    private static readonly IReadOnlyList<Migration> All = Load();

    public static int Latest => All[^1].Version;

    public static async Task RunAsync(Db db, TimeProvider clock, Seams seams, CancellationToken ct)
    {
        var last = seams.LastMigration ?? Latest;
        var found = await db.WriteAsync(link => PrepareAsync(db.Dialect, link, ct), ct);
        if (found > last)
        {
            throw new StartupRefusedException(
                $"The database has schema {found}, made by a newer StablePay; this one knows schemas up to {last}. "
                    + "Start the newer version, or restore the backup that was made before the upgrade."
            );
        }
        foreach (var migration in All.Where(m => m.Version > found && m.Version <= last))
            await db.WriteAsync(link => ApplyAsync(db.Dialect, link, migration, clock, ct), ct);
    }

    private static async ValueTask<int> PrepareAsync(Dialect dialect, Link link, CancellationToken ct)
    {
        await LockAsync(dialect, link, ct);
        await link.ExecuteAsync(
            $"""
            create table if not exists schema_journal (
                version bigint primary key, name text not null, applied_at_ms bigint not null)
            """,
            ct
        );
        return await AppliedAsync(link, ct);
    }

    private static async ValueTask<bool> ApplyAsync(
        Dialect dialect,
        Link link,
        Migration migration,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        await LockAsync(dialect, link, ct);
        // Another process may have done it while we waited for the lock.
        if (await AppliedAsync(link, ct) >= migration.Version)
            return false;
        foreach (var statement in Split(dialect.Fill(migration.Text)))
            await link.ExecuteAsync(statement, [], ct);
        var now = Instant.From(clock.GetUtcNow());
        await link.ExecuteAsync(
            $"""
            insert into schema_journal (version, name, applied_at_ms)
            values ({(long)migration.Version}, {migration.Name}, {now})
            """,
            ct
        );
        return true;
    }

    private static async ValueTask<int> AppliedAsync(Link link, CancellationToken ct)
    {
        var rows = await link.ListAsync($"select coalesce(max(version), 0) from schema_journal", r => r.Small(), ct);
        return rows[0];
    }

    private static async ValueTask LockAsync(Dialect dialect, Link link, CancellationToken ct)
    {
        if (dialect.MigrationLock.Length > 0)
            await link.ExecuteAsync(dialect.MigrationLock, [], ct);
    }

    /// <summary>
    /// The statements of a text. Ours end with a semicolon at the end of a line, and no literal holds one.
    /// </summary>
    private static IEnumerable<string> Split(string text)
    {
        var lines = text.Split('\n').Where(line => !line.TrimStart().StartsWith("--", StringComparison.Ordinal));
        return string.Join('\n', lines)
            .Split(";\n", StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(statement => statement.TrimEnd(';'));
    }

    private static List<Migration> Load()
    {
        const string Folder = ".Schema.";
        var assembly = Assembly.GetExecutingAssembly();
        List<Migration> found = [];
        foreach (
            var resource in assembly.GetManifestResourceNames().Where(n => n.EndsWith(".sql", StringComparison.Ordinal))
        )
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!, Encoding.UTF8);
            var name = resource[(resource.IndexOf(Folder, StringComparison.Ordinal) + Folder.Length)..^4];
            found.Add(new Migration(int.Parse(name[..4], CultureInfo.InvariantCulture), name, reader.ReadToEnd()));
        }
        found.Sort((a, b) => a.Version.CompareTo(b.Version));
        return found;
    }
}
