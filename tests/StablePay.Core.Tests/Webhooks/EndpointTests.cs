using StablePay.Core.Events;
using StablePay.Core.Webhooks;

namespace StablePay.Core.Tests.Webhooks;

public sealed class EndpointTests
{
    private static readonly WebhookEndpoint Endpoint = new(
        EndpointId.From("we_1"),
        StoreId.From("st_1"),
        false,
        "https://example.com/",
        null,
        [],
        EndpointStatus.Enabled,
        [],
        new Instant(0),
        1
    );

    [Fact]
    public void Endpoint_that_names_no_events_wants_the_documented_ones()
    {
        Endpoint.Wants(EventType.PaymentCompleted).ShouldBeTrue();
        Endpoint.Wants(EventType.PaymentCancelled).ShouldBeTrue();
        Endpoint.Wants(EventType.PaymentUnderpaid).ShouldBeFalse();
    }

    [Fact]
    public void Endpoint_that_names_events_wants_exactly_those()
    {
        var some = Endpoint with { Events = ["payment.underpaid"] };

        some.Wants(EventType.PaymentUnderpaid).ShouldBeTrue();
        some.Wants(EventType.PaymentCompleted).ShouldBeFalse();
    }

    [Fact]
    public void Every_event_type_is_found_by_its_name_and_no_other()
    {
        foreach (var type in EventType.All)
            EventType.Find(type.Name).ShouldBe(type);
        EventType.Find("payment.canceled").ShouldBeNull();
        EventType.Find("Payment.completed").ShouldBeNull();
        EventType.All.Select(type => type.Name).ShouldBeUnique();
    }
}
