namespace StablePay.Storage.Tests;

/// <summary>What nearly every storage test begins with.</summary>
public abstract class StorageTest(TestCluster cluster)
{
    private protected Task<TestDatabase> CreateAsync(string provider, string options = "") =>
        TestDatabase.CreateAsync(provider, cluster, options);

    private protected static async Task DoneAsync(Database database, Commit commit) =>
        (await database.Commits.RunAsync(commit, default)).ShouldBe(CommitResult.Done.Instance);

    private protected static Task<CommitResult> RunAsync(Database database, Commit commit) =>
        database.Commits.RunAsync(commit, default);
}
