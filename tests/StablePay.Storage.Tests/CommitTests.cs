namespace StablePay.Storage.Tests;

public sealed class CommitTests(TestCluster cluster) : StorageTest(cluster)
{
    [Theory, OnBoth]
    public async Task Each_conflict_has_its_name_when_a_fact_exists_already(string provider)
    {
        await using var test = await CreateAsync(provider);
        var database = await test.OpenAsync();
        var store = await Sample.StoreInAsync(database);
        var session = Sample.Session(store.Id);
        var transfer = Sample.Transfer(session);
        var address = new DepositAddress(Sample.Ethereum, "sandbox1a", session.Id, store.Id, 7, Sample.Now);
        var nonce = new NonceClaim("sk_test_1", "n-1", Sample.Now);
        var claim = new IdempotencyClaim("sk_test_1", "k", "hash", "me", Sample.Now, Sample.Now);
        var entry = Chart.TransferFinal(transfer, Sample.Now);
        var happened = Sample.Event(store.Id);
        var endpoint = Sample.Endpoint(store.Id);
        var key = new ApiKey("sk_test_1", store.Id, false, Permissions.All, ["s"], [], Sample.Now, null);
        await DoneAsync(
            database,
            new Commit()
                .Insert(session)
                .Insert(transfer)
                .Insert(address)
                .Spend(nonce)
                .Claim(claim)
                .Add(entry)
                .Add(happened)
                .Insert(endpoint)
                .Insert(key)
        );

        async Task Conflicts(Commit commit, CommitResult expected) =>
            (await RunAsync(database, commit)).ShouldBe(expected);
        static CommitResult Duplicate(string what) => new CommitResult.Duplicate(what);

        await Conflicts(new Commit().Insert(session with { Id = Sample.Id<SessionId>() }), Duplicate("order_id"));
        await Conflicts(new Commit().Insert(transfer with { Id = Sample.Id<TransferId>() }), Duplicate("transfer"));
        await Conflicts(new Commit().Insert(address with { Index = 8 }), Duplicate("address"));
        await Conflicts(new Commit().Insert(address with { Address = "sandbox1b" }), Duplicate("address"));
        await Conflicts(new Commit().Spend(nonce), Duplicate("nonce"));
        await Conflicts(new Commit().Claim(claim with { Owner = "other" }), Duplicate("idempotency"));
        await Conflicts(
            new Commit().Add(Chart.TransferFinal(transfer, Sample.Now + TimeSpan.FromDays(1))),
            Duplicate("ledger")
        );
        await Conflicts(new Commit().Add(happened), Duplicate("event"));
        await Conflicts(new Commit().Insert(endpoint), Duplicate("endpoint"));
        await Conflicts(new Commit().Insert(store), Duplicate("store"));
        await Conflicts(new Commit().Insert(key), Duplicate("api_key"));
        await Conflicts(
            new Commit().Complete(claim with { Owner = "other" }, 200, []),
            new CommitResult.Stale("idempotency")
        );
        await Conflicts(new Commit().Guard(new LeaseGrip("none", "me", 1)), new CommitResult.Stale("lease"));
        await Conflicts(new Commit().Add(Sample.Event(Sample.Id<StoreId>())), new CommitResult.Stale("store"));

        // The same nonce of another key is another nonce, and a used key may be updated.
        await DoneAsync(
            database,
            new Commit().Spend(nonce with { KeyId = "sk_test_2" }).Update(key with { RevokedAt = Sample.Now })
        );
        (await database.Access.FindKeyAsync("sk_test_1", default))!.Value.Key.RevokedAt.ShouldBe(Sample.Now);
        (await database.Events.ListAsync(store.Id, false, 0, 10, default)).Single().Sequence.ShouldBe(1);
    }

    [Heavy]
    [Theory, OnBoth]
    public async Task Refused_commits_fall_out_alone_when_their_group_has_good_ones(string provider)
    {
        await using var test = await CreateAsync(provider);
        var database = await test.OpenAsync();
        var store = await Sample.StoreInAsync(database);
        var spent = new NonceClaim("key", "spent", Sample.Now);
        await DoneAsync(database, new Commit().Spend(spent));

        List<(Task<CommitResult> Answer, CheckoutSession Session, bool Good)> running = [];
        for (var i = 0; i < 300; i++)
        {
            var (good, session) = (i % 7 != 3, Sample.Session(store.Id));
            // The bad ones write first and are refused last, so that falling out has to undo something.
            var commit = new Commit()
                .Insert(session)
                .Add(Sample.Event(store.Id))
                .Spend(good ? spent with { Nonce = $"n{i}" } : spent);
            running.Add((RunAsync(database, commit), session, good));
        }
        foreach (var (answer, session, good) in running)
        {
            (await answer).ShouldBe(good ? CommitResult.Done.Instance : new CommitResult.Duplicate("nonce"));
            ((await database.Sessions.FindAsync(session.Id, default)) is not null).ShouldBe(good);
        }
        var events = await database.Events.ListAsync(store.Id, false, 0, 1000, default);
        events.Select(e => e.Sequence).ShouldBe(Enumerable.Range(1, running.Count(r => r.Good)).Select(i => (long)i));
    }

    [Theory, OnBoth]
    public async Task Impossible_row_is_refused_by_the_schema_and_disturbs_no_neighbour(string provider)
    {
        await using var test = await CreateAsync(provider);
        var database = await test.OpenAsync();
        var good = Enumerable.Range(0, 20).Select(_ => Sample.Session()).ToList();
        var bad = Sample.Session() with { State = SessionState.Paid, PaidAt = null };
        var running = good.Take(10).Select(s => RunAsync(database, new Commit().Insert(s))).ToList();
        var refused = RunAsync(database, new Commit().Insert(Sample.Session()).Insert(bad));
        running.AddRange(good.Skip(10).Select(s => RunAsync(database, new Commit().Insert(s))));

        await Should.ThrowAsync<InvariantBrokenException>(refused);
        (await Task.WhenAll(running)).ShouldAllBe(r => r.IsDone);
        (await test.AskAsync("select count(*) from checkout_sessions")).ShouldBe("20");
    }

    [Heavy]
    [Theory, OnBoth]
    public async Task Many_commits_share_few_transactions_when_they_arrive_together(string provider)
    {
        await using var test = await CreateAsync(provider);
        var database = await test.OpenAsync();
        var store = await Sample.StoreInAsync(database);
        var before = database.Commits.Transactions;
        var results = await Task.WhenAll(
            Enumerable
                .Range(0, 2000)
                .Select(i =>
                    RunAsync(
                        database,
                        new Commit().Insert(Sample.Session(store.Id)).Spend(new NonceClaim("k", $"{i}", Sample.Now))
                    )
                )
        );
        results.ShouldAllBe(r => r.IsDone);
        (database.Commits.Transactions - before).ShouldBeLessThan(200);
        (await test.AskAsync("select count(*) from nonces")).ShouldBe("2000");
    }

    [Theory, OnBoth]
    public async Task Commit_that_nobody_waits_for_any_more_is_not_written(string provider)
    {
        await using var test = await CreateAsync(provider);
        var database = await test.OpenAsync();
        using var gone = new CancellationTokenSource();
        await gone.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(
            database.Commits.RunAsync(new Commit().Insert(Sample.Session()), gone.Token)
        );
        await DoneAsync(database, new Commit().Insert(Sample.Session()));
        (await test.AskAsync("select count(*) from checkout_sessions")).ShouldBe("1");
    }

    [Heavy]
    [Theory, OnBoth]
    public async Task Stale_writers_lose_to_exactly_one_winner_when_they_race(string provider)
    {
        await using var test = await CreateAsync(provider);
        List<Database> nodes = [await test.OpenAsync()];
        if (!test.IsSqlite)
            nodes.AddRange([await test.OpenAsync(), await test.OpenAsync()]);
        var session = Sample.Session();
        await DoneAsync(nodes[0], new Commit().Insert(session));
        for (var round = 0; round < 20; round++)
        {
            var next = session with { UnattributedTransfers = round, Version = session.Version + 1 };
            var results = await Task.WhenAll(
                Enumerable
                    .Range(0, 24)
                    .Select(i => Task.Run(() => RunAsync(nodes[i % nodes.Count], new Commit().Update(session, next))))
            );
            results.Count(r => r.IsDone).ShouldBe(1);
            results.Where(r => !r.IsDone).ShouldAllBe(r => r == new CommitResult.Stale(session.Id.Value));
            session = next;
        }
    }

    [Fact]
    public async Task In_memory_database_completes_on_the_callers_thread()
    {
        var opening = Database.OpenAsync(new DatabaseOptions("sqlite", ":memory:"), TimeProvider.System, default);
        opening.IsCompletedSuccessfully.ShouldBeTrue();
        await using var database = await opening;
        var session = Sample.Session();
        var writing = RunAsync(database, Sample.AddTo(new Commit().Insert(session), Sample.Draft()));
        writing.IsCompletedSuccessfully.ShouldBeTrue();
        database.Sessions.FindAsync(session.Id, default).IsCompletedSuccessfully.ShouldBeTrue();
        database.Jobs.ClaimAsync("me", Sample.Now, [new("", 5)], default).IsCompletedSuccessfully.ShouldBeTrue();
        var refused = RunAsync(database, new Commit().Insert(session));
        refused.IsCompletedSuccessfully.ShouldBeTrue();
        (await refused).ShouldBe(new CommitResult.Duplicate("order_id"));
    }
}
