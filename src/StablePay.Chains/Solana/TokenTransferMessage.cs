using System.Buffers.Binary;
using StablePay.Chains.Keys;

namespace StablePay.Chains.Solana;

/// <summary>
/// The bytes of an unsigned transaction that pays an SPL token: the recipient's token account is made if it is not
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
    byte[] Payer,
    byte[] PayerAccount,
    byte[] Recipient,
    byte[] RecipientAccount,
    byte[] Mint,
    byte[] TokenProgram,
    byte[] Blockhash
)
{
    private const int SignatureLength = 64;

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
    }

    private const byte ReadOnlyAccounts = 6;

    private static readonly byte[] SystemProgram = new byte[32];
    private static readonly byte[] AssociatedProgram = KeyOf("ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL");

    /// <summary>One empty place for the payer's signature, then the message that is signed.</summary>
    public byte[] Unsigned(ulong atoms, byte decimals, PaymentReference reference) =>
        [1, .. new byte[SignatureLength], .. Message(atoms, decimals, reference)];

    /// <summary>What the payer signs.</summary>
    public byte[] Message(ulong atoms, byte decimals, PaymentReference reference)
    {
        byte[][] keys =
        [
            Payer,
            PayerAccount,
            RecipientAccount,
            Recipient,
            Mint,
            SystemProgram,
            TokenProgram,
            AssociatedProgram,
            reference.Key.ToArray(),
        ];
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
            .. keys.SelectMany(key => key),
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

    private static byte[] KeyOf(string text) =>
        Base58.TryDecode(text, out var key) ? key : throw new FormatException(text);
}
