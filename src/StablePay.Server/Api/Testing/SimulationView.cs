namespace StablePay.Server.Api.Testing;

/// <summary>A scenario to play on a test session.</summary>
public sealed record SimulationRequest
{
    /// <summary>
    /// <c>exact</c>, <c>under</c>, <c>over</c>, <c>late</c>, <c>two_parts</c>, <c>two_payers</c>, <c>wrong_token</c>,
    /// <c>wrong_network</c>, <c>exchange_batch</c>, <c>dust</c>, <c>reorg_before_final</c>, <c>slow_network</c>,
    /// <c>node_outage</c> or <c>frozen_sender</c>.
    /// </summary>
    public required string Scenario { get; init; }

    /// <summary>The sandbox network that the payer is shown; the chosen one if absent.</summary>
    public string? Network { get; init; }

    /// <summary><c>USDT</c> or <c>USDC</c>, which the payer is shown; the chosen one if absent.</summary>
    public string? Token { get; init; }
}

/// <summary>A scenario that is being played.</summary>
public sealed record SimulationView
{
    /// <summary>Always <c>simulation</c>.</summary>
    public string Object { get; } = "simulation";

    public required string SessionId { get; init; }

    public required string Scenario { get; init; }

    /// <summary>The CAIP-2 style id of the sandbox network that the payer was shown.</summary>
    public required string Network { get; init; }

    /// <summary>The coin that the payer was shown.</summary>
    public required string Token { get; init; }

    /// <summary>The transactions in the order in which they are sent. A later one may wait some blocks.</summary>
    public required IReadOnlyList<string> TransactionHashes { get; init; }

    /// <summary>What will happen, for people.</summary>
    public required string Expect { get; init; }

    /// <summary>
    /// The types of the events that will be sent, in their order, if nothing else happens to the session.
    /// </summary>
    public required IReadOnlyList<string> Events { get; init; }
}
