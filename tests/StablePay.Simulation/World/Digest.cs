namespace StablePay.Simulation.World;

/// <summary>A fingerprint of everything that happened, in its order (FNV-1a). Two runs that differ anywhere differ here.</summary>
internal sealed class Digest
{
    private ulong _hash = 14_695_981_039_346_656_037;

    public void Add(long first, long second = 0)
    {
        Mix((ulong)first);
        Mix((ulong)second);
    }

    public void Add(string words)
    {
        foreach (var letter in words)
            Mix(letter);
    }

    public override string ToString() => _hash.ToString("x16", CultureInfo.InvariantCulture);

    private void Mix(ulong value)
    {
        for (var i = 0; i < 8; i++)
        {
            _hash = (_hash ^ (value & 0xff)) * 1_099_511_628_211;
            value >>= 8;
        }
    }
}
