using StablePay.Engine.Events;
using StablePay.Engine.Offering;
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
    AddressCheck check,
    EventBody events,
    StoreClocks clocks
)
{
    public async Task<Rejection?> RunAsync(SessionId id, NetworkId networkId, Asset asset, CancellationToken ct)
    {
        Choice? made = null;
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
                // Whoever was shown the token before may have sent it already.
                if (
                    session.Choices.All(c => c.Token != token)
                    && networks.Tokens.WhyNot(token, session.Quote) is { } stop
                )
                    return (Stopped(network, token, stop), null);
                (made, var refused, var commit) = await IssueAsync(session, network, token, ct);
                return (refused, commit);
            },
            ct
        );
        Invariant.Holds(result.IsDone, $"a choice was refused: {result}");
        return answer ?? (await check.IsWrittenAsync(id, made!, ct) ? null : Uncertain);
    }

    private async Task<(Choice?, Rejection?, Commit?)> IssueAsync(
        CheckoutSession session,
        Network network,
        Token token,
        CancellationToken ct
    )
    {
        var now = clocks.Now;
        var commit = new Commit();
        if (await addresses.ForAsync(session, token, ct) is not { } choice)
            return (null, Unavailable(network), null);
        if (!check.IsSame(choice))
            return (null, Uncertain, null);
        var change = new SessionChange(
            session,
            await database.Transfers.ListBySessionAsync(session.Id, ct),
            await clocks.OfAsync(session, ct),
            events
        );
        if (change.Apply(new CheckoutInput.Chosen(choice), now) is { } refused)
            return (null, refused, null);
        if (session.Choices.All(c => c.Token.Network != token.Network))
            commit.Insert(
                new DepositAddress(token.Network, choice.Address, session.Id, session.Store, choice.AddressIndex, now)
            );
        change.AddTo(commit, now);
        return (choice, null, commit);
    }

    private static Rejection Uncertain =>
        new(ErrorCode.AddressUncertain, "No address could be made that is certain to be ours. Nothing was shown.");

    private static Rejection Unknown(NetworkId network, Asset asset) =>
        new(ErrorCode.ParameterInvalid, $"{asset} on {network} is not offered for this payment.", "network");

    private static Rejection Stopped(Network network, Token token, TokenStop stop)
    {
        var why = stop switch
        {
            TokenStop.Paused => "is paused by its issuer",
            TokenStop.Deprecated => "was given up by its issuer",
            TokenStop.Depegged => "is worth too little now",
        };
        return new(ErrorCode.TokenUnavailable, $"{token.Asset} on {network.Name} {why}: choose another.", "token");
    }

    private static Rejection Unavailable(Network network) =>
        new(ErrorCode.NetworkUnavailable, $"{network.Name} cannot take payments now.", "network");
}
