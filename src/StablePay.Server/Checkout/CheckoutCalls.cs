using System.Net;
using StablePay.Engine.Checkout;
using StablePay.Engine.TestMode;

namespace StablePay.Server.Checkout;

/// <summary>
/// What the hosted page asks of the engine: a few use cases of one payment, by its id alone. The host fills them from
/// the engine, tests with pages made by hand.
/// </summary>
public sealed record CheckoutCalls
{
    /// <summary>The payment as its page may show it, or null for an unknown id.</summary>
    public required Func<SessionId, CancellationToken, Task<CheckoutPage?>> Page { get; init; }

    /// <summary>Its status alone, or null for an unknown id.</summary>
    public required Func<SessionId, CancellationToken, Task<CheckoutStatus?>> Status { get; init; }

    /// <summary>Its status now and after every change, until it has ended.</summary>
    public required Func<SessionId, CancellationToken, IAsyncEnumerable<CheckoutStatus>> Watch { get; init; }

    /// <summary>The payer chose a coin on a network.</summary>
    public required Func<
        SessionId,
        NetworkId,
        Asset,
        CancellationToken,
        Task<Result<CheckoutPage>>
    > Choose { get; init; }

    /// <summary>The payer gave up.</summary>
    public required Func<SessionId, CancellationToken, Task<Result<CheckoutPage>>> Cancel { get; init; }

    /// <summary>Sends what is missing from the test wallet; null when it was sent. Test mode only.</summary>
    public required Func<SessionId, CancellationToken, Task<Rejection?>> PayFromTestWallet { get; init; }

    /// <summary>Plays the scenario of this name; null when it is being played. Test mode only.</summary>
    public required Func<SessionId, string, CancellationToken, Task<Rejection?>> Play { get; init; }

    /// <summary>The unsigned transfer of a payer's account, where wallets want it made for them.</summary>
    public required Func<SessionId, string, CancellationToken, Task<Result<string>>> MakeTransfer { get; init; }

    /// <summary>Sends that transfer of that account, signed; its hash.</summary>
    public required Func<SessionId, string, string, CancellationToken, Task<Result<string>>> SendTransfer { get; init; }

    /// <summary>A wallet has sent a transaction with this hash: a hint; null when it was taken.</summary>
    public required Func<SessionId, string, CancellationToken, Task<Rejection?>> NoteSent { get; init; }

    /// <summary>Whether this address may cause one more question to a node now.</summary>
    public required Func<IPAddress?, bool> MayAsk { get; init; }

    /// <summary>The engine's own.</summary>
    public static CheckoutCalls Of(CheckoutDesk desk, Func<IPAddress?, bool> mayAsk) =>
        new()
        {
            MakeTransfer = desk.MakeTransferAsync,
            SendTransfer = desk.SendTransferAsync,
            NoteSent = desk.NoteSentAsync,
            MayAsk = mayAsk,
            Page = desk.PageAsync,
            Status = desk.StatusAsync,
            Watch = desk.WatchAsync,
            Choose = desk.ChooseAsync,
            Cancel = desk.CancelByPayerAsync,
            PayFromTestWallet = async (id, ct) =>
                (await desk.PayInSandboxAsync(id, new SandboxOrder(null, null, null, null), ct)).Rejection,
            Play = async (id, name, ct) =>
                (await desk.SimulateAsync(id, new ScenarioOrder(name, null, null), ct)).Rejection,
        };
}
