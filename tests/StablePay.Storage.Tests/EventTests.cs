using System.Text.Json;

namespace StablePay.Storage.Tests;

public sealed class EventTests(TestCluster cluster) : StorageTest(cluster)
{
    [Heavy]
    [Theory, OnBoth]
    public async Task E3_sequence_has_no_hole_and_no_repeat_when_commits_race_and_some_are_refused(string provider)
    {
        await using var test = await CreateAsync(provider);
        var first = await test.OpenAsync();
        List<Database> nodes = test.IsSqlite ? [first] : [first, await test.OpenAsync(), await test.OpenAsync()];
        List<Store> stores =
        [
            await Sample.StoreInAsync(first),
            await Sample.StoreInAsync(first),
            await Sample.StoreInAsync(first),
        ];
        await DoneAsync(first, new Commit().Spend(new NonceClaim("k", "spent", Sample.Now)));

        var results = await Task.WhenAll(
            Enumerable
                .Range(0, 600)
                .Select(i =>
                    Task.Run(async () =>
                    {
                        var commit = new Commit().Add(Sample.Event(stores[i % 3].Id, live: i % 2 == 0));
                        if (i % 5 == 0)
                            commit.Add(Sample.Event(stores[(i + 1) % 3].Id, live: i % 2 == 0));
                        if (i % 11 == 0)
                            commit.Insert(Sample.Session()).Spend(new NonceClaim("k", "spent", Sample.Now));
                        return (await RunAsync(nodes[i % nodes.Count], commit)).IsDone;
                    })
                )
        );

        results.Count(done => !done).ShouldBe(55);
        foreach (var store in stores)
        {
            foreach (var live in (bool[])[true, false])
            {
                var events = await first.Events.ListAsync(store.Id, live, 0, 1000, default);
                events.Count.ShouldBeGreaterThan(80);
                events.Select(e => e.Sequence).ShouldBe(Enumerable.Range(1, events.Count).Select(i => (long)i));
                foreach (var stored in events)
                {
                    using var body = JsonDocument.Parse(stored.Body);
                    body.RootElement.GetProperty("sequence").GetInt64().ShouldBe(stored.Sequence);
                }
                (await first.Events.ListAsync(store.Id, live, 10, 5, default))
                    .Select(e => e.Sequence)
                    .ShouldBe([11, 12, 13, 14, 15]);
            }
        }
    }

    [Theory, OnBoth]
    public async Task Event_reads_back_with_its_bytes_only_for_its_store_and_mode(string provider)
    {
        await using var test = await CreateAsync(provider);
        var database = await test.OpenAsync();
        var store = await Sample.StoreInAsync(database);
        var happened = Sample.Event(store.Id) with { BodyHead = """{"名":"ü\u0000","n":""", BodyTail = " , \"x\":1 }" };
        await DoneAsync(database, new Commit().Add(happened));
        var stored = (await database.Events.FindAsync(store.Id, false, happened.Id, default))!;
        stored.ShouldBe(
            new StoredEvent(
                happened.Id,
                store.Id,
                false,
                "payment.completed",
                1,
                happened.ObjectId,
                3,
                Sample.Now,
                """{"名":"ü\u0000","n":1 , "x":1 }"""
            )
        );
        (await database.Events.BodyAsync(happened.Id, default)).ShouldBe(stored.Body);
        (await database.Events.FindAsync(store.Id, true, happened.Id, default)).ShouldBeNull();
        (await database.Events.FindAsync(Sample.Id<StoreId>(), false, happened.Id, default)).ShouldBeNull();
        (await database.Events.BodyAsync(Sample.Id<EventId>(), default)).ShouldBeNull();
    }

    [Theory, OnBoth]
    public async Task Event_is_delivered_to_every_endpoint_that_wants_it_and_to_no_other(string provider)
    {
        await using var test = await CreateAsync(provider);
        var database = await test.OpenAsync();
        var (store, other) = (await Sample.StoreInAsync(database), await Sample.StoreInAsync(database));
        var documented = Sample.Endpoint(store.Id);
        var named = Sample.Endpoint(store.Id, "payment.underpaid", "payment.paid_late", "payment.completed");
        var one = Sample.Endpoint(store.Id, "payment.paid_late");
        WebhookEndpoint[] all =
        [
            documented,
            named,
            one,
            Sample.Endpoint(other.Id),
            Sample.Endpoint(store.Id) with
            {
                Live = true,
            },
            Sample.Endpoint(store.Id) with
            {
                Status = EndpointStatus.Disabled,
            },
            Sample.Endpoint(store.Id) with
            {
                Status = EndpointStatus.Deleted,
            },
        ];
        await DoneAsync(database, all.Aggregate(new Commit(), (c, e) => c.Insert(e)));

        foreach (var type in EventType.All)
        {
            var happened = Sample.Event(store.Id, type);
            await DoneAsync(database, new Commit().Add(happened));
            var wanting = all.Take(3).Where(e => e.Wants(type)).ToList();
            foreach (var endpoint in all)
            {
                var deliveries = (await database.Deliveries.ListByEndpointAsync(endpoint.Id, null, 100, default))
                    .Where(d => d.Event == happened.Id)
                    .ToList();
                deliveries.Count.ShouldBe(
                    wanting.Contains(endpoint) ? 1 : 0,
                    $"{type} to {Array.IndexOf(all, endpoint)}"
                );
                if (deliveries.Count == 1)
                {
                    deliveries[0]
                        .ShouldBe(
                            new Delivery(
                                deliveries[0].Id,
                                happened.Id,
                                endpoint.Id,
                                DeliveryState.Pending,
                                0,
                                null,
                                null,
                                Sample.Now,
                                null,
                                1
                            )
                        );
                    deliveries[0].Id.Value.Length.ShouldBe(DeliveryId.Prefix.Length + IdSource.TailLength);
                }
            }
        }
        var jobs = await database.Jobs.ClaimAnyAsync("w", Sample.Now, 100);
        jobs.Count.ShouldBe(4 + 3 + 1);
        foreach (var job in jobs)
        {
            job.Kind.ShouldBe(JobKind.DeliverWebhook);
            (await database.Deliveries.FindAsync(new DeliveryId(job.Subject), default))!.Endpoint.Value.ShouldBe(
                job.Lane
            );
        }
    }

    [Theory, OnBoth]
    public async Task Endpoints_and_deliveries_read_back_and_refuse_stale_writers(string provider)
    {
        await using var test = await CreateAsync(provider);
        var database = await test.OpenAsync();
        var store = await Sample.StoreInAsync(database);
        var endpoint = Sample.Endpoint(store.Id, "payment.failed", "payment.expired") with { Description = "d" };
        var deleted = Sample.Endpoint(store.Id) with { Status = EndpointStatus.Deleted };
        await DoneAsync(database, new Commit().Insert(endpoint).Insert(deleted));
        (await database.Endpoints.FindAsync(endpoint.Id, default)).ShouldBeSameAs(endpoint);
        var changed = endpoint with
        {
            Url = "http://127.0.0.1:1/",
            Events = [],
            Description = null,
            SealedSecrets = ["b", "a"],
            Status = EndpointStatus.Disabled,
            Version = 2,
        };
        await DoneAsync(database, new Commit().Update(endpoint, changed));
        (await RunAsync(database, new Commit().Update(endpoint, changed))).ShouldBe(
            new CommitResult.Stale(endpoint.Id.Value)
        );
        (await database.Endpoints.ListAsync(store.Id, false, null, 10, default)).ShouldBeSameAs([changed]);
        (await database.Endpoints.ListAsync(store.Id, false, endpoint.Id, 10, default)).ShouldBeEmpty();
        (await database.Endpoints.ListAsync(store.Id, true, null, 10, default)).ShouldBeEmpty();

        var delivery = new Delivery(
            Sample.Id<DeliveryId>(),
            Sample.Id<EventId>(),
            endpoint.Id,
            DeliveryState.Pending,
            0,
            null,
            null,
            Sample.Now,
            null,
            1
        );
        await DoneAsync(database, new Commit().Insert(delivery));
        var tried = delivery with
        {
            State = DeliveryState.Exhausted,
            Attempts = 3,
            LastStatus = 503,
            LastError = "status",
            FinishedAt = Sample.Now,
            Version = 2,
        };
        await DoneAsync(database, new Commit().Update(delivery, tried));
        (await RunAsync(database, new Commit().Update(delivery, tried))).ShouldBe(
            new CommitResult.Stale(delivery.Id.Value)
        );
        (await database.Deliveries.FindAsync(delivery.Id, default)).ShouldBe(tried);
    }
}
