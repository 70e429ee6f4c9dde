using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using StablePay.Engine.Events;
using StablePay.Engine.TestMode;
using StablePay.Engine.Webhooks;
using StablePay.Engine.Working;
using StablePay.Engine.Working.Handlers;
using StablePay.Storage;
using StablePay.Storage.Tests;

namespace StablePay.Engine.Tests.Webhooks;

/// <summary>From the commit to the receiver: the clock is the test's, receivers and database are real.</summary>
public sealed class DeliveryTests : DeliveryTest
{
    [Fact]
    public async Task WH_10_bytes_are_the_same_in_every_try_and_in_the_list_of_events()
    {
        await using var world = await World.CreateAsync(Clock);
        await using var receiver = new Receiver(Answers.Status(500));
        var endpoint = await world.AddEndpointAsync(receiver.Url);
        var id = await world.TellAsync();
        var runner = world.NewRunner(Sender);

        for (var i = 0; i < 4; i++)
        {
            await World.SettleAsync(runner);
            Clock.Advance(TimeSpan.FromMinutes(20));
        }
        receiver.Answer = Answers.Ok;
        await World.SettleAsync(runner);

        var tries = receiver.Requests.ToList();
        tries.Count.ShouldBe(5);
        var listed = await new ListEvents(world.Db).RunAsync(world.CallerOf(), 0, 10, default);
        var found = await new FindEvent(world.Db).RunAsync(world.CallerOf(), id, default);
        tries.ShouldAllBe(t => Encoding.UTF8.GetString(t.Body) == listed.Events.Single().Body);
        found.Value.Body.ShouldBe(listed.Events[0].Body);
        tries.Select(t => t.Headers["X-StablePay-Event-ID"]).Distinct().ShouldBe([id.Value]);
        tries.Select(t => t.Headers["webhook-id"]).Distinct().ShouldBe([id.Value]);
        tries.Select(t => t.Headers["X-StablePay-Nonce"]).ShouldBeUnique();
        tries.Select(t => t.Headers["X-StablePay-Signature"]).ShouldBeUnique();
        var delivery = (await world.DeliveriesOfAsync(endpoint)).Single();
        (delivery.State, delivery.Attempts, delivery.LastStatus).ShouldBe((DeliveryState.Delivered, 5, 200));
        (await world.Db.Jobs.CountAsync(default)).ShouldBe(new JobCounts(0, 1, 0));
    }

    [Fact]
    public async Task Test_endpoints_next_tries_come_when_its_stores_clock_is_moved_and_no_others()
    {
        await using var world = await World.CreateAsync(Clock);
        await using var receiver = new Receiver(Answers.Status(500));
        var endpoint = await world.AddEndpointAsync(receiver.Url);
        await world.TellAsync();
        var runner = world.NewRunner(Sender);
        await World.SettleAsync(runner);
        var clocks = new StoreClocks(world.Db, Clock);
        var move = new MoveTestClock(world.Db, clocks, new ChangeSignal());
        async Task MoveAsync(TimeSpan by)
        {
            (await move.RunAsync(world.CallerOf(), new ClockMove(by, null), _ => [], default)).IsOk.ShouldBeTrue();
            await World.SettleAsync(runner);
        }

        // The contract's schedule: 5 s, then 25 s, then 90 s after the try that failed, up to a fifth longer.
        await MoveAsync(TimeSpan.FromSeconds(4));
        receiver.Requests.Count.ShouldBe(1);
        await MoveAsync(TimeSpan.FromSeconds(3));
        receiver.Requests.Count.ShouldBe(2);
        await MoveAsync(TimeSpan.FromSeconds(31));
        receiver.Requests.Count.ShouldBe(3);
        await MoveAsync(TimeSpan.FromSeconds(60));
        receiver.Requests.Count.ShouldBe(3);
        // Without a move it goes on by itself, and what is signed is the real time.
        Clock.Advance(TimeSpan.FromSeconds(60));
        await World.SettleAsync(runner);
        receiver.Requests.Count.ShouldBe(4);
        receiver
            .Requests.Last()
            .Headers["X-StablePay-Timestamp"]
            .ShouldBe(world.Now.UnixSeconds.ToString(CultureInfo.InvariantCulture));
        // 76 hours after the event, by the clock, is the last try.
        await MoveAsync(TimeSpan.FromHours(77));
        var delivery = (await world.DeliveriesOfAsync(endpoint)).Single();
        (delivery.State, delivery.Attempts).ShouldBe((DeliveryState.Exhausted, 5));
    }

    [Fact]
    public async Task WH_13_body_is_the_object_as_the_same_commit_left_it()
    {
        await using var world = await World.CreateAsync(Clock);
        await using var receiver = new Receiver(Answers.Ok);
        await world.AddEndpointAsync(receiver.Url);
        var id = await world.TellAsync();

        await World.SettleAsync(world.NewRunner(Sender));

        var body = receiver.Requests.Single().Body;
        using var json = JsonDocument.Parse(body);
        var root = json.RootElement;
        root.EnumerateObject().Select(p => p.Name).ShouldBe(["id", "type", "created", "livemode", "sequence", "data"]);
        root.GetProperty("id").GetString().ShouldBe(id.Value);
        root.GetProperty("type").GetString().ShouldBe("payment.completed");
        root.GetProperty("created").GetInt64().ShouldBe(1_777_500_000);
        root.GetProperty("livemode").GetBoolean().ShouldBeFalse();
        root.GetProperty("sequence").GetInt64().ShouldBe(1);
        var data = root.GetProperty("data");
        data.GetProperty("payment_status").GetString().ShouldBe("paid");
        data.GetProperty("session_id").GetString().ShouldBe(data.GetProperty("id").GetString());
        data.GetProperty("payment_id").GetString().ShouldBe(data.GetProperty("id").GetString());
        data.GetProperty("transaction_hash").GetString().ShouldBe("hash of A-1");
        data.GetProperty("chain").GetString().ShouldBe("sandbox:ethereum");
        data.GetProperty("amount_received").GetInt64().ShouldBe(2599);
        data.GetProperty("version").GetInt64().ShouldBe(3);
        data.GetProperty("transfers")[0].GetProperty("status").GetString().ShouldBe("final");
    }

    [Fact]
    public async Task WH_12_event_that_fails_for_ever_blocks_no_later_one_and_holes_can_be_seen()
    {
        await using var world = await World.CreateAsync(Clock);
        var ids = new List<EventId>();
        await using var receiver = new Receiver(
            (request, connection, stopped) =>
                (request.Headers["X-StablePay-Event-ID"] == ids[0].Value ? Answers.Status(500) : Answers.Ok)(
                    request,
                    connection,
                    stopped
                )
        );
        var endpoint = await world.AddEndpointAsync(receiver.Url);
        for (var i = 0; i < 20; i++)
            ids.Add(await world.TellAsync());

        await World.SettleAsync(world.NewRunner(Sender));

        (await world.DeliveriesOfAsync(endpoint)).Count(d => d.State == DeliveryState.Delivered).ShouldBe(19);
        var got = receiver.Requests.Where(r => r.Headers["X-StablePay-Event-ID"] != ids[0].Value).ToList();
        got.Select(SequenceOf).Order().ShouldBe(Enumerable.Range(2, 19).Select(i => (long)i));
        var missed = await new ListEvents(world.Db).RunAsync(world.CallerOf(), 0, 1, default);
        (missed.Events.Single().Id, missed.HasMore).ShouldBe((ids[0], true));
        var rest = await new ListEvents(world.Db).RunAsync(world.CallerOf(), 1, 100, default);
        rest.HasMore.ShouldBeFalse();
        rest.Events.Select(e => e.Body).ShouldBe(got.OrderBy(SequenceOf).Select(r => Encoding.UTF8.GetString(r.Body)));
    }

    [Fact]
    public async Task WH_14_both_secrets_sign_a_delivery_while_rotating()
    {
        await using var world = await World.CreateAsync(Clock);
        await using var receiver = new Receiver(Answers.Ok);
        var id = await world.AddEndpointAsync(receiver.Url);
        var endpoint = (await world.Db.Endpoints.FindAsync(id, default))!;
        var old = EndpointSecrets.Open(world.Box, endpoint).Single();
        var fresh = SigningSecret.Make(world.Dice);
        var rotating = endpoint with
        {
            SealedSecrets = [EndpointSecrets.Seal(world.Box, id, fresh), .. endpoint.SealedSecrets],
            Version = 2,
        };
        (await world.Db.Commits.RunAsync(new Commit().Update(endpoint, rotating), default)).IsDone.ShouldBeTrue();
        await world.TellAsync();

        await World.SettleAsync(world.NewRunner(Sender));

        var got = receiver.Requests.Single();
        var (time, nonce) = (got.Headers["X-StablePay-Timestamp"], got.Headers["X-StablePay-Nonce"]);
        Signature
            .Verify(Encoding.UTF8.GetBytes(fresh), time, nonce, got.Body, got.Headers["X-StablePay-Signature"])
            .ShouldBeTrue();
        got.Headers["webhook-signature"]
            .Split(' ')
            .ShouldBe(
                new[] { fresh, old }.Select(s =>
                    Signature.SignStandard(
                        SigningSecret.StandardKey(s),
                        got.Headers["webhook-id"],
                        got.Headers["webhook-timestamp"],
                        got.Body
                    )
                )
            );
    }

    [Fact]
    public async Task WH_15_dead_endpoint_is_tried_on_the_schedule_for_76_hours_and_then_given_up_with_the_reason()
    {
        await using var world = await World.CreateAsync(Clock);
        var endpoint = await world.AddEndpointAsync(new("https://dead.example.com/"));
        var start = world.Now;
        await world.TellAsync();
        List<TimeSpan> tries = [];
        var runner = world.NewRunner(
            new FakeSender(_ =>
            {
                tries.Add(world.Now - start);
                return Task.FromResult(new DeliveryOutcome(null, "connection_refused"));
            })
        );

        while (await world.Db.Jobs.NextDueAsync(default) is { } next)
        {
            if (next > world.Now)
                Clock.Advance(next - world.Now);
            await World.SettleAsync(runner);
        }

        var plain = new[] { 0, 5, 30, 120, 600, 1_800, 3_600, 7_200, 14_400 }
            .Select(s => TimeSpan.FromSeconds(s))
            .ToList();
        for (var i = 0; i < plain.Count; i++)
            tries[i].ShouldBeInRange(plain[i], plain[i] * 1.2);
        for (var i = plain.Count; i < tries.Count - 1; i++)
            (tries[i] - tries[i - 1]).ShouldBeInRange(TimeSpan.FromHours(6), TimeSpan.FromHours(7.2));
        tries[^1].ShouldBe(TimeSpan.FromHours(76));
        var delivery = (await world.DeliveriesOfAsync(endpoint)).Single();
        (delivery.State, delivery.LastError, delivery.Attempts).ShouldBe(
            (DeliveryState.Exhausted, "connection_refused", tries.Count)
        );
        (await world.Db.Jobs.CountAsync(default)).ShouldBe(new JobCounts(0, 1, 0));
    }

    [Fact]
    public async Task WH_15_gone_disables_the_endpoint_and_gives_up_what_is_on_its_way()
    {
        await using var world = await World.CreateAsync(Clock);
        await using var receiver = new Receiver(Answers.Status(500));
        var endpoint = await world.AddEndpointAsync(receiver.Url);
        await world.TellAsync();
        var runner = world.NewRunner(Sender);
        await World.SettleAsync(runner);
        receiver.Answer = Answers.Status(410);
        await world.TellAsync();
        await World.SettleAsync(runner);

        (await world.Db.Endpoints.FindAsync(endpoint, default))!.Status.ShouldBe(EndpointStatus.Disabled);
        await world.TellAsync();
        Clock.Advance(TimeSpan.FromMinutes(1));
        await World.SettleAsync(runner);

        receiver.Requests.Count.ShouldBe(2, "a disabled endpoint gets nothing more");
        var ended = await world.DeliveriesOfAsync(endpoint);
        ended
            .Select(d => (d.State, d.LastStatus, d.LastError))
            .ShouldBe(
                [(DeliveryState.Exhausted, 410, "status"), (DeliveryState.Exhausted, 500, "endpoint_disabled")],
                ignoreOrder: true
            );
    }

    [Fact]
    public async Task Delivery_is_given_up_with_the_reason_when_its_endpoint_was_deleted()
    {
        await using var world = await World.CreateAsync(Clock);
        await using var receiver = new Receiver(Answers.Ok);
        var endpoint = await world.AddEndpointAsync(receiver.Url);
        await world.TellAsync();
        (await new DeleteEndpoint(world.Db).RunAsync(world.CallerOf(), endpoint, default)).IsOk.ShouldBeTrue();

        await World.SettleAsync(world.NewRunner(Sender));

        receiver.Connections.ShouldBe(0);
        var delivery = (await world.DeliveriesOfAsync(endpoint)).Single();
        (delivery.State, delivery.LastError).ShouldBe((DeliveryState.Exhausted, "endpoint_deleted"));
        (await world.Db.Endpoints.FindAsync(endpoint, default))!.SealedSecrets.ShouldBeEmpty();
    }

    [Fact]
    public async Task Event_goes_to_the_endpoints_that_want_it_and_to_no_other()
    {
        await using var world = await World.CreateAsync(Clock);
        await using var plain = new Receiver(Answers.Ok);
        await using var asking = new Receiver(Answers.Ok);
        await world.AddEndpointAsync(plain.Url);
        await world.AddEndpointAsync(asking.Url, "payment.underpaid");

        await world.TellAsync(EventType.PaymentUnderpaid);
        await world.TellAsync(EventType.PaymentCompleted);
        await World.SettleAsync(world.NewRunner(Sender));

        plain.Requests.Select(r => r.Headers["X-StablePay-Event-Type"]).ShouldBe(["payment.completed"]);
        asking.Requests.Select(r => r.Headers["X-StablePay-Event-Type"]).ShouldBe(["payment.underpaid"]);
    }

    [Fact]
    public async Task WH_16_line_breaks_in_what_a_merchant_or_payer_wrote_reach_no_header()
    {
        await using var world = await World.CreateAsync(Clock);
        await using var receiver = new Receiver(Answers.Ok);
        await world.AddEndpointAsync(receiver.Url);
        await world.TellAsync();

        await World.SettleAsync(world.NewRunner(Sender));

        var got = receiver.Requests.Single();
        got.Headers.Keys.ShouldNotContain("X-Injected");
        using var json = JsonDocument.Parse(got.Body);
        json.RootElement.GetProperty("type").GetString().ShouldBe("payment.completed");
    }

    [Fact]
    public async Task WH_05_url_that_the_policy_no_longer_allows_is_not_sent_to()
    {
        await using var world = await World.CreateAsync(Clock);
        await using var receiver = new Receiver(Answers.Ok);
        var endpoint = await world.AddEndpointAsync(receiver.Url);
        await world.TellAsync();
        var strict = new EgressGuard(EgressPolicy.Production);
        using var sender = new EgressSender(strict, EgressLimits.Default, TimeProvider.System);
        var runner = world.NewRunner([
            new DeliverWebhook(world.Db, sender, strict, world.Box, new StoreClocks(world.Db, world.Clock), world.Dice),
            .. Scripted.Only((_, _) => Task.FromResult(JobEnd.Done())).Where(h => h.Kind != JobKind.DeliverWebhook),
        ]);

        await World.SettleAsync(runner);

        receiver.Connections.ShouldBe(0);
        (await world.DeliveriesOfAsync(endpoint)).Single().LastError.ShouldBe("address_refused");
    }

    [Fact]
    public async Task Prune_job_is_kept_once_and_is_always_due_again()
    {
        await using var world = await World.CreateAsync(Clock);
        for (var i = 0; i < 2; i++)
        {
            var first = PruneExpired.First(world.Now);
            await world.Db.Commits.RunAsync(
                new Commit()
                    .Add(first, world.Ids.Next<JobId>(world.Now), world.Now)
                    .Spend(new NonceClaim("sk_test_1", $"nonce-{i}", world.Now + TimeSpan.FromSeconds(600))),
                default
            );
        }
        var runner = world.NewRunner(Sender);

        for (var i = 0; i < 3; i++)
        {
            await World.SettleAsync(runner);
            (await world.Db.Jobs.CountAsync(default)).ShouldBe(new JobCounts(1, 0, 0));
            (await world.Db.Jobs.NextDueAsync(default)).ShouldBe(world.Now + TimeSpan.FromMinutes(10));
            Clock.Advance(TimeSpan.FromMinutes(10));
        }

        // The nonces are free again, so they had been removed.
        (
            await world.Db.Commits.RunAsync(
                new Commit().Spend(new NonceClaim("sk_test_1", "nonce-0", world.Now)),
                default
            )
        ).IsDone.ShouldBeTrue();
    }

    private static long SequenceOf(Received request)
    {
        using var json = JsonDocument.Parse(request.Body);
        return json.RootElement.GetProperty("sequence").GetInt64();
    }
}
