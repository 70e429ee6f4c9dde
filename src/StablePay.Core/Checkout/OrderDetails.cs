namespace StablePay.Core.Checkout;

/// <summary>One line of what is bought; unit amount in minor units of the session's currency.</summary>
public sealed record LineItem(string Name, string? Description, long UnitAmount, long Quantity);

/// <summary>
/// What the merchant said about the order. Stored and given back, never computed with after creation.
/// </summary>
public sealed record OrderDetails
{
    public required string OrderId { get; init; }
    public string? Description { get; init; }
    public IReadOnlyList<LineItem> LineItems { get; init; } = [];
    public long? TaxAmount { get; init; }
    public long? ShippingAmount { get; init; }
    public string? SuccessUrl { get; init; }
    public string? CancelUrl { get; init; }

    /// <summary>
    /// In the order given. An e-mail address and the description stand in it too (contract section 4).
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, string>> Metadata { get; init; } = [];
}
