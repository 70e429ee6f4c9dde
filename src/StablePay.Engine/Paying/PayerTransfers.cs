using StablePay.Chains;
using StablePay.Storage;

namespace StablePay.Engine.Paying;

/// <summary>
/// The transfer of exactly what is still missing, made for a payer's wallet to sign, and sent when it is signed.
/// Nothing is written: a payment changes when its watcher sees the transfer in a block.
/// </summary>
public sealed class PayerTransfers(
    Database database,
    IReadOnlyDictionary<NetworkId, IPayerTransfers> chains,
    TimeProvider clock
)
{
    /// <summary>As long as a person may look at a wallet; a transfer never outlives its payment.</summary>
    private static readonly TimeSpan MostValid = TimeSpan.FromMinutes(10);

    /// <summary>Whether transfers are made on this network.</summary>
    public bool Makes(NetworkId network) => chains.ContainsKey(network);

    /// <summary>The unsigned transaction in the form of the network's wallets.</summary>
    /// <param name="payer">The account that will sign, in display form.</param>
    public Task<Result<string>> MakeAsync(SessionId id, string payer, CancellationToken ct) =>
        RunAsync(id, payer, (chain, order) => chain.MakeAsync(order, ct), ct);

    /// <summary>Sends a transaction that <see cref="MakeAsync"/> made and a wallet signed; its hash.</summary>
    public Task<Result<string>> SendAsync(SessionId id, string payer, string signed, CancellationToken ct) =>
        RunAsync(id, payer, (chain, order) => chain.SendAsync(order, signed, ct), ct);

    private async Task<Result<string>> RunAsync(
        SessionId id,
        string payer,
        Func<IPayerTransfers, PayerOrder, Task<Result<string>>> run,
        CancellationToken ct
    )
    {
        var now = clock.Now;
        var session = await database.Sessions.FindAsync(id, ct);
        if (
            session is not { State: SessionState.Awaiting or SessionState.Underpaid, Chosen: { } chosen }
            || now >= session.ExpiresAt
            || !chains.TryGetValue(chosen.Token.Network, out var chain)
        )
            return new Rejection(ErrorCode.ResourceNotFound, "There is nothing that a wallet could pay here now.");
        var until = session.ExpiresAt - now < MostValid ? session.ExpiresAt : now + MostValid;
        var amount = session.Quote.AskFor(session.Remaining, chosen.Token);
        var order = new PayerOrder(payer, chosen.Address, amount, chosen.ReferenceIn(id), now, until);
        try
        {
            return await run(chain, order);
        }
        catch (NodeException)
        {
            return new Rejection(ErrorCode.NetworkUnavailable, "No node of the network answered.");
        }
    }
}
