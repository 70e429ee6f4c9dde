namespace StablePay.Chains.Evm;

/// <summary>
/// The root of a Merkle-Patricia trie of a list: keys are the RLP of each item's place. Ethereum's headers hold such
/// roots of a block's transactions and receipts (Yellow Paper, appendix D).
/// </summary>
public static class OrderedTrie
{
    private const int HashLength = 32;
    private const int Branches = 16;

    /// <param name="values">The encoded items in their order; none may be empty.</param>
    public static byte[] Root(IReadOnlyList<byte[]> values)
    {
        if (values.Count == 0)
            return Keccak256.Hash(Rlp.Encode(RlpItem.Of(ReadOnlyMemory<byte>.Empty)));
        var entries = values
            .Select((value, place) => new Entry(Nibbles(Rlp.Encode(RlpItem.Of((UInt256)(ulong)place))), value))
            .OrderBy(entry => entry.Path, PathOrder.Instance)
            .ToArray();
        return Keccak256.Hash(Rlp.Encode(Node(entries, 0)));
    }

    private readonly record struct Entry(byte[] Path, byte[] Value);

    /// <param name="entries">At least one, sorted; all have the same first <paramref name="depth"/> nibbles.</param>
    private static RlpItem Node(ReadOnlySpan<Entry> entries, int depth)
    {
        if (entries.Length == 1)
            return Short(entries[0].Path.AsSpan(depth), isLeaf: true, RlpItem.Of(entries[0].Value));
        var shared = entries[0].Path.AsSpan(depth).CommonPrefixLength(entries[^1].Path.AsSpan(depth));
        return shared > 0
            ? Short(entries[0].Path.AsSpan(depth, shared), isLeaf: false, Reference(Branch(entries, depth + shared)))
            : Branch(entries, depth);
    }

    private static RlpItem Branch(ReadOnlySpan<Entry> entries, int depth)
    {
        var children = new RlpItem[Branches + 1];
        Array.Fill(children, RlpItem.Of(ReadOnlyMemory<byte>.Empty));
        while (!entries.IsEmpty)
        {
            // No key of a list is the beginning of another: RLP of a number says how long it is.
            var nibble = entries[0].Path[depth];
            var count = 1;
            while (count < entries.Length && entries[count].Path[depth] == nibble)
                count++;
            children[nibble] = Reference(Node(entries[..count], depth + 1));
            entries = entries[count..];
        }
        return RlpItem.List(children);
    }

    /// <summary>A node inside another: itself if it is short, else its hash.</summary>
    private static RlpItem Reference(RlpItem node)
    {
        var encoded = Rlp.Encode(node);
        return encoded.Length < HashLength ? node : RlpItem.Of(Keccak256.Hash(encoded));
    }

    /// <summary>A leaf or an extension, its path in hex-prefix form.</summary>
    private static RlpItem Short(ReadOnlySpan<byte> path, bool isLeaf, RlpItem content)
    {
        var odd = path.Length % 2;
        var packed = new byte[(path.Length / 2) + 1];
        packed[0] = (byte)(((isLeaf ? 2 : 0) + odd) << 4);
        if (odd == 1)
            packed[0] |= path[0];
        for (var i = odd; i < path.Length; i += 2)
            packed[(i / 2) + 1] = (byte)((path[i] << 4) | path[i + 1]);
        return RlpItem.List(RlpItem.Of(packed), content);
    }

    private static byte[] Nibbles(byte[] key)
    {
        var nibbles = new byte[key.Length * 2];
        for (var i = 0; i < key.Length; i++)
            (nibbles[2 * i], nibbles[(2 * i) + 1]) = ((byte)(key[i] >> 4), (byte)(key[i] & 15));
        return nibbles;
    }

    private sealed class PathOrder : IComparer<byte[]>
    {
        public static readonly PathOrder Instance = new();

        public int Compare(byte[]? x, byte[]? y) => x.AsSpan().SequenceCompareTo(y);
    }
}
