namespace StablePay.Engine.Tests;

/// <summary>Chance that repeats itself; safe for use from several threads.</summary>
internal sealed class SeededDice(int seed) : Dice
{
    private readonly Random _random = new(seed);

    public override void Fill(Span<byte> bytes)
    {
        lock (_random)
            _random.NextBytes(bytes);
    }
}
