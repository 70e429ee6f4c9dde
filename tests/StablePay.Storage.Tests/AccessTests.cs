using System.Text;

namespace StablePay.Storage.Tests;

public sealed class AccessTests(TestCluster cluster) : StorageTest(cluster)
{
    [Theory, OnBoth]
    public async Task Key_is_found_with_its_store_and_merchant(string provider)
    {
        await using var test = await CreateAsync(provider);
        var database = await test.OpenAsync();
        (await database.Access.AnyMerchantAsync(default)).ShouldBeFalse();
        var merchant = Sample.Merchant();
        var store = Sample.Store(merchant.Id) with { Status = StoreStatus.Pending, ToleranceBasisPoints = 1000 };
        var key = new ApiKey(
            "sk_test_abc",
            store.Id,
            false,
            Permissions.SessionsRead | Permissions.WebhooksWrite,
            ["new", "old"],
            ["10.0.0.0/8", "::1"],
            Sample.Now,
            null
        );
        await DoneAsync(database, new Commit().Insert(merchant).Insert(store).Insert(key));

        var found = (await database.Access.FindKeyAsync(key.Key, default))!.Value;
        found.Key.ShouldBeSameAs(key);
        found.Store.ShouldBe(store);
        found.Merchant.ShouldBe(merchant);
        (await database.Access.FindStoreAsync(store.Id, default)).ShouldBe(store);
        (await database.Access.FindMerchantAsync(merchant.Id, default)).ShouldBe(merchant);
        (await database.Access.AnyMerchantAsync(default)).ShouldBeTrue();
        (await database.Access.FindKeyAsync("sk_test_ab", default)).ShouldBeNull();
        (await database.Access.FindKeyAsync("SK_TEST_ABC", default)).ShouldBeNull();

        await DoneAsync(database, new Commit().Update(key with { RevokedAt = Sample.Now, SealedSecrets = ["new"] }));
        await DoneAsync(database, new Commit().Update(key with { RevokedAt = null }));
        (await database.Access.FindKeyAsync(key.Key, default))!.Value.Key.RevokedAt.ShouldBe(Sample.Now);
    }

    [Heavy]
    [Theory, OnBoth]
    public async Task API_01_nonce_is_spent_once_when_a_hundred_requests_race(string provider)
    {
        await using var test = await CreateAsync(provider);
        var first = await test.OpenAsync();
        List<Database> nodes = test.IsSqlite ? [first] : [first, await test.OpenAsync()];
        for (var round = 0; round < 5; round++)
        {
            var nonce = new NonceClaim("key", $"n{round}", Sample.Now + TimeSpan.FromMinutes(round));
            var results = await Task.WhenAll(
                Enumerable
                    .Range(0, 100)
                    .Select(i =>
                        Task.Run(() =>
                            RunAsync(nodes[i % nodes.Count], new Commit().Insert(Sample.Session()).Spend(nonce))
                        )
                    )
            );
            results.Count(r => r.IsDone).ShouldBe(1);
        }
        (await test.AskAsync("select count(*) from checkout_sessions")).ShouldBe("5");
        (await first.Nonces.PruneAsync(Sample.Now + TimeSpan.FromMinutes(2), default)).ShouldBe(3);
        (await RunAsync(first, new Commit().Spend(new NonceClaim("key", "n4", Sample.Now)))).IsDone.ShouldBeFalse();
        await DoneAsync(first, new Commit().Spend(new NonceClaim("key", "n0", Sample.Now)));
    }

    [Heavy]
    [Theory, OnBoth]
    public async Task Idempotent_request_runs_once_when_a_hundred_race_and_is_taken_over_once_when_its_run_died(
        string provider
    )
    {
        await using var test = await CreateAsync(provider);
        var first = await test.OpenAsync();
        List<Database> nodes = test.IsSqlite ? [first] : [first, await test.OpenAsync()];
        IdempotencyClaim Claim(string owner) =>
            new("key", "order-7", "hash", owner, Sample.Now, Sample.Now + TimeSpan.FromDays(1));

        var results = await Task.WhenAll(
            Enumerable
                .Range(0, 100)
                .Select(i =>
                    Task.Run(async () =>
                        (
                            Owner: $"o{i}",
                            Result: await RunAsync(nodes[i % nodes.Count], new Commit().Claim(Claim($"o{i}")))
                        )
                    )
                )
        );
        var winner = results.Single(r => r.Result.IsDone).Owner;
        var running = (await first.Idempotency.FindAsync("key", "order-7", default))!;
        running.ShouldBeSameAs(new IdempotencyRecord("hash", false, 0, [], Sample.Now));

        var early = new Instant(Sample.Now.UnixMs - 1);
        (
            await first.Idempotency.TakeOverAsync(Claim("x") with { RequestHash = "other" }, Sample.Now, default)
        ).ShouldBeFalse();
        (await first.Idempotency.TakeOverAsync(Claim("x"), early, default)).ShouldBeFalse();
        var until = Sample.Now + TimeSpan.FromSeconds(30);
        var takers = await Task.WhenAll(
            Enumerable
                .Range(0, 20)
                .Select(i =>
                    Task.Run(async () =>
                        (
                            Owner: $"t{i}",
                            Took: await nodes[i % nodes.Count]
                                .Idempotency.TakeOverAsync(
                                    Claim($"t{i}") with
                                    {
                                        RunningUntil = until,
                                    },
                                    Sample.Now,
                                    default
                                )
                        )
                    )
                )
        );
        var taker = takers.Single(t => t.Took).Owner;

        var session = Sample.Session();
        (await RunAsync(first, new Commit().Insert(session).Complete(Claim(winner), 201, "late"u8.ToArray()))).ShouldBe(
            new CommitResult.Stale("idempotency")
        );
        (await first.Sessions.FindAsync(session.Id, default)).ShouldBeNull();
        await DoneAsync(
            first,
            new Commit().Insert(session).Complete(Claim(taker), 201, Encoding.UTF8.GetBytes("{\"ok\":\"✓\"}"))
        );
        var done = (await first.Idempotency.FindAsync("key", "order-7", default))!;
        (done.IsDone, done.Status, Encoding.UTF8.GetString(done.Body)).ShouldBe((true, 201, "{\"ok\":\"✓\"}"));
        (await first.Idempotency.TakeOverAsync(Claim("y"), until, default)).ShouldBeFalse();
        (await RunAsync(first, new Commit().Complete(Claim(taker), 500, []))).IsDone.ShouldBeFalse();
        (await first.Idempotency.PruneAsync(Sample.Now, default)).ShouldBe(0);
        (await first.Idempotency.PruneAsync(Sample.Now + TimeSpan.FromDays(1), default)).ShouldBe(1);
        await DoneAsync(first, new Commit().Claim(Claim("z")));
        await first.Idempotency.ReleaseAsync(Claim("not z"), default);
        (await first.Idempotency.FindAsync("key", "order-7", default)).ShouldNotBeNull();
        await first.Idempotency.ReleaseAsync(Claim("z"), default);
        (await first.Idempotency.FindAsync("key", "order-7", default)).ShouldBeNull();
    }

    [Theory, OnBoth]
    public async Task Rates_read_back_as_saved_last(string provider)
    {
        await using var test = await CreateAsync(provider);
        var database = await test.OpenAsync();
        var rate = new StoredRate(
            "EUR",
            Rate.From(10842, 10000),
            "ecb",
            Sample.Now,
            Sample.Now + TimeSpan.FromHours(1),
            ""
        );
        await database.Rates.SaveAsync([rate, rate with { Currency = "VND", Rate = Rate.From(1, 26_000) }], default);
        await database.Rates.SaveAsync(rate with { Rate = Rate.From(11, 10), Detail = "{}" }, default);
        var all = await database.Rates.AllAsync(default);
        all.ShouldBe([
            rate with
            {
                Rate = Rate.From(11, 10),
                Detail = "{}",
            },
            rate with
            {
                Currency = "VND",
                Rate = Rate.From(1, 26_000),
            },
        ]);
    }
}
