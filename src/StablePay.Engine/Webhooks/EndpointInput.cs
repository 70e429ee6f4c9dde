namespace StablePay.Engine.Webhooks;

/// <summary>What may be said about an endpoint at its creation.</summary>
/// <param name="Events">Names of event types; null for the documented ones.</param>
public sealed record NewEndpoint(string Url, IReadOnlyList<string>? Events = null, string? Description = null);

/// <summary>What to change; null leaves as it is.</summary>
/// <param name="Description">The empty text removes it.</param>
/// <param name="Status"><c>enabled</c> or <c>disabled</c>.</param>
public sealed record EndpointChange(
    string? Url = null,
    IReadOnlyList<string>? Events = null,
    string? Description = null,
    string? Status = null
);

/// <summary>The rules of an endpoint's members that hold for creation and change alike.</summary>
internal static class EndpointInput
{
    private const int MostDescription = 500;

    public static Rejection? CheckEvents(IReadOnlyList<string>? events)
    {
        if (events is null)
            return null;
        if (events.Count == 0)
            return Refuse("events", "Name at least one event type, or leave the member out for the documented ones.");
        for (var i = 0; i < events.Count; i++)
        {
            var param = string.Create(CultureInfo.InvariantCulture, $"events.{i}");
            if (EventType.Find(events[i]) is null)
                return Refuse(param, "There is no event type of this name.");
            if (events.Take(i).Contains(events[i]))
                return Refuse(param, "The event type is named twice.");
        }
        return null;
    }

    public static Rejection? CheckDescription(string? description)
    {
        if (description is null)
            return null;
        return description.Length > MostDescription || description.Any(char.IsControl)
            ? Refuse("description", $"At most {MostDescription} characters, none of them a control character.")
            : null;
    }

    private static Rejection Refuse(string param, string message) => new(ErrorCode.ParameterInvalid, message, param);
}
