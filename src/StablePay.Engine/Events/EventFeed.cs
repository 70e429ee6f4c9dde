using System.Text;
using StablePay.Engine.Access;

namespace StablePay.Engine.Events;

/// <summary>Events as the API gives them: the very bytes that webhooks carry (WH-12).</summary>
public sealed class EventFeed(FindEvent find, ListEvents list)
{
    /// <summary>One event's body.</summary>
    public async Task<Result<byte[]>> FindAsync(Caller caller, EventId id, CancellationToken ct)
    {
        var found = await find.RunAsync(caller, id, ct);
        return found.IsOk ? Encoding.UTF8.GetBytes(found.Value.Body) : found.Rejection;
    }

    /// <summary>The bodies of events after a sequence, in order, and whether there are more.</summary>
    public async Task<(IReadOnlyList<byte[]> Bodies, bool HasMore)> ListAsync(
        Caller caller,
        long after,
        int limit,
        CancellationToken ct
    )
    {
        var page = await list.RunAsync(caller, after, limit, ct);
        return ([.. page.Events.Select(e => Encoding.UTF8.GetBytes(e.Body))], page.HasMore);
    }
}
