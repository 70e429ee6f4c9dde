namespace StablePay.Server.Api.Testing;

/// <summary>A test payment to make. Everything may be left out.</summary>
public sealed record TestPaymentRequest
{
    /// <summary>Whole coin units as a decimal string; exactly what is missing if absent.</summary>
    public string? Amount { get; init; }

    /// <summary>A sandbox network; the chosen one if absent.</summary>
    public string? Network { get; init; }

    /// <summary><c>USDT</c> or <c>USDC</c>; the chosen one if absent.</summary>
    public string? Token { get; init; }

    /// <summary>The sender of the transfer; a test wallet if absent.</summary>
    public string? From { get; init; }
}

/// <summary>A transfer that was sent on the sandbox network. It is in no block yet.</summary>
public sealed record TestPaymentView
{
    /// <summary>Always <c>test_payment</c>.</summary>
    public string Object { get; } = "test_payment";

    public required string SessionId { get; init; }

    public required string TransactionHash { get; init; }

    /// <summary>The CAIP-2 style id of the sandbox network.</summary>
    public required string Network { get; init; }

    public required string Token { get; init; }

    /// <summary>Whole coin units as a decimal string.</summary>
    public required string Amount { get; init; }

    public required string From { get; init; }

    public required string To { get; init; }
}
