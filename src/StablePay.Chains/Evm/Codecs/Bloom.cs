using System.Buffers.Binary;

namespace StablePay.Chains.Evm;

/// <summary>
/// The three bits that one item (a contract address or a log topic) sets in a block's <c>logsBloom</c>. Computed once
/// for what we watch, so that a check of a header costs three bit tests and no hash.
/// </summary>
public readonly record struct BloomKey
{
    private readonly ushort _first;
    private readonly ushort _second;
    private readonly ushort _third;

    private BloomKey(ushort first, ushort second, ushort third) => (_first, _second, _third) = (first, second, third);

    public static BloomKey Of(ReadOnlySpan<byte> item)
    {
        Span<byte> hash = stackalloc byte[32];
        Keccak256.Hash(item, hash);
        return new BloomKey(Bit(hash), Bit(hash[2..]), Bit(hash[4..]));
    }

    /// <summary>The key of an address where it is the emitting contract (20 bytes).</summary>
    public static BloomKey OfContract(EvmAddress contract)
    {
        Span<byte> bytes = stackalloc byte[EvmAddress.Length];
        contract.WriteTo(bytes);
        return Of(bytes);
    }

    /// <summary>The key of an address where it is an indexed argument (a 32-byte topic).</summary>
    public static BloomKey OfTopic(EvmAddress address)
    {
        Span<byte> topic = stackalloc byte[32];
        address.WriteTopic(topic);
        return Of(topic);
    }

    internal bool IsSetIn(ReadOnlySpan<byte> bloom) =>
        Test(bloom, _first) && Test(bloom, _second) && Test(bloom, _third);

    internal void SetIn(Span<byte> bloom)
    {
        bloom[255 - (_first >> 3)] |= (byte)(1 << (_first & 7));
        bloom[255 - (_second >> 3)] |= (byte)(1 << (_second & 7));
        bloom[255 - (_third >> 3)] |= (byte)(1 << (_third & 7));
    }

    private static ushort Bit(ReadOnlySpan<byte> hash) => (ushort)(BinaryPrimitives.ReadUInt16BigEndian(hash) & 2047);

    private static bool Test(ReadOnlySpan<byte> bloom, int bit) => (bloom[255 - (bit >> 3)] & (1 << (bit & 7))) != 0;
}

/// <summary>The 2048-bit filter of a block header: "no" is certain, "yes" means perhaps.</summary>
public static class Bloom
{
    public const int Length = 256;

    public static bool MayContain(ReadOnlySpan<byte> bloom, ReadOnlySpan<byte> item) =>
        MayContain(bloom, BloomKey.Of(item));

    public static bool MayContain(ReadOnlySpan<byte> bloom, BloomKey key)
    {
        Check(bloom.Length);
        return key.IsSetIn(bloom);
    }

    /// <summary>
    /// Whether the block may hold this event of this contract. The filter does not tie them together: they may come
    /// from two logs.
    /// </summary>
    public static bool MayContain(ReadOnlySpan<byte> bloom, BloomKey contract, BloomKey topic)
    {
        Check(bloom.Length);
        return contract.IsSetIn(bloom) && topic.IsSetIn(bloom);
    }

    /// <summary>Adds an item, as a node does when it builds the header.</summary>
    public static void Add(Span<byte> bloom, BloomKey key)
    {
        Check(bloom.Length);
        key.SetIn(bloom);
    }

    private static void Check(int length)
    {
        if (length != Length)
            throw new ArgumentException("A logs bloom has 256 bytes.");
    }
}
