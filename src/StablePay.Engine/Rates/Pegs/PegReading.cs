namespace StablePay.Engine.Rates.Pegs;

/// <summary>What one source says that a coin is worth.</summary>
/// <param name="Source">The source's name; it has one voice, however often it speaks.</param>
/// <param name="Price">US dollars for one coin.</param>
/// <param name="AsOf">The instant that the source itself names.</param>
public sealed record PegReading(string Source, Asset Asset, Rate Price, Instant AsOf);

/// <summary>What a source's answer holds.</summary>
public sealed record PegAnswer(IReadOnlyList<PegReading> Readings, IReadOnlyList<RateFault> Faults)
{
    public static PegAnswer Failed(string source, string reason) => new([], [new RateFault(source, reason)]);
}

/// <summary>A public source of coins' own market prices.</summary>
public interface IPegSource
{
    string Name { get; }

    /// <summary>Where its current answer is read.</summary>
    Uri Address { get; }

    /// <summary>Reads an answer. Never throws: what cannot be believed is a fault with its reason (FX-03).</summary>
    PegAnswer Parse(ReadOnlyMemory<byte> answer);
}
