using System.Diagnostics;

namespace StablePay.Core.Checkout;

/// <summary>The rules of a payment. Pure: the same arguments give the same decision.</summary>
public static class CheckoutMachine
{
    /// <summary>A new session, with the job that ends it.</summary>
    public static Decision<CheckoutSession> Open(CheckoutSession session) =>
        new()
        {
            Next = session,
            Jobs = [new JobDraft(JobKind.ExpireSession, session.Id.Value, session.ExpiresAt, $"expire:{session.Id}")],
        };

    /// <summary>What one input makes of a session.</summary>
    public static Decision<CheckoutSession> Decide(CheckoutSession session, CheckoutInput input, Instant now) =>
        input switch
        {
            CheckoutInput.Chosen chosen => Choose(session, chosen.Choice, now),
            CheckoutInput.Included t => Include(session, t.Amount, t.Class, now),
            CheckoutInput.Accepted t => Settle(
                session,
                session with
                {
                    Accepted = session.Accepted + session.Quote.WorthOf(t.Amount),
                },
                now
            ),
            CheckoutInput.Orphaned t => Orphan(session, t, now),
            CheckoutInput.Finalized t => Credit(session, t, now),
            CheckoutInput.TimeOver => Expire(session, now),
            CheckoutInput.CanceledByMerchant => CancelByMerchant(session, now),
            CheckoutInput.CanceledByPayer => CancelByPayer(session, now),
            _ => throw new UnreachableException(),
        };

    private static Decision<CheckoutSession> Choose(CheckoutSession session, Choice choice, Instant now)
    {
        if (session.State is not (SessionState.Awaiting or SessionState.Underpaid) || now >= session.ExpiresAt)
            return Refuse(ErrorCode.ParameterInvalid, "The payment no longer takes a choice of coin.");
        if (session.Chosen == choice)
            return Decision<CheckoutSession>.Nothing(session);
        // A coin chosen before keeps counting: the payer may have sent it before changing their mind.
        return Changed(session with { Choices = [.. session.Choices.Where(c => c != choice), choice] });
    }

    private static Decision<CheckoutSession> Include(
        CheckoutSession session,
        TokenAmount amount,
        TransferClass @class,
        Instant now
    ) =>
        @class switch
        {
            TransferClass.Counted => Settle(
                session,
                session with
                {
                    Included = session.Included + session.Quote.WorthOf(amount),
                },
                now
            ),
            TransferClass.Unattributed => Changed(
                session with
                {
                    UnattributedTransfers = session.UnattributedTransfers + 1,
                }
            ),
            TransferClass.Late or TransferClass.Dust or TransferClass.Internal => Changed(session),
        };

    private static Decision<CheckoutSession> Orphan(
        CheckoutSession session,
        CheckoutInput.Orphaned transfer,
        Instant now
    )
    {
        switch (transfer.Class)
        {
            case TransferClass.Counted:
                var amount = session.Quote.WorthOf(transfer.Amount);
                var less = session with
                {
                    Included = session.Included - amount,
                    Accepted = transfer.WasAccepted ? session.Accepted - amount : session.Accepted,
                    WasReversed = true,
                };
                var settled = Settle(session, less, now);
                return settled with { Events = [new EventDraft(EventType.PaymentReversed), .. settled.Events] };
            case TransferClass.Unattributed:
                return Changed(session with { UnattributedTransfers = session.UnattributedTransfers - 1 });
            case TransferClass.Late or TransferClass.Dust or TransferClass.Internal:
                return Changed(session);
            default:
                throw new UnreachableException();
        }
    }

    private static Decision<CheckoutSession> Credit(
        CheckoutSession session,
        CheckoutInput.Finalized transfer,
        Instant now
    )
    {
        var amount = session.Quote.WorthOf(transfer.Amount);
        var decision = transfer.Class switch
        {
            TransferClass.Counted => Settle(
                session,
                session with
                {
                    Final = session.Final + amount,
                    Accepted = transfer.WasAccepted ? session.Accepted : session.Accepted + amount,
                },
                now
            ),
            TransferClass.Late => Changed(session with { Late = session.Late + amount }, EventType.PaymentPaidLate),
            TransferClass.Unattributed or TransferClass.Dust or TransferClass.Internal => Changed(session),
        };
        var settled = decision.Next!;
        if (session.IsSettled || !settled.IsSettled || settled.Quote.Due <= settled.Final)
            return decision;
        var shortage = settled.Quote.LeastFor(settled.Quote.Due.Missing(settled.Final), transfer.Amount.Token);
        return decision with { Entries = [Chart.Tolerated(settled.Id, settled.Store, shortage, now)] };
    }

    private static Decision<CheckoutSession> Expire(CheckoutSession session, Instant now)
    {
        // Money that is confirming was in time; it decides the session when it is final or undone.
        if (session.State is not (SessionState.Awaiting or SessionState.Underpaid) || now < session.ExpiresAt)
            return Decision<CheckoutSession>.Nothing(session);
        return session.WasReversed && session.Included == Coverage.Zero
            ? Changed(session with { State = SessionState.Failed }, EventType.PaymentFailed)
            : Changed(session with { State = SessionState.Expired }, EventType.PaymentExpired);
    }

    private static Decision<CheckoutSession> CancelByMerchant(CheckoutSession session, Instant now) =>
        session.State switch
        {
            // Contract section 4: cancel marks the session expired and sends payment.expired.
            SessionState.Awaiting or SessionState.Underpaid => Changed(
                session with
                {
                    State = SessionState.Expired,
                    CanceledAt = now,
                },
                EventType.PaymentExpired
            ),
            SessionState.Expired or SessionState.Canceled => Decision<CheckoutSession>.Nothing(session),
            SessionState.Confirming or SessionState.Frozen or SessionState.Paid or SessionState.Failed => Refuse(
                ErrorCode.SessionNotCancelable,
                $"The session is {session.State.PaymentStatus}."
            ),
        };

    private static Decision<CheckoutSession> CancelByPayer(CheckoutSession session, Instant now) =>
        session.State switch
        {
            SessionState.Awaiting => Changed(
                session with
                {
                    State = SessionState.Canceled,
                    CanceledAt = now,
                },
                EventType.PaymentCancelled
            ),
            SessionState.Expired or SessionState.Canceled => Decision<CheckoutSession>.Nothing(session),
            SessionState.Underpaid
            or SessionState.Confirming
            or SessionState.Frozen
            or SessionState.Paid
            or SessionState.Failed => Refuse(ErrorCode.SessionNotCancelable, "Money for this payment has been seen."),
        };

    /// <summary>
    /// The state that the amounts call for. Terminal states and a hold stay what they are: money that comes after them
    /// is told by exceptions and events.
    /// </summary>
    private static Decision<CheckoutSession> Settle(CheckoutSession before, CheckoutSession next, Instant now)
    {
        Invariant.Holds(
            next.Final <= next.Accepted && next.Accepted <= next.Included,
            "what is final is accepted, and what is accepted is included"
        );
        if (before.State == SessionState.Paid && next.Accepted >= next.Required)
        {
            var grew = next.Surplus.ToCents(Rounding.Down) > before.Surplus.ToCents(Rounding.Down);
            return grew ? Changed(next, EventType.PaymentOverpaid) : Changed(next);
        }
        if (before.State == SessionState.Paid)
            // Only what was accepted before it was final can go again (T8).
            next = next with
            {
                PaidAt = null,
            };
        else if (before.State.IsTerminal || before.State == SessionState.Frozen)
            return Changed(next);
        if (next.Accepted >= next.Required)
        {
            var paid = next with { State = SessionState.Paid, PaidAt = now };
            return paid.Surplus.ToCents(Rounding.Down) > 0
                ? Changed(paid, EventType.PaymentCompleted, EventType.PaymentOverpaid)
                : Changed(paid, EventType.PaymentCompleted);
        }
        if (next.Included >= next.Required)
        {
            var confirming = next with { State = SessionState.Confirming };
            return before.State == SessionState.Confirming
                ? Changed(confirming)
                : Changed(confirming, EventType.PaymentProcessing);
        }
        if (next.Included == Coverage.Zero)
            return Reopened(next with { State = SessionState.Awaiting });
        var underpaid = Reopened(next with { State = SessionState.Underpaid });
        return next.Included > before.Included
            ? underpaid with
            {
                Events = [new EventDraft(EventType.PaymentUnderpaid)],
            }
            : underpaid;
    }

    /// <summary>
    /// A session that is open again after a reversal must still end: its job may have run while it was confirming. The
    /// key carries the version, so that this job is new whenever the session opens anew.
    /// </summary>
    private static Decision<CheckoutSession> Reopened(CheckoutSession next)
    {
        var changed = Changed(next);
        if (!next.WasReversed)
            return changed;
        var key = string.Create(CultureInfo.InvariantCulture, $"expire:{next.Id}:{changed.Next!.Version}");
        return changed with { Jobs = [new JobDraft(JobKind.ExpireSession, next.Id.Value, next.ExpiresAt, key)] };
    }

    private static Decision<CheckoutSession> Changed(CheckoutSession next, params ReadOnlySpan<EventType> events)
    {
        var drafts = new List<EventDraft>(events.Length);
        foreach (var type in events)
            drafts.Add(new EventDraft(type));
        return new Decision<CheckoutSession> { Next = next with { Version = next.Version + 1 }, Events = drafts };
    }

    private static Decision<CheckoutSession> Refuse(ErrorCode code, string message) =>
        Decision<CheckoutSession>.Refuse(new Rejection(code, message));
}
