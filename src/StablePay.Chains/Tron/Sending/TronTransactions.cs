using System.Buffers.Binary;
using System.Security.Cryptography;
using StablePay.Chains.Evm;
using StablePay.Chains.Keys;

namespace StablePay.Chains.Tron;

/// <summary>
/// Encodes, signs and reads transactions: <c>Transaction</c>, its <c>raw_data</c>, <c>Contract</c> and the messages
/// <c>TransferContract</c> and <c>TriggerSmartContract</c> of TRON's protocol.
/// </summary>
public static class TronTransactions
{
    private const long TransferType = 1;
    private const long CallType = 31;
    private const int SignatureLength = 65;

    /// <summary>What a node adds to the size for the result of a contract, whatever that is.</summary>
    private const int ResultRoom = 64;

    private static readonly long LongestMs = (long)TronValidity.Longest.TotalMilliseconds;

    // Nodes take 0 or 27 for the first of the candidate keys; wallets write 27.
    private const byte FirstRecovery = 27;

    private static readonly TronField RawData = new(1, "raw_data");
    private static readonly TronField Signature = new(2, "signature");

    private static readonly TronField RefBlockBytes = new(1, "ref_block_bytes");
    private static readonly TronField RefBlockHash = new(4, "ref_block_hash");
    private static readonly TronField Expiration = new(8, "expiration");
    private static readonly TronField Contract = new(11, "contract");
    private static readonly TronField Timestamp = new(14, "timestamp");
    private static readonly TronField FeeLimit = new(18, "fee_limit");

    private static readonly TronField Type = new(1, "type");
    private static readonly TronField Parameter = new(2, "parameter");
    private static readonly TronField TypeUrl = new(1, "type_url");
    private static readonly TronField Value = new(2, "value");

    private static readonly TronField Owner = new(1, "owner_address");
    private static readonly TronField To = new(2, "to_address");
    private static readonly TronField Amount = new(3, "amount");
    private static readonly TronField Called = new(2, "contract_address");
    private static readonly TronField Data = new(4, "data");

    private static ReadOnlySpan<byte> TransferUrl => "type.googleapis.com/protocol.TransferContract"u8;

    internal static ReadOnlySpan<byte> CallUrl => "type.googleapis.com/protocol.TriggerSmartContract"u8;

    /// <summary>The bytes whose hash is signed: <c>raw_data</c>.</summary>
    public static byte[] EncodeUnsigned(TronTransaction transaction)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        return Flaw(transaction) is { } flaw
            ? throw new ArgumentException(flaw, nameof(transaction))
            : EncodeRawData(transaction);
    }

    /// <summary>SHA-256 of <c>raw_data</c>: what is signed, and the transaction's id.</summary>
    public static byte[] Id(TronTransaction transaction) => SHA256.HashData(EncodeUnsigned(transaction));

    /// <summary>
    /// The bandwidth in bytes that the signed transaction takes: its size, and a room that nodes add for the result.
    /// </summary>
    public static int BandwidthOf(TronTransaction transaction) =>
        Whole(EncodeUnsigned(transaction), new byte[SignatureLength]).Length + ResultRoom;

    /// <summary>
    /// Signs. The owner is then recovered from the signature: a fault in the arithmetic must never leave the machine,
    /// since one wrong signature can give away the key.
    /// </summary>
    /// <exception cref="ArgumentException">The key is not the owner's, or the transaction is senseless.</exception>
    public static SignedTronTransaction Sign(TronTransaction transaction, ReadOnlySpan<byte> privateKey)
    {
        var rawData = EncodeUnsigned(transaction);
        if (AddressOf(Secp256k1.PublicKey(privateKey)) != transaction.Owner)
            throw new ArgumentException("The key is not its owner's.", nameof(transaction));
        var signature = Secp256k1.Sign(SHA256.HashData(rawData), privateKey);
        return Join(transaction, rawData, signature);
    }

    /// <summary>
    /// Reads a transaction that its owner signed. What is encoded again is the same to the byte: another spelling of
    /// the same transaction is refused as well.
    /// </summary>
    /// <exception cref="FormatException">
    /// A field, a contract's type or a type's address that is not read here; several contracts or signatures; a
    /// signature of somebody else.
    /// </exception>
    public static SignedTronTransaction Decode(ReadOnlyMemory<byte> raw)
    {
        var whole = TronMessage.Read("The transaction", raw, RawData, Signature);
        var transaction = ReadRawData(whole.Bytes(RawData));
        if (Flaw(transaction) is { } flaw)
            throw new FormatException(flaw);
        var rawData = EncodeRawData(transaction);
        MustBe(rawData, whole.Bytes(RawData));
        try
        {
            var signed = Join(transaction, rawData, ReadSignature(whole.Bytes(Signature).Span));
            MustBe(signed.Raw, raw);
            return signed;
        }
        catch (CryptographicException e)
        {
            throw new FormatException("The transaction's signature is not its owner's.", e);
        }
    }

    private static void MustBe(ReadOnlyMemory<byte> written, ReadOnlyMemory<byte> read)
    {
        if (!written.Span.SequenceEqual(read.Span))
            throw new FormatException("The transaction is spelt otherwise than its fields are written.");
    }

    private static SignedTronTransaction Join(
        TronTransaction transaction,
        byte[] rawData,
        RecoverableSignature signature
    )
    {
        var id = SHA256.HashData(rawData);
        // The other half of the ids needs an r above n, which nobody ever met.
        if (signature.RecoveryId > 1 || AddressOf(Secp256k1.Recover(id, signature)) != transaction.Owner)
            throw new CryptographicException("The signature does not belong to the owner.");
        byte[] written = [.. signature.R.Span, .. signature.S.Span, (byte)(FirstRecovery + signature.RecoveryId)];
        return new SignedTronTransaction(transaction, signature, Whole(rawData, written), id);
    }

    private static byte[] Whole(byte[] rawData, byte[] signature) =>
        TronMessage.Write(output =>
        {
            output.Write(RawData, rawData);
            output.Write(Signature, signature);
        });

    private static byte[] EncodeRawData(TronTransaction transaction)
    {
        var (number, hash) = (new byte[2], new byte[8]);
        BinaryPrimitives.WriteUInt16BigEndian(number, transaction.Validity.BlockNumber);
        BinaryPrimitives.WriteUInt64BigEndian(hash, transaction.Validity.BlockHash);
        return TronMessage.Write(output =>
        {
            output.Write(RefBlockBytes, number);
            output.Write(RefBlockHash, hash);
            output.Write(Expiration, transaction.Validity.Until.UnixMs);
            output.Write(Contract, EncodeContract(transaction));
            output.Write(Timestamp, transaction.Validity.From.UnixMs);
            output.Write(FeeLimit, (transaction as TronTransaction.ContractCall)?.FeeLimitSun ?? 0);
        });
    }

    private static byte[] EncodeContract(TronTransaction transaction) =>
        transaction switch
        {
            TronTransaction.ContractCall call => EncodeContract(
                CallType,
                CallUrl,
                TronMessage.Write(output =>
                {
                    output.Write(Owner, Bytes(call.Owner));
                    output.Write(Called, Bytes(call.Contract));
                    output.Write(Data, call.Data.Span);
                })
            ),
            TronTransaction.NativeTransfer transfer => EncodeContract(
                TransferType,
                TransferUrl,
                TronMessage.Write(output =>
                {
                    output.Write(Owner, Bytes(transfer.Owner));
                    output.Write(To, Bytes(transfer.To));
                    output.Write(Amount, transfer.AmountSun);
                })
            ),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    private static byte[] EncodeContract(long type, ReadOnlySpan<byte> url, byte[] value)
    {
        var named = url.ToArray();
        var parameter = TronMessage.Write(output =>
        {
            output.Write(TypeUrl, named);
            output.Write(Value, value);
        });
        return TronMessage.Write(output =>
        {
            output.Write(Type, type);
            output.Write(Parameter, parameter);
        });
    }

    private static TronTransaction ReadRawData(ReadOnlyMemory<byte> bytes)
    {
        var raw = TronMessage.Read(
            "raw_data",
            bytes,
            RefBlockBytes,
            RefBlockHash,
            Expiration,
            Contract,
            Timestamp,
            FeeLimit
        );
        var (number, hash) = (raw.Bytes(RefBlockBytes), raw.Bytes(RefBlockHash));
        if (number.Length != 2 || hash.Length != 8)
            throw new FormatException("A transaction names its reference block with 2 and 8 bytes.");
        var validity = new TronValidity(
            BinaryPrimitives.ReadUInt16BigEndian(number.Span),
            BinaryPrimitives.ReadUInt64BigEndian(hash.Span),
            new Instant(raw.Number(Timestamp)),
            new Instant(raw.Number(Expiration))
        );
        return ReadContract(raw.Bytes(Contract), validity, raw.Number(FeeLimit));
    }

    private static TronTransaction ReadContract(ReadOnlyMemory<byte> bytes, TronValidity validity, long feeLimit)
    {
        var contract = TronMessage.Read("contract", bytes, Type, Parameter);
        var parameter = TronMessage.Read("parameter", contract.Bytes(Parameter), TypeUrl, Value);
        var type = contract.Number(Type);
        var url = type switch
        {
            TransferType => TransferUrl,
            CallType => CallUrl,
            _ => throw new FormatException($"A contract of type {type} is not read here."),
        };
        if (!parameter.Bytes(TypeUrl).Span.SequenceEqual(url))
            throw new FormatException("The contract's parameter is not of its type.");
        return type == CallType
            ? ReadCall(parameter.Bytes(Value), validity, feeLimit)
            : ReadTransfer(parameter.Bytes(Value), validity, feeLimit);
    }

    private static TronTransaction.ContractCall ReadCall(
        ReadOnlyMemory<byte> bytes,
        TronValidity validity,
        long feeLimit
    )
    {
        var call = TronMessage.Read("TriggerSmartContract", bytes, Owner, Called, Data);
        return new()
        {
            Validity = validity,
            Owner = ReadAddress(call, Owner),
            Contract = ReadAddress(call, Called),
            Data = call.Bytes(Data),
            FeeLimitSun = feeLimit,
        };
    }

    private static TronTransaction.NativeTransfer ReadTransfer(
        ReadOnlyMemory<byte> bytes,
        TronValidity validity,
        long feeLimit
    )
    {
        if (feeLimit != 0)
            throw new FormatException("A transfer of TRX has no fee limit.");
        var transfer = TronMessage.Read("TransferContract", bytes, Owner, To, Amount);
        return new()
        {
            Validity = validity,
            Owner = ReadAddress(transfer, Owner),
            To = ReadAddress(transfer, To),
            AmountSun = transfer.Number(Amount),
        };
    }

    private static RecoverableSignature ReadSignature(ReadOnlySpan<byte> bytes) =>
        bytes.Length == SignatureLength && bytes[64] is FirstRecovery or FirstRecovery + 1
            ? new RecoverableSignature(
                bytes[..32].ToArray(),
                bytes[32..64].ToArray(),
                (byte)(bytes[64] - FirstRecovery)
            )
            : throw new FormatException("A signature has 65 bytes, of which the last is 27 or 28.");

    private static byte[] Bytes(TronAddress address) => Hex.Parse(address.ToHex());

    private static TronAddress ReadAddress(TronMessage message, TronField field) =>
        TronAddress.TryParseHex(Hex.ToHex(message.Bytes(field).Span), out var address)
            ? address
            : throw new FormatException($"{field.Name} has 21 bytes, of which the first is 0x41.");

    private static TronAddress AddressOf(byte[] publicKey) => new(EvmAddress.FromPublicKey(publicKey));

    private static string? Flaw(TronTransaction transaction) =>
        transaction switch
        {
            { Validity: var v } when v.From.UnixMs <= 0 || v.Until <= v.From =>
                "A transaction is valid from its block's time on, for longer than nothing.",
            { Validity: var v } when v.Until.UnixMs - v.From.UnixMs > LongestMs =>
                "A transaction is valid for at most a day.",
            TronTransaction.ContractCall { FeeLimitSun: <= 0 } => "A call names the highest fee, above 0.",
            TronTransaction.NativeTransfer { AmountSun: <= 0 } => "A transfer moves more than nothing.",
            TronTransaction.NativeTransfer transfer when transfer.To == transfer.Owner =>
                "Nobody transfers TRX to himself.",
            _ => null,
        };
}
