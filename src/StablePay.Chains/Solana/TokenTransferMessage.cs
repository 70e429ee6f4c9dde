using System.Buffers.Binary;
using StablePay.Chains.Keys;

namespace StablePay.Chains.Solana;

/// <summary>
/// The bytes of a transaction that pays an SPL token: the recipient's token account is made if it is not
/// there yet, then the transfer names amount and decimals, and carries the payment's reference as an account that does
/// nothing. One signature, the payer's; the legacy form, which every wallet signs.
/// </summary>
/// <param name="Payer">Owner of the money; pays the fee and, once, the rent of the recipient's token account.</param>
/// <param name="PayerAccount">The payer's associated token account.</param>
/// <param name="Recipient">The deposit address.</param>
/// <param name="RecipientAccount">Its associated token account.</param>
/// <param name="TokenProgram">The program that owns the mint.</param>
/// <param name="Blockhash">A recent one: the transaction is valid for some 150 blocks from it.</param>
public sealed record TokenTransferMessage(
    SolanaAddress Payer,
    SolanaAddress PayerAccount,
    SolanaAddress Recipient,
    SolanaAddress RecipientAccount,
    SolanaAddress Mint,
    SolanaAddress TokenProgram,
    byte[] Blockhash
)
{
    public const int BlockhashLength = 32;

    private const int SignatureAt = 1;
    private const int MessageAt = SignatureAt + Ed25519.SignatureLength;
    private const int KeysAt = MessageAt + 4;
    private const int BlockhashAt = KeysAt + ((int)At.Count * SolanaAddress.Length);

    /// <summary>Instruction of the associated token program: create, and succeed if it is there.</summary>
    private const byte CreateIdempotent = 1;

    /// <summary>Instruction of the token program.</summary>
    private const byte TransferChecked = 12;

    /// <summary>The accounts' places in the message; what is written stands before what is read.</summary>
    private enum At : byte
    {
        Payer,
        PayerAccount,
        RecipientAccount,
        Recipient,
        Mint,
        SystemProgram,
        TokenProgram,
        AssociatedProgram,
        Reference,
        Count,
    }

    private const byte ReadOnlyAccounts = 6;

    /// <summary>A transaction that names an account twice is refused by every node.</summary>
    public bool IsOfDifferentAccounts => Accounts.Distinct().Count() == Accounts.Length;

    private SolanaAddress[] Accounts =>
        [
            Payer,
            PayerAccount,
            RecipientAccount,
            Recipient,
            Mint,
            SolanaPrograms.System,
            TokenProgram,
            SolanaPrograms.AssociatedToken,
        ];

    /// <summary>The transfer between the token accounts that follow from both owners and the mint.</summary>
    public static TokenTransferMessage Of(
        SolanaAddress payer,
        SolanaAddress recipient,
        SolanaAddress mint,
        SolanaAddress tokenProgram,
        byte[] blockhash
    ) =>
        new(
            payer,
            SolanaPrograms.AssociatedAccountOf(payer, mint, tokenProgram),
            recipient,
            SolanaPrograms.AssociatedAccountOf(recipient, mint, tokenProgram),
            mint,
            tokenProgram,
            blockhash
        );

    /// <summary>
    /// The blockhash and the first signature of bytes that may be such a transaction, signed; null if they are too few.
    /// Whether they are one is seen by making it again.
    /// </summary>
    public static (byte[] Blockhash, byte[] Signature)? Peek(ReadOnlySpan<byte> signed) =>
        signed.Length < BlockhashAt + BlockhashLength
            ? null
            : (
                signed.Slice(BlockhashAt, BlockhashLength).ToArray(),
                signed.Slice(SignatureAt, Ed25519.SignatureLength).ToArray()
            );

    /// <summary>One empty place for the payer's signature, then the message that is signed.</summary>
    public byte[] Unsigned(ulong atoms, byte decimals, PaymentReference reference) =>
        Whole(new byte[Ed25519.SignatureLength], Message(atoms, decimals, reference));

    /// <summary>The payer's signature, then the message that it signs.</summary>
    public byte[] Signed(ulong atoms, byte decimals, PaymentReference reference, ReadOnlySpan<byte> signature) =>
        Whole(signature, Message(atoms, decimals, reference));

    /// <summary>What the payer signs.</summary>
    public byte[] Message(ulong atoms, byte decimals, PaymentReference reference)
    {
        SolanaAddress[] keys = [.. Accounts, new(reference.Key)];
        var amount = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(amount, atoms);
        byte[] create = Instruction(
            At.AssociatedProgram,
            [CreateIdempotent],
            At.Payer,
            At.RecipientAccount,
            At.Recipient,
            At.Mint,
            At.SystemProgram,
            At.TokenProgram
        );
        byte[] transfer = Instruction(
            At.TokenProgram,
            [TransferChecked, .. amount, decimals],
            At.PayerAccount,
            At.Mint,
            At.RecipientAccount,
            At.Payer,
            At.Reference
        );
        // Signatures, of them read-only, of the rest read-only; then keys, blockhash and instructions. All counts are
        // below 128, so their compact form is one byte.
        return
        [
            1,
            0,
            ReadOnlyAccounts,
            (byte)keys.Length,
            .. keys.SelectMany(key => key.ToArray()),
            .. Blockhash,
            2,
            .. create,
            .. transfer,
        ];
    }

    private static byte[] Instruction(At program, byte[] data, params ReadOnlySpan<At> accounts)
    {
        var bytes = new List<byte> { (byte)program, (byte)accounts.Length };
        foreach (var account in accounts)
            bytes.Add((byte)account);
        return [.. bytes, (byte)data.Length, .. data];
    }

    private static byte[] Whole(ReadOnlySpan<byte> signature, byte[] message) => [1, .. signature, .. message];
}
