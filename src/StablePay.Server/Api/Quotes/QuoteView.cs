using System.Text.Json.Serialization;

namespace StablePay.Server.Api.Quotes;

/// <summary>An amount to price.</summary>
public sealed record QuoteRequest
{
    /// <summary>Minor units of the currency; at least 1.</summary>
    public required long Amount { get; init; }

    /// <summary>A ledger currency, ISO 4217, in any case.</summary>
    public required string Currency { get; init; }
}

/// <summary>What an amount comes to now.</summary>
public sealed record QuoteView
{
    /// <summary>Always <c>quote</c>.</summary>
    public string Object { get; } = "quote";

    public required long Amount { get; init; }

    /// <summary>Lower-case ISO 4217 code.</summary>
    public required string Currency { get; init; }

    /// <summary>US dollars per unit of the currency, a decimal string; only when converted.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public required string? ExchangeRate { get; init; }

    /// <summary>Always <c>USD</c>: no coin is chosen yet.</summary>
    public required string TargetCurrency { get; init; }

    /// <summary>What would be due, in coin cents, rounded up.</summary>
    public required long TargetAmountTotal { get; init; }

    /// <summary>Where the rate comes from, for people.</summary>
    public required string RateSource { get; init; }

    /// <summary>
    /// US dollars for one coin, decimal strings by coin, of the coins that would not count as a dollar; only when there
    /// are some.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string>? TokenPrices { get; init; }

    public required long Created { get; init; }

    public required bool Livemode { get; init; }

    /// <summary>The amount due in each coin and network that a session would offer.</summary>
    public required IReadOnlyList<QuoteTokenView> Tokens { get; init; }
}

/// <summary>An amount in one token.</summary>
/// <param name="Network">The CAIP-2 id.</param>
/// <param name="Token"><c>USDT</c> or <c>USDC</c>.</param>
/// <param name="Amount">Whole units as a decimal string.</param>
public sealed record QuoteTokenView(string Network, string Token, string Amount);
