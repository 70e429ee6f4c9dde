namespace StablePay.Engine.Rates;

/// <summary>
/// What one source says of one currency. Sources quote currency units for one US dollar, or both against the euro; they
/// are inverted and crossed as whole numbers, and rounded once, to the rate's decimals.
/// </summary>
/// <param name="Source">The source's name.</param>
/// <param name="Rate">US dollars per one unit of the currency.</param>
/// <param name="AsOf">The instant that the source itself names, never later than what its date can mean.</param>
public sealed record RateReading(string Source, Currency Currency, Rate Rate, Instant AsOf);

/// <summary>Why something a source said is not used.</summary>
/// <param name="Source">The source's name.</param>
/// <param name="Reason">In words, at most 300 characters: what the source itself wrote in it may be of any length.</param>
public sealed record RateFault(string Source, string Reason)
{
    private const int MostReason = 300;

    public string Reason { get; } = Reason.Length <= MostReason ? Reason : Reason[..(MostReason - 1)] + "…";
}

/// <summary>What a source's answer holds.</summary>
public sealed record RateAnswer(IReadOnlyList<RateReading> Readings, IReadOnlyList<RateFault> Faults)
{
    public static RateAnswer Failed(string source, string reason) => new([], [new RateFault(source, reason)]);
}

/// <summary>A public source of mid-market rates.</summary>
public interface IRateSource
{
    string Name { get; }

    /// <summary>Where its current answer is read.</summary>
    Uri Address { get; }

    /// <summary>Reads an answer. Never throws: what cannot be believed is a fault with its reason (FX-03).</summary>
    RateAnswer Parse(ReadOnlyMemory<byte> answer);
}
