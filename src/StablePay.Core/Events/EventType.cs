namespace StablePay.Core.Events;

/// <summary>
/// The catalogue of events (contract section 8). Documented ones go to every endpoint; the others only to endpoints
/// that ask for them.
/// </summary>
public sealed record EventType
{
    private static readonly List<EventType> Entries = [];

    private EventType(string name, bool documented, string meaning)
    {
        (Name, IsDocumented, Meaning) = (name, documented, meaning);
        Entries.Add(this);
    }

    /// <summary>The dotted past-tense name on the wire.</summary>
    public string Name { get; }

    /// <summary>Whether an endpoint that names no events receives it.</summary>
    public bool IsDocumented { get; }

    public string Meaning { get; }

    public static IReadOnlyList<EventType> All => Entries;

    public static readonly EventType PaymentCompleted = new(
        "payment.completed",
        true,
        "The amount due is covered by final transfers."
    );
    public static readonly EventType PaymentFailed = new(
        "payment.failed",
        true,
        "A transfer was seen, then undone by the network, and the time is over."
    );
    public static readonly EventType PaymentExpired = new(
        "payment.expired",
        true,
        "The time ended, or the merchant canceled, before the amount was covered."
    );
    public static readonly EventType PaymentCancelled = new(
        "payment.cancelled",
        true,
        "The payer canceled on the checkout page."
    );
    public static readonly EventType PaymentProcessing = new(
        "payment.processing",
        false,
        "Transfers that cover the amount due are in blocks and await finality."
    );
    public static readonly EventType PaymentUnderpaid = new(
        "payment.underpaid",
        false,
        "Less than the amount due has been seen so far."
    );
    public static readonly EventType PaymentOverpaid = new(
        "payment.overpaid",
        false,
        "More than the amount due became final; the surplus belongs to the payer."
    );
    public static readonly EventType PaymentPaidLate = new(
        "payment.paid_late",
        false,
        "Money became final after the payment had ended."
    );
    public static readonly EventType PaymentReversed = new(
        "payment.reversed",
        false,
        "A transfer that had been seen lost its block."
    );

    /// <summary>The type of this name, or null.</summary>
    public static EventType? Find(string name) => Entries.Find(e => e.Name == name);

    public override string ToString() => Name;
}

/// <summary>That something happened to an object at one of its versions. The engine adds the object itself.</summary>
public readonly record struct EventDraft(EventType Type);
