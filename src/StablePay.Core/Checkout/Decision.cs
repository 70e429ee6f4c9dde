namespace StablePay.Core.Checkout;

/// <summary>
/// What a machine makes of one input: the next state with its events, ledger entries and jobs, or a refusal. A decision
/// whose <see cref="Next"/> is the object itself changes nothing.
/// </summary>
public sealed record Decision<T>
    where T : class
{
    public required T? Next { get; init; }
    public IReadOnlyList<EventDraft> Events { get; init; } = [];
    public IReadOnlyList<LedgerEntry> Entries { get; init; } = [];
    public IReadOnlyList<JobDraft> Jobs { get; init; } = [];
    public Rejection? Rejection { get; init; }

    public static Decision<T> Refuse(Rejection rejection) => new() { Next = null, Rejection = rejection };

    public static Decision<T> Nothing(T unchanged) => new() { Next = unchanged };
}
