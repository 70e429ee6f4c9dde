using System.Numerics;
using StablePay.Chains;

namespace StablePay.Engine.Watching;

/// <summary>
/// The addresses of one network that we watch, as 64-bit fingerprints in an open-addressed table behind a small Bloom
/// filter. Nearly every transfer on a chain is a miss, and a miss ends in the filter: one word out of a megabyte per
/// million addresses, which stays in the processor's cache where the table of 16 megabytes does not. A false hit is
/// harmless: the intake looks the whole address up in the database.
/// </summary>
public sealed class AddressSet : IAddressFilter
{
    private readonly Lock _writing = new();
    private Tables _tables = new(1 << 10);

    public int Count { get; private set; }

    /// <summary>Adds an address by its raw bytes. Readers on other threads see it at once.</summary>
    public void Add(ReadOnlySpan<byte> address)
    {
        var print = Fingerprint(address);
        lock (_writing)
        {
            if (Count * 2 >= _tables.Size)
                Volatile.Write(ref _tables, _tables.Doubled());
            if (_tables.Place(print))
                Count++;
        }
    }

    public bool MayContain(ReadOnlySpan<byte> address) => Volatile.Read(ref _tables).Contains(Fingerprint(address));

    /// <summary>FNV-1a with a final mix that fills every bit; never 0, which marks an empty slot.</summary>
    private static ulong Fingerprint(ReadOnlySpan<byte> address)
    {
        var hash = 14695981039346656037UL;
        foreach (var b in address)
            hash = (hash ^ b) * 1099511628211UL;
        hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccdUL;
        hash ^= hash >> 33;
        return hash == 0 ? 1 : hash;
    }

    /// <summary>Both tables of one size; a reader takes them together.</summary>
    private sealed class Tables(int size)
    {
        /// <summary>Four filter bits a slot: 8 to 16 an address.</summary>
        private const int SlotsPerWord = 16;

        private readonly ulong[] _slots = new ulong[size];
        private readonly ulong[] _filter = new ulong[size / SlotsPerWord];

        public int Size => _slots.Length;

        public bool Contains(ulong print)
        {
            var bits = BitsOf(print);
            if ((Volatile.Read(ref _filter[WordOf(print)]) & bits) != bits)
                return false;
            for (var i = SlotOf(print); ; i = (i + 1) & (_slots.Length - 1))
            {
                var found = Volatile.Read(ref _slots[i]);
                if (found == print)
                    return true;
                if (found == 0)
                    return false;
            }
        }

        /// <summary>False if it is there already.</summary>
        public bool Place(ulong print)
        {
            var i = SlotOf(print);
            for (; _slots[i] != 0; i = (i + 1) & (_slots.Length - 1))
                if (_slots[i] == print)
                    return false;
            Volatile.Write(ref _slots[i], print);
            // After the slot, so that whoever passes the filter finds it.
            ref var word = ref _filter[WordOf(print)];
            Volatile.Write(ref word, word | BitsOf(print));
            return true;
        }

        public Tables Doubled()
        {
            var larger = new Tables(_slots.Length * 2);
            foreach (var print in _slots)
                if (print != 0)
                    larger.Place(print);
            return larger;
        }

        // Slots go by the lowest bits, words and the three bits in a word by others.
        private int SlotOf(ulong print) => (int)print & (_slots.Length - 1);

        private int WordOf(ulong print) => (int)(BitOperations.RotateLeft(print, 14) & (ulong)(_filter.Length - 1));

        private static ulong BitsOf(ulong print) =>
            (1UL << (int)(print >> 32)) | (1UL << (int)(print >> 38)) | (1UL << (int)(print >> 44));
    }
}
