using StablePay.Engine.Paying;
using StablePay.Engine.TestMode;
using StablePay.Engine.Watching;
using StablePay.Storage;

namespace StablePay.Engine.Checkout;

/// <summary>Gathers what the hosted page shows of a session, from the allow-list of <see cref="CheckoutPage"/>.</summary>
public sealed class ReadCheckoutPage(
    Database database,
    NetworkBook networks,
    SessionViews views,
    PayerTransfers payers,
    StoreNetworks sights,
    StoreClocks clocks
)
{
    public async Task<CheckoutPage?> RunAsync(SessionId id, CancellationToken ct)
    {
        if (await database.Sessions.FindAsync(id, ct) is not { } session)
            return null;
        var store =
            await database.Access.FindStoreAsync(session.Store, ct)
            ?? throw new InvariantBrokenException($"{session.Id} has no store");
        var transfers = await database.Transfers.ListBySessionAsync(id, ct);
        var token = session.Chosen?.Token;
        var network = token is null ? null : networks.Find(token.Network);
        var isOpen = session.State is SessionState.Awaiting or SessionState.Underpaid;
        var (clock, now) = (await clocks.OfAsync(session, ct), clocks.Now);
        var remaining = token is null ? (TokenAmount?)null : session.Quote.AskFor(session.Remaining, token);
        return new CheckoutPage
        {
            Id = session.Id,
            Url = views.UrlOf(session.Id),
            Live = session.Live,
            StoreName = store.Name,
            Order = session.Order,
            Quote = session.Quote,
            State = session.State,
            Exception = session.Exception,
            CreatedAt = session.CreatedAt,
            ExpiresAt = session.ExpiresAt,
            Now = clock.At(now),
            ClockOffset = clock.Offset,
            Version = session.Version,
            Chosen = session.Chosen,
            ChosenNetwork = network,
            Due = token is null ? null : session.Quote.AskFor(session.Quote.Due, token),
            Remaining = remaining,
            Received = token is null ? null : session.Quote.ShownIn(session.Included, token),
            Surplus = token is null ? null : session.Quote.ShownIn(session.Surplus, token),
            Transfers =
            [
                .. transfers.Where(t => t.Class is not (TransferClass.Internal or TransferClass.Dust)).Select(Of),
            ],
            Options = [.. OptionsOf(session)],
            Watched = token is null ? null : await WatchedAsync(session, token.Network, clock, ct),
            PaidAt = session.PaidAt,
            CanceledAt = session.CanceledAt,
            PaymentUri =
                isOpen && remaining is { } due
                    ? PaymentLinks.UriOf(network, session.Chosen!.Address, due, session.Chosen.ReferenceIn(id))
                    : null,
            TransferCallData =
                isOpen && remaining is { } call
                    ? PaymentLinks.CallDataOf(network, session.Chosen!.Address, call, session.Chosen.ReferenceIn(id))
                    : null,
            MakesTransfers = network is not null && payers.Makes(network.Id),
        };
    }

    /// <summary>What changed since, for the event stream; null if there is no such session.</summary>
    public async Task<CheckoutStatus?> StatusAsync(SessionId id, CancellationToken ct)
    {
        if (await database.Sessions.FindAsync(id, ct) is not { } session)
            return null;
        var transfers = await database.Transfers.ListBySessionAsync(id, ct);
        var counted = transfers.Where(t => t.Class == TransferClass.Counted && t.State.IsOpen);
        // The transfer that is farthest from finality decides how long it takes.
        var (have, need) = counted
            .Select(networks.ConfirmationsOf)
            .DefaultIfEmpty((Have: 0, Need: 0))
            .MinBy(c => c.Have - c.Need);
        var clock = await clocks.OfAsync(session, ct);
        var watched = session.Chosen is { } choice
            ? await WatchedAsync(session, choice.Token.Network, clock, ct)
            : null;
        return new CheckoutStatus(
            session.State.PaymentStatus,
            session.Exception?.WireName,
            session.Version,
            have,
            need,
            watched?.Height,
            watched?.ReadAt.UnixMs,
            watched?.IsBehind ?? false,
            need > 0 && have == need && watched is { Held: > 0 },
            clock.At(clocks.Now).UnixMs,
            (long)clock.Offset.TotalMilliseconds
        );
    }

    /// <summary>
    /// What the session's store sees of a network. When it was read is told by the clock as it is now, so that it is as
    /// long ago for the page as it is.
    /// </summary>
    private async Task<WatchedNetwork?> WatchedAsync(
        CheckoutSession session,
        NetworkId network,
        StoreClock clock,
        CancellationToken ct
    )
    {
        var sight = await sights.OfAsync(session.Store, session.Live, ct);
        return sight.Status(network) is { } seen ? seen with { ReadAt = seen.ReadAt + clock.Offset } : null;
    }

    private PageTransfer Of(Transfer transfer)
    {
        var network =
            networks.Find(transfer.Network)
            ?? throw new InvariantBrokenException($"{transfer.Network} is not configured any more");
        var (have, need) = networks.ConfirmationsOf(transfer);
        var url = network.TransactionUrl is { } pattern
            ? string.Format(CultureInfo.InvariantCulture, pattern, transfer.TransactionHash)
            : null;
        return new PageTransfer(
            transfer.TransactionHash,
            url,
            transfer.Amount,
            transfer.From,
            transfer.State,
            transfer.Class,
            have,
            need,
            transfer.SeenAt,
            transfer.BlockTime,
            network
        );
    }

    private IEnumerable<PageOption> OptionsOf(CheckoutSession session) =>
        from network in networks.All
        where network.IsLive == session.Live
        from token in network.Tokens
        select new PageOption(
            network,
            token,
            WhyNot(session, network, token),
            network.BlockTime * network.Finality.Confirmations
        );

    private string? WhyNot(CheckoutSession session, Network network, Token token) =>
        networks.Status(network.Id) switch
        {
            null => "not_reached",
            { Halted: not null } => "halted",
            _ when session.Choices.Any(c => c.Token == token) => null,
            _ => networks.Tokens.WhyNot(token, session.Quote)?.ToString().ToLowerInvariant(),
        };
}
