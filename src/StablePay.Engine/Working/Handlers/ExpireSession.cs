using StablePay.Engine.Checkout;
using StablePay.Engine.Events;
using StablePay.Engine.TestMode;
using StablePay.Storage;

namespace StablePay.Engine.Working.Handlers;

/// <summary>
/// Ends a session whose time is over, once the watcher of every network that was shown to the payer has connected a
/// block later than the end: money that was sent in time is then known, however late we read it (PAY-07, S5). The end
/// is told by the store's clock, the job by the real time.
/// </summary>
public sealed class ExpireSession(
    Database database,
    StoreNetworks networks,
    EventBody events,
    ChangeSignal changed,
    StoreClocks clocks
) : IJobHandler
{
    /// <summary>How soon to look again at a network that is still behind the session's end.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(2);

    public JobKind Kind => JobKind.ExpireSession;

    public async Task<JobEnd> RunAsync(Job job, CancellationToken ct)
    {
        var now = clocks.Now;
        if (await database.Sessions.FindAsync(SessionId.From(job.Subject), ct) is not { } session)
            return JobEnd.Done();
        var clock = await clocks.OfAsync(session, ct);
        if (clock.At(now) < session.ExpiresAt)
            return JobEnd.Again(clock.RealOf(session.ExpiresAt), null);
        if (session.State is SessionState.Awaiting or SessionState.Underpaid)
        {
            var sight = await networks.OfAsync(session.Store, session.Live, ct);
            var behind = session.Choices.FirstOrDefault(c =>
                sight.WatchedUntil(c.Token.Network) is not { } until || clock.At(until) <= session.ExpiresAt
            );
            if (behind is not null)
                return JobEnd.Again(
                    now + LookAgain,
                    $"{behind.Token.Network} has not been read up to the session's end"
                );
        }
        var transfers = await database.Transfers.ListBySessionAsync(session.Id, ct);
        var change = new SessionChange(session, transfers, clock, events);
        change.Apply(new CheckoutInput.TimeOver(), now);
        var commit = new Commit();
        change.AddTo(commit, now);
        changed.Signal();
        return JobEnd.Done(commit.IsEmpty ? null : commit);
    }
}
