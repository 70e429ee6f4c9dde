using StablePay.Engine.Access;
using StablePay.Engine.Rates;
using StablePay.Engine.TestMode;
using StablePay.Storage;

namespace StablePay.Engine.Checkout;

/// <summary>
/// Creates a payment session. The order id makes it idempotent: the same order again gives the same session, another
/// amount or currency is refused, and the number of a session that ended unpaid is free (contract section 3).
/// </summary>
public sealed class OpenSession(
    Database database,
    LockQuote pricing,
    SessionViews views,
    IdSource ids,
    StoreClocks clocks
)
{
    public async Task<Result<SessionAnswer>> RunAsync(Caller caller, NewSession request, CancellationToken ct)
    {
        var now = clocks.Now;
        var clock = await clocks.OfAsync(caller.Store.Id, caller.Live, ct);
        var shown = clock.At(now);
        var quote = pricing.Run(request.Amount, caller.Key.Live, now, shown);
        if (!quote.IsOk)
            return quote.Rejection;
        var session = new CheckoutSession
        {
            Id = ids.Next<SessionId>(now),
            Merchant = caller.Merchant.Id,
            Store = caller.Store.Id,
            Live = caller.Key.Live,
            Order = request.Order,
            Quote = quote.Value,
            CreatedAt = shown,
            ExpiresAt = shown + (request.Lifetime ?? caller.Store.SessionLifetime),
            ToleranceBasisPoints = caller.Store.ToleranceBasisPoints,
        };
        var decision = CheckoutMachine.Open(session);
        var answer = AnswerOf(session, []);
        var commit = new Commit().Insert(session);
        foreach (var job in decision.Jobs)
            commit.Add(clock.Due(job, now), ids.Next<JobId>(now), now);
        caller.Scope.AddTo(commit, 200, answer.Json);
        var result = await database.Commits.RunAsync(commit, ct);
        return result switch
        {
            CommitResult.Done => Spent(caller, answer),
            CommitResult.Duplicate { What: "order_id" } => await ExistingAsync(caller, request, ct),
            var other => RequestScope.RefusalOf(other)
                ?? throw new InvariantBrokenException($"a new session was refused: {other}"),
        };
    }

    private async Task<Result<SessionAnswer>> ExistingAsync(Caller caller, NewSession request, CancellationToken ct)
    {
        var existing = await database.Sessions.FindOpenByOrderAsync(
            caller.Merchant.Id,
            caller.Key.Live,
            request.Order.OrderId,
            ct
        );
        if (existing is null)
        {
            // It ended between our insert and this look: its number has become free.
            return await RunAsync(caller, request, ct);
        }
        if (existing.Quote.Amount != request.Amount || existing.Store != caller.Store.Id)
            return new Rejection(
                ErrorCode.OrderIdDuplicate,
                "This order_id has a session of another amount or currency.",
                "order_id"
            );
        var transfers = await database.Transfers.ListBySessionAsync(existing.Id, ct);
        return AnswerOf(existing, transfers);
    }

    private SessionAnswer AnswerOf(CheckoutSession session, IReadOnlyList<Transfer> transfers)
    {
        var view = views.Of(session, transfers);
        return new SessionAnswer(view, SessionViews.JsonOf(view));
    }

    private static Result<SessionAnswer> Spent(Caller caller, SessionAnswer answer)
    {
        caller.Scope.MarkSpent();
        return answer;
    }
}
