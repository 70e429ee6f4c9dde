using StablePay.Engine.Checkout;

namespace StablePay.Server.Checkout;

/// <summary>
/// What the hosted page asks of the engine: five use cases of one payment, by its id alone. The host fills them with
/// the engine's methods, tests with pages made by hand.
/// </summary>
public sealed record CheckoutCalls
{
    /// <summary>The payment as its page may show it, or null for an unknown id.</summary>
    public required Func<SessionId, CancellationToken, Task<CheckoutPage?>> Page { get; init; }

    /// <summary>The payer chose a coin on a network.</summary>
    public required Func<SessionId, NetworkId, Asset, CancellationToken, Task<Result<CheckoutPage>>> Choose { get; init; }

    /// <summary>The payer gave up.</summary>
    public required Func<SessionId, CancellationToken, Task<Result<CheckoutPage>>> Cancel { get; init; }

    /// <summary>Sends what is missing from the test wallet; null when it was sent. Test mode only.</summary>
    public required Func<SessionId, CancellationToken, Task<Rejection?>> PayFromTestWallet { get; init; }

    /// <summary>Every change after this version, and every block meanwhile.</summary>
    public required Func<SessionId, long, CancellationToken, IAsyncEnumerable<CheckoutStatus>> Watch { get; init; }
}
