using System.Text.Json.Serialization;

namespace StablePay.Engine.Checkout;

/// <summary>
/// The payment session as the API writes it (contract section 4). Money is in minor units, coins in cents, times in
/// Unix
/// seconds. Members after <c>metadata</c> are ours on top.
/// </summary>
public record SessionView
{
    public required string Id { get; init; }
    public required long AmountTotal { get; init; }

    /// <summary>Lower-case ISO 4217 code.</summary>
    public required string Currency { get; init; }

    /// <summary>
    /// <c>pending</c>, <c>processing</c>, <c>frozen</c>, <c>paid</c>, <c>expired</c>, <c>canceled</c> or
    /// <c>failed</c>.
    /// </summary>
    public required string PaymentStatus { get; init; }
    public required long Created { get; init; }
    public required long ExpiresAt { get; init; }

    /// <summary>The hosted page to send the payer to.</summary>
    public required string Url { get; init; }
    public required IReadOnlyList<LineItemView> LineItems { get; init; }
    public required long? TaxAmount { get; init; }
    public required long? ShippingAmount { get; init; }

    /// <summary>US dollars per unit of the currency, a decimal string; only when converted.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public required string? ExchangeRate { get; init; }

    /// <summary>The coin once chosen; <c>USD</c> before.</summary>
    public required string TargetCurrency { get; init; }

    /// <summary>What is due, in coin cents; of a coin in <c>token_prices</c>, in US cents.</summary>
    public required long TargetAmountTotal { get; init; }
    public required long RateLockedAt { get; init; }
    public string? SubscriptionId { get; init; }
    public string? InvoiceId { get; init; }
    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    public required string OrderId { get; init; }
    public required bool Livemode { get; init; }

    /// <summary>Where the rate came from, for people.</summary>
    public required string RateSource { get; init; }

    /// <summary>
    /// US dollars for one coin, decimal strings by coin, of the coins that do not count as a dollar in this session;
    /// only when there are some.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string>? TokenPrices { get; init; }
    public required string? SuccessUrl { get; init; }
    public required string? CancelUrl { get; init; }

    /// <summary>Counted transfers in blocks, in the same cents, rounded down.</summary>
    public required long AmountReceived { get; init; }

    /// <summary>What is still to be sent, in the same cents, rounded up.</summary>
    public required long AmountRemaining { get; init; }

    /// <summary><c>underpaid</c>, <c>overpaid</c>, <c>paid_late</c>, <c>wrong_token</c> or null.</summary>
    public required string? Exception { get; init; }
    public required long? PaidAt { get; init; }

    /// <summary>The CAIP-2 id of the chosen network.</summary>
    public required string? Network { get; init; }
    public required string? DepositAddress { get; init; }
    public required IReadOnlyList<TransferView> Transfers { get; init; }
    public IReadOnlyList<string> Refunds { get; init; } = [];

    /// <summary>Increases by one with every change of the session.</summary>
    public required long Version { get; init; }
}

/// <summary>
/// The data of a <c>payment.*</c> event: the session, and the four members that receivers look for first.
/// </summary>
public sealed record PaymentEventData : SessionView
{
    [System.Diagnostics.CodeAnalysis.SetsRequiredMembers]
    public PaymentEventData(SessionView session, TransferView? transfer)
        : base(session)
    {
        (SessionId, PaymentId) = (session.Id, session.Id);
        (TransactionHash, Chain) = (transfer?.TransactionHash, transfer?.Network ?? session.Network);
    }

    public string SessionId { get; }
    public string PaymentId { get; }

    /// <summary>The transaction of the latest transfer, or null.</summary>
    public string? TransactionHash { get; }

    /// <summary>The CAIP-2 id of the transfer's network, or of the chosen one.</summary>
    public string? Chain { get; }
}

/// <summary>A line of the order, in the form of the request.</summary>
public sealed record LineItemView(PriceDataView PriceData, long Quantity);

public sealed record PriceDataView(string Currency, long UnitAmount, ProductDataView ProductData);

public sealed record ProductDataView(string Name, string? Description);

/// <summary>A transfer to the session's address.</summary>
public sealed record TransferView
{
    /// <summary>The CAIP-2 id.</summary>
    public required string Network { get; init; }

    /// <summary><c>USDT</c> or <c>USDC</c>.</summary>
    public required string Token { get; init; }
    public required string TransactionHash { get; init; }

    /// <summary>Coin cents, rounded down; of a coin in <c>token_prices</c>, what it counts for in US cents.</summary>
    public required long Amount { get; init; }

    /// <summary>The exact amount in coins as a decimal string, never rounded.</summary>
    public required string AmountDecimal { get; init; }

    /// <summary>
    /// <c>included</c>, <c>accepted</c> (by the store's table, before it is final), <c>orphaned</c> or <c>final</c>.
    /// </summary>
    public required string Status { get; init; }

    /// <summary><c>counted</c>, <c>late</c>, <c>unattributed</c>, <c>dust</c> or <c>internal</c>.</summary>
    public required string Class { get; init; }

    /// <summary>Blocks in the chain we follow from its own on.</summary>
    public required int Confirmations { get; init; }
    public required int ConfirmationsRequired { get; init; }
    public required long SeenAt { get; init; }
    public required long BlockTime { get; init; }
}

/// <summary>Source-generated JSON of the API's session objects: snake_case, one serialisation.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(SessionView))]
[JsonSerializable(typeof(PaymentEventData))]
public sealed partial class SessionJson : JsonSerializerContext;
