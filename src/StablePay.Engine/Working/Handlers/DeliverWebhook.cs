using System.Text;
using StablePay.Chains.Keys;
using StablePay.Core.Webhooks;
using StablePay.Engine.TestMode;
using StablePay.Engine.Webhooks;
using StablePay.Storage;

namespace StablePay.Engine.Working.Handlers;

/// <summary>
/// One try to deliver one event to one endpoint. The subject of the job is the delivery, its lane the endpoint; the
/// same job comes again for every try of the schedule, which goes by the store's clock; what is signed is the real
/// time.
/// </summary>
public sealed class DeliverWebhook(
    Database db,
    IHttpSender sender,
    EgressGuard guard,
    SecretBox box,
    StoreClocks clocks,
    Dice dice
) : IJobHandler
{
    public JobKind Kind => JobKind.DeliverWebhook;

    public async Task<JobEnd> RunAsync(Job job, CancellationToken ct)
    {
        var delivery = await db.Deliveries.FindAsync(DeliveryId.From(job.Subject), ct);
        if (delivery is not { State: DeliveryState.Pending })
            return JobEnd.Done();
        var endpoint = await db.Endpoints.FindAsync(delivery.Endpoint, ct);
        if (endpoint is not { Status: EndpointStatus.Enabled })
            return await GiveUpAsync(delivery, endpoint, ct);
        var told = await db.Events.FindAsync(endpoint.Store, endpoint.Live, delivery.Event, ct);
        Invariant.Holds(told is not null, "a delivery's event exists");

        var outcome = await TryAsync(endpoint, told, ct);
        // Read after the try, which may have taken long enough for the clock to be moved meanwhile.
        var clock = await clocks.OfAsync(endpoint.Store, endpoint.Live, ct);
        var decision = DeliveryMachine.Decide(delivery, outcome, clock.At(clocks.Now), dice);
        if (decision.DisableEndpoint)
            await DisableAsync(endpoint.Id, ct);
        var writes = new Commit().Update(delivery, decision.Next);
        return decision.RetryAt is { } retryAt
            ? JobEnd.Again(clock.RealOf(retryAt), decision.Next.LastError, writes)
            : JobEnd.Done(writes);
    }

    private async Task<DeliveryOutcome> TryAsync(WebhookEndpoint endpoint, StoredEvent told, CancellationToken ct)
    {
        // Asked again at every try: the policy may have become stricter since the URL was saved.
        var url = guard.CheckUrl(endpoint.Url, endpoint.Live);
        if (!url.IsOk)
            return new(null, "address_refused");
        var body = Encoding.UTF8.GetBytes(told.Body);
        var secrets = EndpointSecrets.Open(box, endpoint);
        var headers = DeliveryHeaders.Sign(told.Type, told.Id, body, secrets, clocks.Now, dice);
        return await sender.SendAsync(new WebhookRequest(url.Value, endpoint.Live, headers, body), ct);
    }

    private async Task<JobEnd> GiveUpAsync(Delivery delivery, WebhookEndpoint? endpoint, CancellationToken ct)
    {
        var clock = endpoint is null ? StoreClock.Real : await clocks.OfAsync(endpoint.Store, endpoint.Live, ct);
        var next = delivery with
        {
            State = DeliveryState.Exhausted,
            LastError = endpoint is { Status: EndpointStatus.Disabled } ? "endpoint_disabled" : "endpoint_deleted",
            FinishedAt = clock.At(clocks.Now),
            Version = delivery.Version + 1,
        };
        return JobEnd.Done(new Commit().Update(delivery, next));
    }

    /// <summary>
    /// The receiver answered 410 (contract section 8). A commit of its own, before the delivery's: after a crash
    /// between the two the next attempt finds the endpoint disabled and gives up the delivery.
    /// </summary>
    private async Task DisableAsync(EndpointId id, CancellationToken ct) =>
        await Attempts.RunAsync(
            db.Commits,
            async () =>
            {
                var endpoint = await db.Endpoints.FindAsync(id, ct);
                if (endpoint is not { Status: EndpointStatus.Enabled })
                    return (false, null);
                var next = endpoint with { Status = EndpointStatus.Disabled, Version = endpoint.Version + 1 };
                return (true, new Commit().Update(endpoint, next));
            },
            ct
        );
}
