using System.Security.Cryptography;
using StablePay.Chains.Keys;

namespace StablePay.Chains.Evm;

/// <summary>
/// A transaction before it is signed: the old form with one gas price (replay-protected by EIP-155) or the one with a
/// fee market (EIP-1559). Without a recipient it creates a contract.
/// </summary>
public abstract record EvmTransaction
{
    private EvmTransaction() { }

    public required ulong ChainId { get; init; }

    public required ulong Nonce { get; init; }

    public required ulong GasLimit { get; init; }

    public required EvmAddress? To { get; init; }

    public UInt256 Value { get; init; }

    public ReadOnlyMemory<byte> Data { get; init; }

    public sealed record Legacy : EvmTransaction
    {
        public required UInt256 GasPrice { get; init; }
    }

    public sealed record FeeMarket : EvmTransaction
    {
        public required UInt256 MaxPriorityFeePerGas { get; init; }

        public required UInt256 MaxFeePerGas { get; init; }
    }
}

/// <summary>A signed transaction: the bytes to send, their hash, and who signed.</summary>
public sealed record SignedEvmTransaction(
    EvmTransaction Transaction,
    RecoverableSignature Signature,
    ReadOnlyMemory<byte> Raw,
    ReadOnlyMemory<byte> Hash,
    EvmAddress Sender
);

/// <summary>Encodes, signs and reads transactions.</summary>
public static class EvmTransactions
{
    private const byte FeeMarketType = 0x02;

    // EIP-155 puts the chain into v as 35 + 2 * chain + y; above this the sum leaves 64 bits.
    private const ulong HighestLegacyChainId = (ulong.MaxValue - 36) / 2;

    /// <summary>The bytes whose hash is signed.</summary>
    public static byte[] EncodeUnsigned(EvmTransaction transaction)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        if (Flaw(transaction) is { } flaw)
            throw new ArgumentException(flaw, nameof(transaction));
        return transaction switch
        {
            EvmTransaction.Legacy old => Rlp.Encode(
                RlpItem.List([.. Fields(old), RlpItem.Of(old.ChainId), RlpItem.Of(0UL), RlpItem.Of(0UL)])
            ),
            EvmTransaction.FeeMarket market => Typed(RlpItem.List(Fields(market))),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    public static byte[] SigningHash(EvmTransaction transaction) => Keccak256.Hash(EncodeUnsigned(transaction));

    /// <summary>
    /// Signs. The signer is then recovered from the signature: a fault in the arithmetic must never leave the machine,
    /// since one wrong signature can give away the key.
    /// </summary>
    public static SignedEvmTransaction Sign(EvmTransaction transaction, ReadOnlySpan<byte> privateKey)
    {
        var signature = Secp256k1.Sign(SigningHash(transaction), privateKey);
        var signed = Join(transaction, signature);
        return signed.Sender == EvmAddress.FromPublicKey(Secp256k1.PublicKey(privateKey))
            ? signed
            : throw new CryptographicException("The signature does not belong to its key.");
    }

    /// <summary>Reads a signed transaction of either form and recovers its sender.</summary>
    /// <exception cref="FormatException">Another type, another spelling, or a signature of no key.</exception>
    public static SignedEvmTransaction Decode(ReadOnlyMemory<byte> raw)
    {
        if (raw.IsEmpty)
            throw new FormatException("A transaction has bytes.");
        try
        {
            return raw.Span[0] switch
            {
                FeeMarketType => DecodeFeeMarket(Rlp.Decode(raw[1..]).Items),
                >= 0xc0 => DecodeLegacy(Rlp.Decode(raw).Items),
                _ => throw new FormatException("A transaction of a type that is not read here."),
            };
        }
        catch (CryptographicException e)
        {
            throw new FormatException("The transaction's signature belongs to no key.", e);
        }
    }

    private static SignedEvmTransaction DecodeLegacy(IReadOnlyList<RlpItem> items)
    {
        Count(items, 9);
        var v = items[6].ToUInt64();
        if (v < 37)
            throw new FormatException("A transaction without replay protection.");
        var transaction = new EvmTransaction.Legacy
        {
            ChainId = (v - 35) / 2,
            Nonce = items[0].ToUInt64(),
            GasPrice = items[1].ToUInt256(),
            GasLimit = items[2].ToUInt64(),
            To = Recipient(items[3]),
            Value = items[4].ToUInt256(),
            Data = items[5].Bytes,
        };
        return Read(transaction, Signature(items[7], items[8], (byte)((v - 35) % 2)));
    }

    private static SignedEvmTransaction DecodeFeeMarket(IReadOnlyList<RlpItem> items)
    {
        Count(items, 12);
        if (items[8].Items.Count != 0)
            throw new FormatException("Access lists are not read here.");
        var transaction = new EvmTransaction.FeeMarket
        {
            ChainId = items[0].ToUInt64(),
            Nonce = items[1].ToUInt64(),
            MaxPriorityFeePerGas = items[2].ToUInt256(),
            MaxFeePerGas = items[3].ToUInt256(),
            GasLimit = items[4].ToUInt64(),
            To = Recipient(items[5]),
            Value = items[6].ToUInt256(),
            Data = items[7].Bytes,
        };
        var parity = items[9].ToUInt64();
        if (parity > 1)
            throw new FormatException("The parity of a signature is 0 or 1.");
        return Read(transaction, Signature(items[10], items[11], (byte)parity));
    }

    private static SignedEvmTransaction Read(EvmTransaction transaction, RecoverableSignature signature) =>
        Flaw(transaction) is { } flaw ? throw new FormatException(flaw) : Join(transaction, signature);

    private static SignedEvmTransaction Join(EvmTransaction transaction, RecoverableSignature signature)
    {
        var r = RlpItem.Of(UInt256.FromBigEndian(signature.R.Span));
        var s = RlpItem.Of(UInt256.FromBigEndian(signature.S.Span));
        // The network has room for one bit only. The other half of the ids needs an r above n, which nobody ever met.
        if (signature.RecoveryId > 1)
            throw new CryptographicException("The signature cannot be sent.");
        var raw = transaction switch
        {
            EvmTransaction.Legacy old => Rlp.Encode(
                RlpItem.List([.. Fields(old), RlpItem.Of(35 + (2 * old.ChainId) + signature.RecoveryId), r, s])
            ),
            EvmTransaction.FeeMarket market => Typed(
                RlpItem.List([.. Fields(market), RlpItem.Of((ulong)signature.RecoveryId), r, s])
            ),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        var sender = EvmAddress.FromPublicKey(Secp256k1.Recover(SigningHash(transaction), signature));
        return new SignedEvmTransaction(transaction, signature, raw, Keccak256.Hash(raw), sender);
    }

    private static RlpItem[] Fields(EvmTransaction.Legacy old) =>
        [
            RlpItem.Of(old.Nonce),
            RlpItem.Of(old.GasPrice),
            RlpItem.Of(old.GasLimit),
            Recipient(old.To),
            RlpItem.Of(old.Value),
            RlpItem.Of(old.Data),
        ];

    private static RlpItem[] Fields(EvmTransaction.FeeMarket market) =>
        [
            RlpItem.Of(market.ChainId),
            RlpItem.Of(market.Nonce),
            RlpItem.Of(market.MaxPriorityFeePerGas),
            RlpItem.Of(market.MaxFeePerGas),
            RlpItem.Of(market.GasLimit),
            Recipient(market.To),
            RlpItem.Of(market.Value),
            RlpItem.Of(market.Data),
            RlpItem.List(),
        ];

    private static byte[] Typed(RlpItem body) => [FeeMarketType, .. Rlp.Encode(body)];

    private static RlpItem Recipient(EvmAddress? to) => RlpItem.Of(to?.ToArray() ?? []);

    private static EvmAddress? Recipient(RlpItem item) =>
        item.Bytes.Length switch
        {
            0 => null,
            EvmAddress.Length => new EvmAddress(item.Bytes.Span),
            _ => throw new FormatException("A recipient has 20 bytes or none."),
        };

    private static RecoverableSignature Signature(RlpItem r, RlpItem s, byte recoveryId)
    {
        var (left, right) = (new byte[32], new byte[32]);
        r.ToUInt256().WriteBigEndian(left);
        s.ToUInt256().WriteBigEndian(right);
        return new RecoverableSignature(left, right, recoveryId);
    }

    private static void Count(IReadOnlyList<RlpItem> items, int wanted)
    {
        if (items.Count != wanted)
            throw new FormatException("A transaction has another number of fields.");
    }

    private static string? Flaw(EvmTransaction transaction) =>
        transaction switch
        {
            // Chain 0 would be valid everywhere: exactly the replay that EIP-155 ended.
            { ChainId: 0 } => "A transaction names its chain.",
            EvmTransaction.Legacy { ChainId: > HighestLegacyChainId } => "The chain id does not fit the old form.",
            EvmTransaction.FeeMarket market when market.MaxPriorityFeePerGas > market.MaxFeePerGas =>
                "The tip is above the highest fee.",
            _ => null,
        };
}
