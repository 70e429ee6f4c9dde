using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using StablePay.Engine.Events;
using StablePay.Engine.Webhooks;
using StablePay.Engine.Working;
using StablePay.Engine.Working.Handlers;
using StablePay.Storage;
using StablePay.Storage.Tests;

namespace StablePay.Engine.Tests.Webhooks;

/// <summary>WH-11: the program or the receiver dies between any two steps, and every event still arrives.</summary>
public sealed class DeliveryCrashTests(TestCluster cluster) : DeliveryTest
{
    [Theory, OnBoth]
    public async Task WH_11_event_is_delivered_when_the_program_died_between_commit_and_delivery(string provider)
    {
        await using var world = await World.CreateAsync(Clock, provider, cluster);
        await using var receiver = new Receiver(Answers.Ok);
        await world.AddEndpointAsync(receiver.Url);
        await world.TellAsync();

        await world.ReopenAsync();
        await World.SettleAsync(world.NewRunner(Sender, owner: "after the restart"));

        receiver.Requests.Count.ShouldBe(1);
        (await world.Db.Jobs.CountAsync(default)).ShouldBe(new JobCounts(0, 1, 0));
    }

    [Theory, OnBoth]
    public async Task WH_11_event_is_delivered_when_the_program_died_after_the_claim(string provider)
    {
        await using var world = await World.CreateAsync(Clock, provider, cluster);
        await using var receiver = new Receiver(Answers.Ok);
        var endpoint = await world.AddEndpointAsync(receiver.Url);
        await world.TellAsync();
        (await world.Db.Jobs.ClaimAsync("dead process", world.Now, [new(endpoint.Value, 1)], default)).Count.ShouldBe(
            1
        );

        await world.ReopenAsync();
        var runner = world.NewRunner(Sender, owner: "after the restart");
        await World.SettleAsync(runner);
        receiver.Requests.ShouldBeEmpty("the dead process may still hold it");
        Clock.Advance(JobKind.DeliverWebhook.Lease);
        await World.SettleAsync(runner);

        receiver.Requests.Count.ShouldBe(1);
        (await world.DeliveriesOfAsync(endpoint)).Single().State.ShouldBe(DeliveryState.Delivered);
    }

    [Fact]
    public async Task WH_11_event_is_delivered_again_when_the_program_died_between_the_answer_and_its_commit()
    {
        await using var world = await World.CreateAsync(Clock);
        await using var receiver = new Receiver(Answers.Ok);
        var endpoint = await world.AddEndpointAsync(receiver.Url);
        await world.TellAsync();
        var died = new TaskCompletionSource<DeliveryOutcome>();
        var dying = world.NewRunner(
            new FakeSender(async request =>
            {
                await Sender.SendAsync(request, default);
                return await died.Task;
            }),
            owner: "dying",
            onFault: (_, _) => { }
        );
        await dying.StepAsync(default);
        await Poll.UntilAsync(() => receiver.Requests.Count == 1);

        Clock.Advance(JobKind.DeliverWebhook.Lease);
        await World.SettleAsync(world.NewRunner(Sender, owner: "next"));
        died.SetResult(new DeliveryOutcome(200, null));
        await dying.DrainAsync();

        receiver.Requests.Count.ShouldBe(2);
        receiver.Requests.Select(r => r.Headers["X-StablePay-Event-ID"]).Distinct().Count().ShouldBe(1);
        var delivery = (await world.DeliveriesOfAsync(endpoint)).Single();
        (delivery.State, delivery.Attempts).ShouldBe((DeliveryState.Delivered, 1));
    }

    [Fact]
    public async Task Receiver_that_dies_and_comes_back_gets_everything()
    {
        await using var world = await World.CreateAsync(Clock);
        var receiver = new Receiver(Answers.Ok);
        var endpoint = await world.AddEndpointAsync(receiver.Url);
        var runner = world.NewRunner(Sender);
        await world.TellAsync();
        await World.SettleAsync(runner);
        await receiver.DisposeAsync();
        for (var i = 0; i < 10; i++)
            await world.TellAsync();
        await World.SettleAsync(runner);
        (await world.DeliveriesOfAsync(endpoint)).Count(d => d.State == DeliveryState.Pending).ShouldBe(10);

        await using var again = new Receiver(Answers.Ok, receiver.Port);
        Clock.Advance(TimeSpan.FromSeconds(6));
        await World.SettleAsync(runner);

        again.Requests.Count.ShouldBe(10);
        (await world.DeliveriesOfAsync(endpoint)).ShouldAllBe(d => d.State == DeliveryState.Delivered);
    }
}
