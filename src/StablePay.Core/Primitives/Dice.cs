namespace StablePay.Core.Primitives;

/// <summary>
/// A source of randomness. Production fills from the operating system's generator, tests from a seed;
/// nothing else in the program may be random.
/// </summary>
public abstract class Dice
{
    /// <summary>Fills the whole span with random bytes.</summary>
    public abstract void Fill(Span<byte> bytes);

    /// <summary>A number in [0, below). <paramref name="below"/> is 1 or more.</summary>
    public int Next(int below)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(below, 1);
        Span<byte> bytes = stackalloc byte[8];
        Fill(bytes);
        // 64 random bits against a 31-bit bound: the bias is below 2^-33 and nothing here is a key.
        return (int)(BitConverter.ToUInt64(bytes) % (ulong)below);
    }
}
