namespace StablePay.Storage.Tests;

/// <summary>Stores' clocks, and what stores play on the sandbox.</summary>
public sealed class TestModeTests(TestCluster cluster) : StorageTest(cluster)
{
    private static readonly Instant Later = Sample.Now + TimeSpan.FromMinutes(2);

    [Theory, OnBoth]
    public async Task Clock_reads_back_and_is_moved_only_by_who_has_seen_its_last_move(string provider)
    {
        await using var test = await CreateAsync(provider);
        var database = await test.OpenAsync();
        var (store, other) = (await Sample.StoreInAsync(database), await Sample.StoreInAsync(database));
        var clock = await database.TestClocks.FindAsync(store.Id, default);
        clock.ShouldBe(StoreClock.Real);
        var first = new ClockStep(Sample.Now, TimeSpan.FromHours(1));
        await DoneAsync(database, new Commit().Advance(store.Id, clock, first, Sample.Now));
        (await RunAsync(database, new Commit().Advance(store.Id, clock, first, Sample.Now))).ShouldBe(
            new CommitResult.Stale("test_clock")
        );
        var moved = await database.TestClocks.FindAsync(store.Id, default);
        moved.Steps.ShouldBe([first]);
        // A second move in the same millisecond counts from there on.
        var second = new ClockStep(Sample.Now, TimeSpan.FromHours(2));
        await DoneAsync(database, new Commit().Advance(store.Id, moved, second, Sample.Now));
        (await database.TestClocks.FindAsync(store.Id, default))
            .At(Sample.Now)
            .ShouldBe(Sample.Now + TimeSpan.FromHours(2));
        (await database.TestClocks.FindAsync(other.Id, default)).ShouldBe(StoreClock.Real);
    }

    [Theory, OnBoth]
    public async Task Moving_a_clock_makes_the_ends_of_its_open_test_sessions_due_and_no_others(string provider)
    {
        await using var test = await CreateAsync(provider);
        var database = await test.OpenAsync();
        var (store, other) = (await Sample.StoreInAsync(database), await Sample.StoreInAsync(database));
        var over = Sample.Session(store.Id);
        var open = Sample.Session(store.Id) with { ExpiresAt = Sample.Now + TimeSpan.FromHours(2) };
        var ended = Sample.Session(store.Id) with { State = SessionState.Expired };
        var live = Sample.Session(store.Id) with { Live = true };
        var theirs = Sample.Session(other.Id);
        var commit = new Commit();
        foreach (var session in (CheckoutSession[])[over, open, ended, live, theirs])
        {
            var end = new JobDraft(JobKind.ExpireSession, session.Id.Value, session.ExpiresAt, session.Id.Value);
            Sample.AddTo(commit.Insert(session), end);
        }
        await DoneAsync(database, commit);

        var step = new ClockStep(Sample.Now, TimeSpan.FromHours(1));
        await DoneAsync(database, new Commit().Advance(store.Id, StoreClock.Real, step, Later));
        (await ClaimedAsync(database, new Instant(Later.UnixMs - 1))).ShouldBeEmpty();
        (await ClaimedAsync(database, Later)).ShouldBe([over.Id.Value]);
        // What is not over yet is due when the clock will show its end.
        var due = Sample.Now + TimeSpan.FromHours(1);
        (await ClaimedAsync(database, due)).ShouldBe(
            [over.Id.Value, open.Id.Value, ended.Id.Value, live.Id.Value, theirs.Id.Value],
            ignoreOrder: true
        );
        (await database.Jobs.NextDueAsync(default)).ShouldBe(due + JobKind.ExpireSession.Lease);
    }

    [Theory, OnBoth]
    public async Task An_end_that_is_being_looked_at_while_the_clock_is_moved_is_looked_at_again(string provider)
    {
        await using var test = await CreateAsync(provider);
        var database = await test.OpenAsync();
        var store = await Sample.StoreInAsync(database);
        var session = Sample.Session(store.Id);
        var end = new JobDraft(JobKind.ExpireSession, session.Id.Value, Sample.Now, session.Id.Value);
        await DoneAsync(database, Sample.AddTo(new Commit().Insert(session), end));
        var old = (await database.Jobs.ClaimAnyAsync("a", Sample.Now, 10)).Single();

        var step = new ClockStep(Sample.Now, TimeSpan.FromHours(1));
        await DoneAsync(database, new Commit().Advance(store.Id, StoreClock.Real, step, Sample.Now));
        // The attempt that has read the old clock puts nothing off any more.
        (await RunAsync(database, new Commit().Finish(old, new JobOutcome.Again(session.ExpiresAt, null)))).ShouldBe(
            new CommitResult.Stale("job")
        );
        (await ClaimedAsync(database, Sample.Now)).ShouldBe([session.Id.Value]);
    }

    [Theory, OnBoth]
    public async Task Moving_a_clock_moves_the_next_tries_of_its_test_webhooks_that_nobody_makes(string provider)
    {
        await using var test = await CreateAsync(provider);
        var database = await test.OpenAsync();
        var (store, other) = (await Sample.StoreInAsync(database), await Sample.StoreInAsync(database));
        var ours = Sample.Endpoint(store.Id);
        var live = Sample.Endpoint(store.Id) with { Live = true };
        var theirs = Sample.Endpoint(other.Id);
        var commit = new Commit().Insert(ours).Insert(live).Insert(theirs);
        JobDraft Try(WebhookEndpoint endpoint, string name, TimeSpan wait) =>
            new(JobKind.DeliverWebhook, name, Sample.Now + wait, name, endpoint.Id.Value);
        Sample.AddTo(commit, Try(ours, "soon", TimeSpan.FromMinutes(30)));
        Sample.AddTo(commit, Try(ours, "far", TimeSpan.FromMinutes(90)));
        Sample.AddTo(commit, Try(live, "live", TimeSpan.FromMinutes(30)));
        Sample.AddTo(commit, Try(theirs, "theirs", TimeSpan.FromMinutes(30)));
        await DoneAsync(database, commit);

        var step = new ClockStep(Sample.Now, TimeSpan.FromHours(1));
        await DoneAsync(database, new Commit().Advance(store.Id, StoreClock.Real, step, Sample.Now));
        (await ClaimedAsync(database, Sample.Now)).ShouldBe(["soon"]);
        // The one that is being made keeps its lease when the clock is moved again; the other one is due.
        var clock = await database.TestClocks.FindAsync(store.Id, default);
        var next = new ClockStep(Sample.Now, TimeSpan.FromHours(2));
        await DoneAsync(database, new Commit().Advance(store.Id, clock, next, Sample.Now));
        (await ClaimedAsync(database, Sample.Now)).ShouldBe(["far"]);
    }

    [Theory, OnBoth]
    public async Task Movement_waits_for_its_time_and_one_that_comes_again_stands_in_its_block_alone(string provider)
    {
        await using var test = await CreateAsync(provider);
        var database = await test.OpenAsync();
        var sandbox = database.Sandbox;
        SandboxTransfer Sent(string hash) => new(Sample.Ethereum, hash, 0, "c", 5, "f", "t", false, null);
        var usual = Sent("usual");
        var waits = Sent("waits") with { NotBefore = Later };
        var leaves = Sent("leaves") with { ComesAgain = TimeSpan.FromSeconds(6) };
        await sandbox.AddPendingAsync([usual, waits, leaves], default);
        (await sandbox.ListPendingAsync(Sample.Ethereum, default)).ShouldBe([usual, waits, leaves]);

        (await sandbox.MineAsync(Sample.Ethereum, 5, Sample.Now, default)).ShouldBe(1);
        (await HashesAsync(sandbox, 5)).ShouldBe(["leaves"]);
        (await sandbox.LeaveAsync(Sample.Ethereum, 4, Sample.Now, default)).ShouldBeNull();
        (await sandbox.LeaveAsync(Sample.Ethereum, 5, Sample.Now, default)).ShouldBe(5);
        (await sandbox.LeaveAsync(Sample.Ethereum, 9, Sample.Now, default)).ShouldBeNull();
        (await sandbox.ForksAsync(Sample.Ethereum, default)).ShouldBe([new SandboxFork(Sample.Ethereum, 5, 1)]);

        (await sandbox.MineAsync(Sample.Ethereum, 5, Sample.Now, default)).ShouldBe(1);
        (await HashesAsync(sandbox, 5)).ShouldBe(["usual"]);
        (await sandbox.MineAsync(Sample.Ethereum, 6, Sample.Now + TimeSpan.FromSeconds(5.9), default)).ShouldBe(0);
        (await sandbox.MineAsync(Sample.Ethereum, 7, Sample.Now + TimeSpan.FromSeconds(6), default)).ShouldBe(1);
        (await HashesAsync(sandbox, 7)).ShouldBe(["leaves"]);
        (await sandbox.MineAsync(Sample.Ethereum, 8, Later, default)).ShouldBe(1);
        (await HashesAsync(sandbox, 8)).ShouldBe(["waits"]);
    }

    [Theory, OnBoth]
    public async Task Trouble_is_one_stores_and_ends_and_a_new_one_takes_its_place(string provider)
    {
        await using var test = await CreateAsync(provider);
        var database = await test.OpenAsync();
        var (store, other) = (await Sample.StoreInAsync(database), await Sample.StoreInAsync(database));
        var outage = new SandboxTrouble(store.Id, Sample.Ethereum, TroubleKind.Outage, Sample.Now, Later, 7);
        await database.Sandbox.PutAsync(outage, default);
        (await database.Sandbox.TroublesAsync(store.Id, Sample.Now, default)).ShouldBe([outage]);
        (await database.Sandbox.TroublesAsync(other.Id, Sample.Now, default)).ShouldBeEmpty();
        (await database.Sandbox.TroublesAsync(store.Id, Later, default)).ShouldBeEmpty();
        var slow = outage with { Kind = TroubleKind.Slow, Until = Later + TimeSpan.FromSeconds(1), Height = 9 };
        await database.Sandbox.PutAsync(slow, default);
        (await database.Sandbox.TroublesAsync(store.Id, Later, default)).ShouldBe([slow]);
    }

    [Theory, OnBoth]
    public async Task The_addresses_that_both_evm_networks_share_begin_where_neither_has_issued_one(string provider)
    {
        await using var test = await CreateAsync(provider);
        var old = await test.OpenAsync(new Seams { LastMigration = 3 });
        await old.Addresses.ReserveIndexesAsync("sandbox:ethereum", 64, 0, default);
        await old.Addresses.ReserveIndexesAsync("sandbox:bsc", 192, 0, default);
        await test.CloseAsync();
        var upgraded = await test.OpenAsync();
        (await upgraded.Addresses.ReserveIndexesAsync("sandbox:evm", 64, 0, default)).ShouldBe(192);
        (await upgraded.Addresses.ReserveIndexesAsync("sandbox:tron", 64, 0, default)).ShouldBe(0);
    }

    private static async Task<IEnumerable<string>> ClaimedAsync(Database database, Instant at) =>
        (await database.Jobs.ClaimAnyAsync("b", at, 10)).Select(j => j.Subject);

    private static async Task<IEnumerable<string>> HashesAsync(SandboxTable sandbox, long height) =>
        (await sandbox.ListAtAsync(Sample.Ethereum, height, default)).Select(t => t.TransactionHash);
}
