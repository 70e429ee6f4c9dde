using System.Buffers.Binary;
using StablePay.Chains.Evm;
using StablePay.Chains.Keys;

namespace StablePay.Chains.Tron;

/// <summary>
/// The block that a transaction stands on and the time in which it may be taken. A network that does not have the block
/// refuses the transaction, and so it cannot be replayed on another branch or network (TAPOS).
/// </summary>
/// <param name="BlockNumber">The low 16 bits of the block's height: <c>ref_block_bytes</c>.</param>
/// <param name="BlockHash">Bytes 8 to 15 of the block's id: <c>ref_block_hash</c>.</param>
/// <param name="From">The block's own time: <c>timestamp</c>.</param>
/// <param name="Until">From then on no block may take it: <c>expiration</c>.</param>
public readonly record struct TronValidity(ushort BlockNumber, ulong BlockHash, Instant From, Instant Until)
{
    /// <summary>Nodes refuse an expiration that is more than a day after their newest block.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <summary>
    /// Valid from a block's own time on, never from the host's clock, which may be wrong (TRX-14). Two transactions
    /// that agree in everything else, this included, are one transaction to the network.
    /// </summary>
    /// <param name="block">One of the newest 65,536 blocks of the chain; a solidified one cannot be lost.</param>
    /// <param name="lifetime">In whole milliseconds, longer than nothing and at most <see cref="Longest"/>.</param>
    /// <exception cref="FormatException">The block's hash is not 32 bytes of hex.</exception>
    public static TronValidity Of(BlockHeader block, TimeSpan lifetime)
    {
        ArgumentNullException.ThrowIfNull(block);
        return On(block.Ref, block.Time, block.Time + lifetime);
    }

    /// <summary>On one block, in a time that another one of the same chain tells.</summary>
    /// <exception cref="FormatException">The block's hash is not 32 bytes of hex.</exception>
    public static TronValidity On(BlockRef block, Instant from, Instant until)
    {
        var id = Hex.Parse(block.Hash);
        return id.Length == 32
            ? new TronValidity(
                (ushort)(block.Height & ushort.MaxValue),
                BinaryPrimitives.ReadUInt64BigEndian(id.AsSpan(8)),
                from,
                until
            )
            : throw new FormatException("A block's id has 32 bytes.");
    }
}

/// <summary>
/// A transaction before it is signed: a call of a contract, or a transfer of TRX. Signed by its owner's own key alone:
/// permissions with other keys are not for us (TRX-13).
/// </summary>
public abstract record TronTransaction
{
    private TronTransaction() { }

    public required TronValidity Validity { get; init; }

    /// <summary>Who signs and pays.</summary>
    public required TronAddress Owner { get; init; }

    /// <summary>A call that carries no TRX and no TRC-10 token with it.</summary>
    public sealed record ContractCall : TronTransaction
    {
        public required TronAddress Contract { get; init; }

        /// <summary>As <see cref="Abi.Transfer(EvmAddress, UInt256, ReadOnlySpan{byte})"/> writes it.</summary>
        public ReadOnlyMemory<byte> Data { get; init; }

        /// <summary>
        /// The most that the call's energy may cost in sun, whether it is staked or paid; above 0. A call that needs
        /// more uses it up and does nothing (TRX-12).
        /// </summary>
        public required long FeeLimitSun { get; init; }
    }

    public sealed record NativeTransfer : TronTransaction
    {
        public required TronAddress To { get; init; }

        /// <summary>In sun, millionths of a TRX; above 0.</summary>
        public required long AmountSun { get; init; }
    }
}

/// <summary>A transaction signed by its owner: the bytes to send, and its id.</summary>
/// <param name="Raw">The whole message, for <c>/wallet/broadcasthex</c>.</param>
/// <param name="Id">SHA-256 of <c>raw_data</c>; the signature is no part of it.</param>
public sealed record SignedTronTransaction(
    TronTransaction Transaction,
    RecoverableSignature Signature,
    ReadOnlyMemory<byte> Raw,
    ReadOnlyMemory<byte> Id
);
