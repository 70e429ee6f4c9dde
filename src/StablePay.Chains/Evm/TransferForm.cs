namespace StablePay.Chains.Evm;

/// <summary>
/// A Transfer event as a virtual machine logs it, on EVM networks and on TRON alike; whose log it is and whether its
/// transaction succeeded is not known here.
/// </summary>
/// <param name="Malformed">Why it cannot be an ERC-20 transfer (TOK-03); null if it has the form of one.</param>
internal readonly record struct TransferForm(EvmAddress From, EvmAddress To, UInt256 Value, string? Malformed)
{
    public const int Topics = 3;

    /// <summary>Room for the three topics and one word of data.</summary>
    public const int Length = (Topics + 1) * 32;

    /// <summary>Whether the words are of this event: an approval names addresses in the same places.</summary>
    public static bool IsTransfer(ReadOnlySpan<byte> words, int topics) =>
        topics >= Topics && words[..32].SequenceEqual(Abi.TransferTopic);

    /// <summary>The last 20 bytes of topic 2 are the recipient, whether or not the rest is clean.</summary>
    public static ReadOnlySpan<byte> RecipientOf(ReadOnlySpan<byte> words) => words.Slice(64 + 12, EvmAddress.Length);

    /// <param name="words">Topics 0 to 2, then the data if it is one word.</param>
    /// <param name="topics">How many topics the log has.</param>
    /// <param name="dataLength">How many bytes of data it has.</param>
    public static TransferForm Read(ReadOnlySpan<byte> words, int topics, int dataLength)
    {
        var from = words.Slice(32, 32);
        var to = words.Slice(64, 32);
        var malformed =
            topics != Topics ? $"{topics} topics where a transfer has 3"
            : from[..12].ContainsAnyExcept((byte)0) || to[..12].ContainsAnyExcept((byte)0)
                ? "an address topic with dirty high bytes"
            : dataLength != 32 ? $"{dataLength} bytes of data where a transfer has 32"
            : null;
        return new(
            new EvmAddress(from[12..]),
            new EvmAddress(to[12..]),
            malformed is null ? UInt256.FromBigEndian(words.Slice(96, 32)) : UInt256.Zero,
            malformed
        );
    }

    /// <summary>Why it cannot be credited as this token; null with its amount if it can (P4, TOK-17).</summary>
    public string? Refusal(Token token, out UInt128 atoms)
    {
        atoms = default;
        if (Malformed is not null)
            return Malformed;
        return Value.TryToUInt128(out atoms) && atoms <= token.MaxTransferAtoms
            ? null
            : $"an amount beyond any supply: {Value}";
    }
}
