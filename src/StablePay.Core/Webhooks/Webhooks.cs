namespace StablePay.Core.Webhooks;

public enum EndpointStatus
{
    Enabled,

    /// <summary>Takes no new deliveries; a 410 answer does this too.</summary>
    Disabled,

    /// <summary>Kept for its deliveries' history; the API answers 404.</summary>
    Deleted,
}

/// <summary>Where a store wants events.</summary>
/// <param name="Events">Names of the wanted types; empty for the documented ones.</param>
/// <param name="SealedSecrets">Signing secrets, newest first, sealed; both sign while rotating (WH-14).</param>
public sealed record WebhookEndpoint(
    EndpointId Id,
    StoreId Store,
    bool Live,
    string Url,
    string? Description,
    IReadOnlyList<string> Events,
    EndpointStatus Status,
    IReadOnlyList<string> SealedSecrets,
    Instant CreatedAt,
    long Version
)
{
    /// <summary>Whether an event of this type goes here.</summary>
    public bool Wants(EventType type) => Events.Count == 0 ? type.IsDocumented : Events.Contains(type.Name);
}

public enum DeliveryState
{
    Pending,
    Delivered,

    /// <summary>Every try of the schedule failed; visible, and a person may send it again.</summary>
    Exhausted,
}

/// <summary>One event to one endpoint.</summary>
/// <param name="Attempts">Tries made so far.</param>
/// <param name="LastStatus">The last answer's HTTP status, or null where none came.</param>
/// <param name="LastError">Why the last try failed: a short word of ours, never the receiver's text (WH-06).</param>
public sealed record Delivery(
    DeliveryId Id,
    EventId Event,
    EndpointId Endpoint,
    DeliveryState State,
    int Attempts,
    int? LastStatus,
    string? LastError,
    Instant CreatedAt,
    Instant? FinishedAt,
    long Version
);
