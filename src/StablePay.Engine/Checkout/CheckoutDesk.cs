using StablePay.Engine.Access;
using StablePay.Engine.Paying;
using StablePay.Engine.TestMode;
using StablePay.Storage;

namespace StablePay.Engine.Checkout;

/// <summary>Everything that can be asked of payment sessions, by the API and by the hosted page.</summary>
public sealed class CheckoutDesk(
    Database database,
    SessionViews views,
    OpenSession open,
    CancelSession cancel,
    SessionPages pages
)
{
    /// <inheritdoc cref="OpenSession.RunAsync"/>
    public Task<Result<SessionAnswer>> OpenAsync(Caller caller, NewSession request, CancellationToken ct) =>
        open.RunAsync(caller, request, ct);

    /// <inheritdoc cref="CancelSession.ByMerchantAsync"/>
    public Task<Result<SessionAnswer>> CancelAsync(Caller caller, SessionId id, CancellationToken ct) =>
        cancel.ByMerchantAsync(caller, id, ct);

    /// <summary>A session of this store and mode, or null.</summary>
    public async Task<SessionView?> FindAsync(StoreId store, bool live, SessionId id, CancellationToken ct)
    {
        var session = await database.Sessions.FindAsync(id, ct);
        return session is null || session.Store != store || session.Live != live ? null : await ViewAsync(session, ct);
    }

    /// <inheritdoc cref="ReadCheckoutPage.RunAsync"/>
    public Task<CheckoutPage?> PageAsync(SessionId id, CancellationToken ct) => pages.Read.RunAsync(id, ct);

    /// <inheritdoc cref="ReadCheckoutPage.StatusAsync"/>
    public Task<CheckoutStatus?> StatusAsync(SessionId id, CancellationToken ct) => pages.Read.StatusAsync(id, ct);

    /// <inheritdoc cref="WatchSession.RunAsync"/>
    public IAsyncEnumerable<CheckoutStatus> WatchAsync(SessionId id, CancellationToken ct) =>
        pages.Watch.RunAsync(id, ct);

    /// <summary>The payer chooses a coin and network; the page as it is afterwards.</summary>
    public async Task<Result<CheckoutPage>> ChooseAsync(
        SessionId id,
        NetworkId network,
        Asset asset,
        CancellationToken ct
    ) => await PageAfterAsync(id, await pages.Choose.RunAsync(id, network, asset, ct), ct);

    /// <summary>The payer cancels; the page as it is afterwards.</summary>
    public async Task<Result<CheckoutPage>> CancelByPayerAsync(SessionId id, CancellationToken ct) =>
        await PageAfterAsync(id, await cancel.ByPayerAsync(id, ct), ct);

    /// <inheritdoc cref="PayInSandbox.RunAsync"/>
    public Task<Result<SandboxPayment>> PayInSandboxAsync(SessionId id, SandboxOrder order, CancellationToken ct) =>
        pages.Pay.RunAsync(id, order, ct);

    /// <inheritdoc cref="PlayScenario.RunAsync"/>
    public Task<Result<Simulation>> SimulateAsync(SessionId id, ScenarioOrder order, CancellationToken ct) =>
        pages.Play.RunAsync(id, order, ct);

    /// <inheritdoc cref="PayerTransfers.MakeAsync"/>
    public Task<Result<string>> MakeTransferAsync(SessionId id, string payer, CancellationToken ct) =>
        pages.Wallets.MakeAsync(id, payer, ct);

    /// <inheritdoc cref="PayerTransfers.SendAsync"/>
    public Task<Result<string>> SendTransferAsync(SessionId id, string payer, string signed, CancellationToken ct) =>
        pages.Wallets.SendAsync(id, payer, signed, ct);

    /// <inheritdoc cref="NoteSent.RunAsync"/>
    public Task<Rejection?> NoteSentAsync(SessionId id, string hash, CancellationToken ct) =>
        pages.Note.RunAsync(id, hash, ct);

    private async Task<Result<CheckoutPage>> PageAfterAsync(SessionId id, Rejection? refused, CancellationToken ct)
    {
        if (refused is not null)
            return refused;
        return await pages.Read.RunAsync(id, ct) ?? throw new InvariantBrokenException($"{id} was there a moment ago");
    }

    private async Task<SessionView> ViewAsync(CheckoutSession session, CancellationToken ct) =>
        views.Of(session, await database.Transfers.ListBySessionAsync(session.Id, ct));
}

/// <summary>The use cases of the hosted page.</summary>
public sealed record SessionPages(
    ReadCheckoutPage Read,
    WatchSession Watch,
    ChooseToken Choose,
    PayInSandbox Pay,
    PlayScenario Play,
    PayerTransfers Wallets,
    NoteSent Note
);
