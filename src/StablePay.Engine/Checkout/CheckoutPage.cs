using StablePay.Engine.Watching;

namespace StablePay.Engine.Checkout;

/// <summary>
/// Everything that the hosted page may show: an allow-list. The page is public to whoever has its address, so nothing
/// else of a session or a store may get here (CO-06).
/// </summary>
public sealed record CheckoutPage
{
    public required SessionId Id { get; init; }

    /// <summary>The page's own public address, for links that open it somewhere else.</summary>
    public required string Url { get; init; }
    public required bool Live { get; init; }
    public required string StoreName { get; init; }
    public required OrderDetails Order { get; init; }
    public required Quote Quote { get; init; }
    public required SessionState State { get; init; }
    public required PaymentException? Exception { get; init; }
    public required Instant CreatedAt { get; init; }
    public required Instant ExpiresAt { get; init; }

    /// <summary>The store's clock when the page was made; countdowns are relative to it.</summary>
    public required Instant Now { get; init; }

    /// <summary>How far that clock is ahead of the real time: nothing in live mode.</summary>
    public TimeSpan ClockOffset { get; init; }
    public required long Version { get; init; }

    public required Choice? Chosen { get; init; }
    public required Network? ChosenNetwork { get; init; }

    /// <summary>The whole amount due in the chosen token.</summary>
    public required TokenAmount? Due { get; init; }

    /// <summary>What is still to be sent in the chosen token; link, QR and text all come from this.</summary>
    public required TokenAmount? Remaining { get; init; }

    /// <summary>What has been counted, final or not, in the chosen token's terms and at its price.</summary>
    public required TokenAmount? Received { get; init; }

    /// <summary>What was paid beyond the amount due.</summary>
    public required TokenAmount? Surplus { get; init; }
    public required IReadOnlyList<PageTransfer> Transfers { get; init; }
    public required IReadOnlyList<PageOption> Options { get; init; }

    /// <summary>What the watcher of the chosen network last did.</summary>
    public required WatchedNetwork? Watched { get; init; }
    public required Instant? PaidAt { get; init; }
    public required Instant? CanceledAt { get; init; }

    /// <summary>A wallet link for exactly <see cref="Remaining"/> (EIP-681), where the network has one.</summary>
    public required string? PaymentUri { get; init; }

    /// <summary>
    /// The call data of exactly that token transfer with the payment's reference behind it, for an injected wallet:
    /// 0x-hex. Null where there is no such call.
    /// </summary>
    public required string? TransferCallData { get; init; }

    /// <summary>Whether transfers on the chosen network are made and sent for wallets that only sign.</summary>
    public required bool MakesTransfers { get; init; }
}

/// <summary>A transfer as the page shows it.</summary>
/// <param name="Url">The explorer's page of the transaction.</param>
public sealed record PageTransfer(
    string TransactionHash,
    string? Url,
    TokenAmount Amount,
    string From,
    TransferState State,
    TransferClass Class,
    int Confirmations,
    int ConfirmationsRequired,
    Instant SeenAt,
    Instant BlockTime,
    Network Network
);

/// <summary>A coin on a network that the payer may choose.</summary>
/// <param name="WhyNot">
/// Why it cannot be chosen now: <c>not_reached</c>, <c>halted</c>, or a <see cref="Offering.TokenStop"/> in lower case;
/// null when it can.
/// </param>
/// <param name="UsualTime">From sending to final, usually.</param>
public sealed record PageOption(Network Network, Token Token, string? WhyNot, TimeSpan UsualTime)
{
    public bool IsAvailable => WhyNot is null;
}

/// <summary>
/// What the page's event stream carries: enough to see that something changed, nothing to show money from.
/// </summary>
/// <param name="IsHeld">Final, and waiting until enough nodes agree.</param>
/// <param name="ClockMs">How far the store's clock is ahead of the real time; 0 in live mode.</param>
public sealed record CheckoutStatus(
    string State,
    string? Exception,
    long Version,
    int Confirmations,
    int ConfirmationsRequired,
    long? LastBlock,
    long? ReadAtMs,
    bool IsBehind,
    bool IsHeld,
    long NowMs,
    long ClockMs = 0
);
