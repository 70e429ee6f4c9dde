namespace StablePay.Simulation.World;

/// <summary>
/// Chance from a seed: the same numbers on every machine and in every version of the runtime (SplitMix64). Streams of
/// different names do not depend on each other, so that leaving one thing out of a world changes no other.
/// </summary>
internal sealed class Chance : Dice
{
    private ulong _state;

    public Chance(ulong seed, string stream)
    {
        _state = seed;
        foreach (var letter in stream)
            _state = (Next() ^ letter) + 0x9E3779B97F4A7C15;
    }

    public ulong Next()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    public override void Fill(Span<byte> bytes)
    {
        Span<byte> word = stackalloc byte[8];
        for (var i = 0; i < bytes.Length; i += 8)
        {
            System.Buffers.Binary.BinaryPrimitives.WriteUInt64LittleEndian(word, Next());
            word[..Math.Min(8, bytes.Length - i)].CopyTo(bytes[i..]);
        }
    }

    /// <summary>True in so many of a hundred cases.</summary>
    public bool Percent(int percent) => Next(100) < percent;

    /// <summary>From low to high, both included.</summary>
    public int Between(int low, int high) => low + Next(high - low + 1);

    public TimeSpan Milliseconds(int low, int high) => TimeSpan.FromMilliseconds(Between(low, high));

    public TimeSpan Seconds(int low, int high) => TimeSpan.FromMilliseconds(Between(low * 1000, high * 1000));

    public T OneOf<T>(IReadOnlyList<T> list) => list[Next(list.Count)];

    /// <summary>One of the choices, each as likely as its weight says.</summary>
    public T Weighted<T>(params ReadOnlySpan<(int Weight, T Choice)> choices)
    {
        var sum = 0;
        foreach (var (weight, _) in choices)
            sum += weight;
        var at = Next(sum);
        foreach (var (weight, choice) in choices)
            if ((at -= weight) < 0)
                return choice;
        throw new InvalidOperationException("the weights are above zero");
    }
}
