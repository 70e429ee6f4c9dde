using System.Text;
using System.Text.Json;
using StablePay.Engine.Checkout;
using StablePay.Storage;

namespace StablePay.Engine.Events;

/// <summary>
/// The only builder of event bodies (contract section 8):
/// <c>{"id":…,"type":…,"created":…,"livemode":…,"sequence":…,"data":{…}}</c>. The sequence is known only inside the
/// transaction, so the body is given as what stands before it and after it.
/// </summary>
public sealed class EventBody(SessionViews views)
{
    /// <summary>The event of a session at its version.</summary>
    /// <param name="ordinal">
    /// Which of the decision's events this is: with the version it gives the event its id.
    /// </param>
    /// <param name="session">As the same commit leaves it (WH-13).</param>
    /// <param name="transfers">All of the session's, as the same commit leaves them.</param>
    public NewEvent Build(
        EventDraft draft,
        int ordinal,
        CheckoutSession session,
        IReadOnlyList<Transfer> transfers,
        Instant now
    )
    {
        var id = IdSource.Derive<EventId>(now, session.Id.Value, session.Version, ordinal);
        var view = views.Of(session, transfers);
        var data = JsonSerializer.SerializeToUtf8Bytes(
            new PaymentEventData(view, ConcernOf(draft.Type, view.Transfers)),
            SessionJson.Default.PaymentEventData
        );
        var type = draft.Type.Name;
        var live = session.Live ? "true" : "false";
        return new(
            id,
            session.Store,
            session.Live,
            draft.Type,
            session.Id.Value,
            session.Version,
            now,
            string.Create(
                CultureInfo.InvariantCulture,
                $$"""{"id":"{{id}}","type":"{{type}}","created":{{now.UnixSeconds}},"livemode":{{live}},"sequence":"""
            ),
            $$""","data":{{Encoding.UTF8.GetString(data)}}}"""
        );
    }

    /// <summary>
    /// The transfer that the event is about, as far as one is: the latest of those that made it happen.
    /// </summary>
    private static TransferView? ConcernOf(EventType type, IReadOnlyList<TransferView> transfers)
    {
        bool IsCause(TransferView transfer) =>
            type == EventType.PaymentReversed ? transfer.Status == "orphaned"
            : type == EventType.PaymentPaidLate ? transfer.Class == "late"
            : transfer is { Class: "counted", Status: not "orphaned" };

        return transfers.Where(IsCause).MaxBy(t => t.BlockTime)
            ?? transfers.Where(t => t.Class != "dust").MaxBy(t => t.BlockTime);
    }
}
