using StablePay.Core.Primitives;

namespace StablePay.Testing;

/// <summary>The same bytes for the same seed.</summary>
public sealed class SeededDice(int seed) : Dice
{
    private readonly Random _random = new(seed);

    public override void Fill(Span<byte> bytes)
    {
        lock (_random)
            _random.NextBytes(bytes);
    }
}
