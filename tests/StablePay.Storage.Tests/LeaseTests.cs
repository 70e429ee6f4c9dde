namespace StablePay.Storage.Tests;

public sealed class LeaseTests(TestCluster cluster) : StorageTest(cluster)
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(10);

    [Theory, OnBoth]
    public async Task OPS_05_holder_that_slept_past_its_term_changes_nothing(string provider)
    {
        await using var test = await CreateAsync(provider);
        var database = await test.OpenAsync();
        var old = (await database.Leases.AcquireAsync("watch", "a", Length, Sample.Now, default))!;
        (await database.Leases.AcquireAsync("watch", "b", Length, Sample.Now, default)).ShouldBeNull();
        (await database.Leases.AcquireAsync("watch", "a", Length, Sample.Now + Length, default)).ShouldBe(old);
        (await database.Leases.AcquireAsync("other", "b", Length, Sample.Now, default)).ShouldNotBeNull();
        var session = Sample.Session();
        await DoneAsync(database, new Commit().Guard(old).Insert(session));

        var next = (await database.Leases.AcquireAsync("watch", "b", Length, Sample.Now + (Length * 2), default))!;
        next.Term.ShouldBe(old.Term + 1);
        var locator = new BlockLocator(Sample.Ethereum, new BlockRef(9, "0x9"), Sample.Now, 3, []);
        (await RunAsync(database, new Commit().Move(locator).Guard(old))).ShouldBe(new CommitResult.Stale("lease"));
        (await RunAsync(database, new Commit().Guard(old).Move(locator))).ShouldBe(new CommitResult.Stale("lease"));
        (await database.Locators.FindAsync(Sample.Ethereum, default)).ShouldBeNull();
        (await database.Leases.AcquireAsync("watch", "a", Length, Sample.Now + (Length * 2), default)).ShouldBeNull();
        await database.Leases.ReleaseAsync(old, default);
        await DoneAsync(database, new Commit().Guard(next).Move(locator));

        await database.Leases.ReleaseAsync(next, default);
        (await RunAsync(database, new Commit().Guard(next))).ShouldBe(new CommitResult.Stale("lease"));
        (await database.Leases.AcquireAsync("watch", "b", Length, Sample.Now, default))!.Term.ShouldBe(next.Term + 1);
    }

    [Theory, OnBoth]
    public async Task Lease_has_one_holder_when_many_reach_for_it_at_once(string provider)
    {
        await using var test = await CreateAsync(provider);
        var database = await test.OpenAsync();
        for (var round = 0; round < 10; round++)
        {
            var now = Sample.Now + (Length * round);
            var grips = await Task.WhenAll(
                Enumerable
                    .Range(0, 12)
                    .Select(i =>
                        Task.Run(() => database.Leases.AcquireAsync("one", $"{round}-{i}", Length, now, default))
                    )
            );
            grips.Count(g => g is not null).ShouldBe(1);
            grips.Single(g => g is not null)!.Term.ShouldBe(round + 1);
        }
    }
}
