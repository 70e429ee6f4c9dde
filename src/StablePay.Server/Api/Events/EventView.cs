using StablePay.Engine.Checkout;

namespace StablePay.Server.Api.Events;

/// <summary>
/// An event as webhooks carry it (contract section 8). This record documents the form; the stored bytes are sent as
/// they
/// are.
/// </summary>
public sealed record EventView
{
    public required string Id { get; init; }

    /// <summary>The dotted name of the event's type.</summary>
    public required string Type { get; init; }

    public required long Created { get; init; }

    public required bool Livemode { get; init; }

    /// <summary>Grows by one with every event of the store: a gap is an event that has not come yet.</summary>
    public required long Sequence { get; init; }

    /// <summary>The object as it was in the commit that made the event.</summary>
    public required PaymentEventData Data { get; init; }
}
