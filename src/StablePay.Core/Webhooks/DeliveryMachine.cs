namespace StablePay.Core.Webhooks;

/// <summary>What came of one try.</summary>
/// <param name="Status">The HTTP status, or null if no answer came.</param>
/// <param name="Error">
/// Why it failed without a status: <c>timeout</c>, <c>connection_refused</c>, <c>address_refused</c> …
/// </param>
public sealed record DeliveryOutcome(int? Status, string? Error)
{
    /// <summary>Any 2xx; a redirect is a failure (contract section 8).</summary>
    public bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>The receiver wants nothing more.</summary>
    public bool IsGone => Status == 410;
}

/// <summary>What a try makes of a delivery: its next state and, while pending, when to try again.</summary>
public sealed record DeliveryDecision(Delivery Next, Instant? RetryAt, bool DisableEndpoint);

/// <summary>pending → delivered | exhausted, on the schedule of contract section 8.</summary>
public static class DeliveryMachine
{
    /// <summary>
    /// The waits between the contract's times 0, 5 s, 30 s, 2 min, 10 min, 30 min, 1 h, 2 h and 4 h. They are counted
    /// from the try that failed, so that an outage of ours is not followed by several tries at once.
    /// </summary>
    private static readonly TimeSpan[] Steps =
    [
        TimeSpan.FromSeconds(5),
        TimeSpan.FromSeconds(25),
        TimeSpan.FromSeconds(90),
        TimeSpan.FromMinutes(8),
        TimeSpan.FromMinutes(20),
        TimeSpan.FromMinutes(30),
        TimeSpan.FromHours(1),
        TimeSpan.FromHours(2),
    ];

    private static readonly TimeSpan Tail = TimeSpan.FromHours(6);

    /// <summary>The last try is this long after the event.</summary>
    public static readonly TimeSpan GiveUpAfter = TimeSpan.FromHours(76);

    public static DeliveryDecision Decide(Delivery delivery, DeliveryOutcome outcome, Instant now, Dice dice)
    {
        Invariant.Holds(delivery.State == DeliveryState.Pending, "only a pending delivery is tried");
        var tried = delivery with
        {
            Attempts = delivery.Attempts + 1,
            LastStatus = outcome.Status,
            LastError = outcome.IsSuccess ? null : outcome.Error ?? "status",
            Version = delivery.Version + 1,
        };
        if (outcome.IsSuccess)
            return new(tried with { State = DeliveryState.Delivered, FinishedAt = now }, null, false);
        var end = delivery.CreatedAt + GiveUpAfter;
        if (outcome.IsGone || now >= end)
            return new(tried with { State = DeliveryState.Exhausted, FinishedAt = now }, null, outcome.IsGone);
        var next = now + Wait(tried.Attempts, dice);
        return new(tried, next < end ? next : end, false);
    }

    /// <summary>
    /// The wait after this many tries, 0 to 20 % longer, so that what failed together does not return together.
    /// </summary>
    public static TimeSpan Wait(int attempts, Dice dice)
    {
        var step = attempts <= Steps.Length ? Steps[attempts - 1] : Tail;
        return step + (step / 1000 * dice.Next(201));
    }
}
