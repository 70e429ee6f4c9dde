using StablePay.Chains;

namespace StablePay.Engine.Watching;

/// <summary>
/// The addresses of one network that we watch, as 64-bit fingerprints in an open-addressed table: 16 bytes an address,
/// and a miss, which nearly every transfer on a chain is, costs one probe whatever the number of sessions. A false hit
/// is harmless: the intake looks the whole address up in the database.
/// </summary>
public sealed class AddressSet : IAddressFilter
{
    private readonly Lock _writing = new();
    private ulong[] _slots = new ulong[1 << 10];

    public int Count { get; private set; }

    /// <summary>Adds an address by its raw bytes. Readers on other threads see it at once.</summary>
    public void Add(ReadOnlySpan<byte> address)
    {
        var print = Fingerprint(address);
        lock (_writing)
        {
            if (Count * 2 >= _slots.Length)
                Grow();
            if (Place(_slots, print))
                Count++;
        }
    }

    public bool MayContain(ReadOnlySpan<byte> address)
    {
        var print = Fingerprint(address);
        var slots = Volatile.Read(ref _slots);
        for (var i = (int)print & (slots.Length - 1); ; i = (i + 1) & (slots.Length - 1))
        {
            var found = Volatile.Read(ref slots[i]);
            if (found == print)
                return true;
            if (found == 0)
                return false;
        }
    }

    private static bool Place(ulong[] slots, ulong print)
    {
        var i = (int)print & (slots.Length - 1);
        while (slots[i] != 0)
        {
            if (slots[i] == print)
                return false;
            i = (i + 1) & (slots.Length - 1);
        }
        Volatile.Write(ref slots[i], print);
        return true;
    }

    private void Grow()
    {
        var larger = new ulong[_slots.Length * 2];
        foreach (var print in _slots)
            if (print != 0)
                Place(larger, print);
        Volatile.Write(ref _slots, larger);
    }

    /// <summary>FNV-1a with a final mix; never 0, which marks an empty slot.</summary>
    private static ulong Fingerprint(ReadOnlySpan<byte> address)
    {
        var hash = 14695981039346656037UL;
        foreach (var b in address)
            hash = (hash ^ b) * 1099511628211UL;
        hash ^= hash >> 32;
        return hash == 0 ? 1 : hash;
    }
}
