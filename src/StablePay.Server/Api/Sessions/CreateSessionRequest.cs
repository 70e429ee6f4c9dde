namespace StablePay.Server.Api.Sessions;

/// <summary>A new payment session. This record documents the body; <see cref="SessionReader"/> reads it.</summary>
public sealed record CreateSessionRequest
{
    /// <summary>What the payer owes, in minor units of the currency; at least 1.</summary>
    public required long Amount { get; init; }

    /// <summary>A ledger currency, ISO 4217, in any case.</summary>
    public required string Currency { get; init; }

    /// <summary>The merchant's own number, 1 to 64 characters, unique per merchant.</summary>
    public required string OrderId { get; init; }

    /// <summary>At most 500 characters; stored in the metadata too.</summary>
    public string? Description { get; init; }

    /// <summary>What is bought. If given, the lines with tax and shipping must add up to the amount.</summary>
    public IReadOnlyList<LineItemRequest>? LineItems { get; init; }

    /// <summary>Minor units; at least 0.</summary>
    public long? TaxAmount { get; init; }

    /// <summary>Minor units; at least 0.</summary>
    public long? ShippingAmount { get; init; }

    /// <summary>Where the payer goes after paying: https, or http on localhost; at most 512 characters.</summary>
    public string? SuccessUrl { get; init; }

    /// <summary>Where the payer goes after giving up: https, or http on localhost; at most 512 characters.</summary>
    public string? CancelUrl { get; init; }

    /// <summary>The payer's e-mail address; stored as <c>metadata.email</c>.</summary>
    public string? Email { get; init; }

    /// <summary>
    /// At most 50 keys of at most 40 characters, values of at most 500. Non-strings come back as strings.
    /// </summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary>How long the session stays open, in seconds, 300 to 86400; the store's setting if absent.</summary>
    public int? ExpiresIn { get; init; }
}

/// <summary>A line of the order.</summary>
public sealed record LineItemRequest
{
    public required PriceDataRequest PriceData { get; init; }

    /// <summary>At least 1.</summary>
    public required long Quantity { get; init; }
}

/// <summary>What one unit of a line costs.</summary>
public sealed record PriceDataRequest
{
    /// <summary>The currency of the session.</summary>
    public required string Currency { get; init; }

    /// <summary>Minor units; at least 1.</summary>
    public required long UnitAmount { get; init; }

    public required ProductDataRequest ProductData { get; init; }
}

/// <summary>What a line is.</summary>
public sealed record ProductDataRequest
{
    public required string Name { get; init; }

    public string? Description { get; init; }
}
