namespace StablePay.Storage.Tests;

/// <summary>Stops the program before its n-th statement, and shows what a kill there would have left.</summary>
internal sealed class Crash(TestDatabase test)
{
    private int _at;
    private int _seen;
    private bool _hit;
    private string? _files;

    public string Statement { get; private set; } = "";

    public void ArmAt(int statement) => (_at, _seen, _hit) = (statement, 0, false);

    /// <summary>Opens the database and does the work; true when the crash came.</summary>
    public async Task<bool> RunAsync(Func<Database, Task> work)
    {
        var seams = new Seams { BeforeStatement = BeforeStatementAsync };
        try
        {
            // A database that is up to date takes its lock and looks into its journal; that is not the work.
            var database = await test.OpenAsync(seams);
            await work(database);
        }
        catch (CrashException) { }
        await test.CloseAsync();
        return _hit;
    }

    public async Task<string> DumpAfterAsync() =>
        _files is null ? await test.DumpAsync() : await TestDatabase.DumpFileAsync(_files);

    public async Task<string> SchemaAfterAsync() =>
        _files is null ? await test.SchemaAsync() : await TestDatabase.SchemaOfFileAsync(_files);

    private ValueTask BeforeStatementAsync(string statement)
    {
        if (++_seen != _at)
            return ValueTask.CompletedTask;
        (_hit, Statement) = (true, statement);
        // What the files hold at this moment is what a kill -9 leaves of SQLite.
        if (test.IsSqlite)
            _files = test.CopyFiles();
        throw new CrashException();
    }
}
