using StablePay.Engine.Access;
using StablePay.Engine.Events;
using StablePay.Engine.TestMode;
using StablePay.Storage;

namespace StablePay.Engine.Checkout;

/// <summary>Ends a session that nobody is paying, for the merchant (by API) or for the payer (on the page).</summary>
public sealed class CancelSession(
    Database database,
    SessionViews views,
    EventBody events,
    ChangeSignal changed,
    StoreClocks clocks
)
{
    /// <summary>
    /// The merchant cancels. A second cancel answers the session as it is. Not found is a refusal here; the endpoint
    /// knows the contract's answer to it.
    /// </summary>
    public async Task<Result<SessionAnswer>> ByMerchantAsync(Caller caller, SessionId id, CancellationToken ct)
    {
        var (answer, result) = await Attempts.RunAsync<Result<SessionAnswer>>(
            database.Commits,
            async () =>
            {
                var session = await database.Sessions.FindAsync(id, ct);
                if (session is null || session.Store != caller.Store.Id || session.Live != caller.Key.Live)
                    return (NotFound(), null);
                var change = await ChangeOfAsync(session, ct);
                var now = clocks.Now;
                if (change.Apply(new CheckoutInput.CanceledByMerchant(), now) is { } refused)
                    return (refused, null);
                var view = views.Of(change.Current, change.Transfers);
                var canceled = new SessionAnswer(view, SessionViews.JsonOf(view));
                var commit = new Commit();
                change.AddTo(commit, now);
                caller.Scope.AddTo(commit, 200, canceled.Json);
                return (canceled, commit);
            },
            ct
        );
        if (RequestScope.RefusalOf(result) is { } spent)
            return spent;
        Invariant.Holds(result.IsDone, $"a cancellation was refused: {result}");
        if (answer.IsOk)
            caller.Scope.MarkSpent();
        changed.Signal();
        return answer;
    }

    /// <summary>The payer cancels on the page.</summary>
    public async Task<Rejection?> ByPayerAsync(SessionId id, CancellationToken ct)
    {
        var (answer, result) = await Attempts.RunAsync<Rejection?>(
            database.Commits,
            async () =>
            {
                if (await database.Sessions.FindAsync(id, ct) is not { } session)
                    return (NotFound(), null);
                var change = await ChangeOfAsync(session, ct);
                var now = clocks.Now;
                if (change.Apply(new CheckoutInput.CanceledByPayer(), now) is { } refused)
                    return (refused, null);
                var commit = new Commit();
                change.AddTo(commit, now);
                return (null, commit);
            },
            ct
        );
        Invariant.Holds(result.IsDone, $"a cancellation was refused: {result}");
        changed.Signal();
        return answer;
    }

    private async Task<SessionChange> ChangeOfAsync(CheckoutSession session, CancellationToken ct) =>
        new(
            session,
            await database.Transfers.ListBySessionAsync(session.Id, ct),
            await clocks.OfAsync(session, ct),
            events
        );

    private static Rejection NotFound() => new(ErrorCode.ResourceNotFound, "There is no such session.");
}
