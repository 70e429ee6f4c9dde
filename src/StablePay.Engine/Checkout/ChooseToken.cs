using StablePay.Engine.Events;
using StablePay.Engine.TestMode;
using StablePay.Engine.Watching;
using StablePay.Storage;

namespace StablePay.Engine.Checkout;

/// <summary>
/// The payer chose a coin and a network: the session gets an address of its own there. Networks of one family share the
/// session's address, and an address is never issued to a second session (A1).
/// </summary>
public sealed class ChooseToken(
    Database database,
    NetworkBook networks,
    DepositAddresses addresses,
    AddressBooks books,
    EventBody events,
    StoreClocks clocks
)
{
    public async Task<Rejection?> RunAsync(SessionId id, NetworkId networkId, Asset asset, CancellationToken ct)
    {
        var (answer, result) = await Attempts.RunAsync<Rejection?>(
            database.Commits,
            async () =>
            {
                if (await database.Sessions.FindAsync(id, ct) is not { } session)
                    return (new Rejection(ErrorCode.ResourceNotFound, "There is no such session."), null);
                var network = networks.Find(networkId);
                if (network is null || network.IsLive != session.Live || network.Find(asset) is not { } token)
                    return (Unknown(networkId, asset), null);
                if (networks.Status(networkId) is not { Halted: null })
                    return (Unavailable(network), null);
                return await IssueAsync(session, network, token, ct);
            },
            ct
        );
        Invariant.Holds(result.IsDone, $"a choice was refused: {result}");
        return answer;
    }

    private async Task<(Rejection?, Commit?)> IssueAsync(
        CheckoutSession session,
        Network network,
        Token token,
        CancellationToken ct
    )
    {
        var now = clocks.Now;
        var commit = new Commit();
        if (await addresses.ForAsync(session, token, ct) is not { } choice)
            return (Unavailable(network), null);
        var change = new SessionChange(
            session,
            await database.Transfers.ListBySessionAsync(session.Id, ct),
            await clocks.OfAsync(session, ct),
            events
        );
        if (change.Apply(new CheckoutInput.Chosen(choice), now) is { } refused)
            return (refused, null);
        if (session.Choices.All(c => c.Token.Network != token.Network))
        {
            books.Watch(token.Network, choice.Address);
            commit.Insert(
                new DepositAddress(token.Network, choice.Address, session.Id, session.Store, choice.AddressIndex, now)
            );
        }
        change.AddTo(commit, now);
        return (null, commit);
    }

    private static Rejection Unknown(NetworkId network, Asset asset) =>
        new(ErrorCode.ParameterInvalid, $"{asset} on {network} is not offered for this payment.", "network");

    private static Rejection Unavailable(Network network) =>
        new(ErrorCode.NetworkUnavailable, $"{network.Name} cannot take payments now.", "network");
}
