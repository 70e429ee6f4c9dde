using System.Diagnostics;

namespace StablePay.Storage.Tests;

/// <summary>
/// This test program as a second process, to be killed. It runs instead of the tests when its variable is set.
/// </summary>
internal static class Child
{
    private const string Variable = "STABLEPAY_STORAGE_CHILD";

    /// <summary>Opens the database and holds it.</summary>
    public const string Hold = "hold";

    /// <summary>Commits without end and writes a line for each commit that was answered as done.</summary>
    public const string Write = "write";

    public static Process Start(string task, DatabaseOptions options, string argument = "")
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "StablePay.Storage.Tests"))
        {
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        };
        start.Environment[Variable] = string.Join('\n', task, options.Provider, options.ConnectionString, argument);
        return Process.Start(start)!;
    }

    public static bool IsAsked => Environment.GetEnvironmentVariable(Variable) is not null;

    public static Task<int> RunAsync()
    {
        var parts = Environment.GetEnvironmentVariable(Variable)!.Split('\n');
        var options = new DatabaseOptions(parts[1], parts[2]);
        return parts[0] == Hold ? HoldAsync(options) : WriteAsync(options, parts[3]);
    }

    private static async Task<int> HoldAsync(DatabaseOptions options)
    {
        await using var database = await Database.OpenAsync(options, TimeProvider.System, CancellationToken.None);
        Console.WriteLine("open");
        await Console.In.ReadLineAsync();
        return 0;
    }

    private static async Task<int> WriteAsync(DatabaseOptions options, string store)
    {
        var database = await Database.OpenAsync(options, TimeProvider.System, CancellationToken.None);
        await Task.WhenAll(
            Enumerable
                .Range(0, 32)
                .Select(_ =>
                    Task.Run(async () =>
                    {
                        while (true)
                        {
                            var session = Sample.Session(new StoreId(store));
                            var result = await database.Commits.RunAsync(CommitOf(session), CancellationToken.None);
                            if (result.IsDone)
                                Console.WriteLine(session.Id.Value);
                        }
                    })
                )
        );
        return 0;
    }

    /// <summary>A session with everything that must be there if it is.</summary>
    public static Commit CommitOf(CheckoutSession session) =>
        new Commit()
            .Spend(new NonceClaim("key", session.Id.Value, Sample.Now))
            .Insert(session)
            .Add(Sample.Draft(session.Id.Value) with { Subject = session.Id.Value }, Sample.Id<JobId>(), Sample.Now)
            .Add(Sample.Event(session.Store) with { ObjectId = session.Id.Value });
}
