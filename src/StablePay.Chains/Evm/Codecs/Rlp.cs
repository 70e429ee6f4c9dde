namespace StablePay.Chains.Evm;

/// <summary>One item of the recursive length prefix form: a string of bytes, or a list of items.</summary>
public sealed class RlpItem
{
    private readonly IReadOnlyList<RlpItem>? _items;
    private readonly ReadOnlyMemory<byte> _bytes;

    private RlpItem(ReadOnlyMemory<byte> bytes, IReadOnlyList<RlpItem>? items) => (_bytes, _items) = (bytes, items);

    public bool IsList => _items is not null;

    /// <exception cref="FormatException">The item is a list.</exception>
    public ReadOnlyMemory<byte> Bytes => _items is null ? _bytes : throw new FormatException("RLP: bytes expected.");

    /// <exception cref="FormatException">The item is a string of bytes.</exception>
    public IReadOnlyList<RlpItem> Items => _items ?? throw new FormatException("RLP: a list expected.");

    public static RlpItem Of(ReadOnlyMemory<byte> bytes) => new(bytes, null);

    public static RlpItem List(params IReadOnlyList<RlpItem> items) => new(default, items);

    /// <summary>A number: big-endian without leading zeros, zero being the empty string.</summary>
    public static RlpItem Of(UInt256 number)
    {
        var word = new byte[32];
        number.WriteBigEndian(word);
        var start = word.AsSpan().IndexOfAnyExcept((byte)0);
        return Of(start < 0 ? default : word.AsMemory(start));
    }

    /// <summary>Reads a number of at most 256 bits in its one canonical form.</summary>
    /// <exception cref="FormatException">It is a list, too long, or starts with a zero byte.</exception>
    public UInt256 ToUInt256()
    {
        var digits = Bytes.Span;
        if (digits.Length > 32 || (digits.Length > 0 && digits[0] == 0))
            throw new FormatException("RLP: not a number in its shortest form.");
        Span<byte> word = stackalloc byte[32];
        word.Clear();
        digits.CopyTo(word[(32 - digits.Length)..]);
        return UInt256.FromBigEndian(word);
    }

    /// <exception cref="FormatException">It is no number, or does not fit 64 bits.</exception>
    public ulong ToUInt64() =>
        ToUInt256() is var number && number <= ulong.MaxValue
            ? (ulong)number.Low
            : throw new FormatException("RLP: the number does not fit 64 bits.");
}

/// <summary>
/// Recursive length prefix. Every value has exactly one encoding and the reader accepts no other, so that the hash of
/// what we read is the hash of what was sent.
/// </summary>
public static class Rlp
{
    /// <summary>
    /// Lists in lists deeper than this are refused: nothing real needs them, an attacker's stack bomb does.
    /// </summary>
    public const int MaxDepth = 64;

    public static byte[] Encode(RlpItem item)
    {
        ArgumentNullException.ThrowIfNull(item);
        var lengths = new Queue<int>();
        var bytes = new byte[Measure(item, lengths, 0)];
        var end = Write(item, lengths, bytes, 0);
        return end == bytes.Length ? bytes : throw new InvalidOperationException("RLP: measured and written differ.");
    }

    /// <exception cref="FormatException">The bytes are not the canonical encoding of exactly one item.</exception>
    public static RlpItem Decode(ReadOnlyMemory<byte> encoded)
    {
        var item = Read(encoded, 0, out var used);
        return used == encoded.Length ? item : throw new FormatException("RLP: bytes after the item.");
    }

    // The queue keeps payload lengths of lists in the order in which Write meets them, so nothing is measured twice.
    private static int Measure(RlpItem item, Queue<int> lengths, int depth)
    {
        if (depth > MaxDepth)
            throw new FormatException("RLP: nested too deep.");
        if (!item.IsList)
        {
            var bytes = item.Bytes.Span;
            return bytes.Length == 1 && bytes[0] < 0x80 ? 1 : PrefixLength(bytes.Length) + bytes.Length;
        }

        var inner = new Queue<int>();
        var payload = 0;
        foreach (var child in item.Items)
            payload = checked(payload + Measure(child, inner, depth + 1));
        lengths.Enqueue(payload);
        while (inner.TryDequeue(out var length))
            lengths.Enqueue(length);
        return PrefixLength(payload) + payload;
    }

    private static int Write(RlpItem item, Queue<int> lengths, Span<byte> target, int at)
    {
        if (item.IsList)
        {
            at = WritePrefix(target, at, 0xc0, lengths.Dequeue());
            foreach (var child in item.Items)
                at = Write(child, lengths, target, at);
            return at;
        }

        var bytes = item.Bytes.Span;
        if (bytes.Length != 1 || bytes[0] >= 0x80)
            at = WritePrefix(target, at, 0x80, bytes.Length);
        bytes.CopyTo(target[at..]);
        return at + bytes.Length;
    }

    private static int PrefixLength(int length) => length < 56 ? 1 : 1 + LengthOfLength(length);

    private static int LengthOfLength(int length) =>
        length switch
        {
            < 1 << 8 => 1,
            < 1 << 16 => 2,
            < 1 << 24 => 3,
            _ => 4,
        };

    private static int WritePrefix(Span<byte> target, int at, int kind, int length)
    {
        if (length < 56)
        {
            target[at] = (byte)(kind + length);
            return at + 1;
        }

        var size = LengthOfLength(length);
        target[at++] = (byte)(kind + 55 + size);
        for (var shift = 8 * (size - 1); shift >= 0; shift -= 8)
            target[at++] = (byte)(length >> shift);
        return at;
    }

    private static RlpItem Read(ReadOnlyMemory<byte> source, int depth, out int used)
    {
        if (depth > MaxDepth)
            throw new FormatException("RLP: nested too deep.");
        if (source.IsEmpty)
            throw new FormatException("RLP: no bytes.");
        var first = source.Span[0];
        if (first < 0x80)
        {
            used = 1;
            return RlpItem.Of(source[..1]);
        }

        var (start, length) = ReadPrefix(source.Span, first);
        var payload = source.Slice(start, length);
        used = start + length;
        if (first < 0xc0)
        {
            if (length == 1 && payload.Span[0] < 0x80)
                throw new FormatException("RLP: a small byte with a prefix.");
            return RlpItem.Of(payload);
        }

        var items = new List<RlpItem>();
        for (var at = 0; at < length; )
        {
            items.Add(Read(payload[at..], depth + 1, out var size));
            at += size;
        }

        return RlpItem.List(items);
    }

    private static (int Start, int Length) ReadPrefix(ReadOnlySpan<byte> source, byte first)
    {
        var code = first - (first < 0xc0 ? 0x80 : 0xc0);
        var start = 1;
        long length = code;
        if (code > 55)
        {
            var size = code - 55;
            if (size > 4 || source.Length < 1 + size)
                throw new FormatException("RLP: the length is cut or too long.");
            length = 0;
            foreach (var digit in source.Slice(1, size))
                length = (length << 8) | digit;
            if (source[1] == 0 || length < 56)
                throw new FormatException("RLP: the length is not in its short form.");
            start += size;
        }

        if (length > source.Length - start)
            throw new FormatException("RLP: the item is cut.");
        return (start, (int)length);
    }
}
