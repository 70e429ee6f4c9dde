using StablePay.Engine.Checkout;
using StablePay.Engine.Events;
using StablePay.Engine.Watching;
using StablePay.Storage;

namespace StablePay.Engine.Working.Handlers;

/// <summary>
/// Ends a session whose time is over, once the watcher of every network that was shown to the payer has connected a
/// block later than the end: money that was sent in time is then known, however late we read it (PAY-07, S5).
/// </summary>
public sealed class ExpireSession(
    Database database,
    NetworkBook networks,
    EventBody events,
    ChangeSignal changed,
    TimeProvider clock
) : IJobHandler
{
    /// <summary>How soon to look again at a network that is still behind the session's end.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(2);

    public JobKind Kind => JobKind.ExpireSession;

    public async Task<JobEnd> RunAsync(Job job, CancellationToken ct)
    {
        var now = clock.Now;
        if (await database.Sessions.FindAsync(SessionId.From(job.Subject), ct) is not { } session)
            return JobEnd.Done();
        if (now < session.ExpiresAt)
            return JobEnd.Again(session.ExpiresAt, null);
        if (session.State is SessionState.Awaiting or SessionState.Underpaid)
        {
            var behind = session.Choices.FirstOrDefault(c => !HasPassed(c.Token.Network, session.ExpiresAt));
            if (behind is not null)
                return JobEnd.Again(
                    now + LookAgain,
                    $"{behind.Token.Network} has not been read up to the session's end"
                );
        }
        var change = new SessionChange(session, await database.Transfers.ListBySessionAsync(session.Id, ct), events);
        change.Apply(new CheckoutInput.TimeOver(), now);
        var commit = new Commit();
        change.AddTo(commit, now);
        changed.Signal();
        return JobEnd.Done(commit.IsEmpty ? null : commit);
    }

    private bool HasPassed(NetworkId network, Instant end) =>
        networks.WatchedUntil(network) is { } until && until > end;
}
