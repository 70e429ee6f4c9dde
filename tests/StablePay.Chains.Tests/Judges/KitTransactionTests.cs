using System.Text.Json.Nodes;
using CsCheck;
using StablePay.Chains.Evm;
using StablePay.Chains.Keys;
using StablePay.Chains.Solana;
using StablePay.Core.Checkout;
using StablePay.Core.Ids;

namespace StablePay.Chains.Tests.Judges;

/// <summary>
/// The transfer of a payer's wallet against @solana/kit and the token program's own client, in both directions, over
/// generated inputs. The format leaves the order of accounts of one role open: kit sorts them, we do not.
/// </summary>
[Heavy]
public sealed class KitTransactionTests(Judge judge) : IClassFixture<Judge>
{
    private const int Batch = 200;
    private const int Batches = 5;

    /// <summary>Where the message begins in hex: behind 0x, a number and a signature.</summary>
    private const int MessageAt = 2 + (2 * (1 + Ed25519.SignatureLength));

    /// <summary>Places of the roles that a compiled message gives an account.</summary>
    private const string Reads = " 0";
    private const string Writes = " 1";
    private const string Signs = " 3";

    private static readonly Gen<SolanaAddress> Addresses = Gen.Byte.Array[32].Select(b => new SolanaAddress(b));

    private static readonly Gen<PaymentReference> References = Gen.Select(
        Gen.Int[0, int.MaxValue],
        Addresses,
        (session, to) => PaymentReference.Of(new SessionId($"sess_{session}"), Networks.Solana.Tokens[0], $"{to}")
    );

    private static readonly Gen<Transfer> Transfers = Gen.Select(
        Gen.Byte.Array[32],
        Gen.Select(Addresses, Addresses, Addresses, Addresses),
        Gen.Bool.Select(old => old ? SolanaPrograms.Token : SolanaPrograms.Token2022),
        Gen.Byte.Array[32],
        Gen.Select(Gen.OneOf(Gen.ULong, Gen.ULong[0, 1_000_000_000]), Gen.Byte, References),
        (key, accounts, program, blockhash, paid) =>
            new Transfer(
                key,
                new TokenTransferMessage(
                    new SolanaAddress(Ed25519.PublicKeyOf(key)),
                    accounts.Item1,
                    accounts.Item2,
                    accounts.Item3,
                    accounts.Item4,
                    program,
                    blockhash
                ),
                paid.Item1,
                paid.Item2,
                paid.Item3
            )
    );

    private sealed record Transfer(
        byte[] Key,
        TokenTransferMessage Message,
        ulong Atoms,
        byte Decimals,
        PaymentReference Reference
    )
    {
        public byte[] Unsigned => Message.Unsigned(Atoms, Decimals, Reference);

        public byte[] Signature => Ed25519.Sign(Key, Message.Message(Atoms, Decimals, Reference));

        public byte[] Signed => Message.Signed(Atoms, Decimals, Reference, Signature);
    }

    [Fact]
    public void Transfers_that_kit_builds_and_signs_are_ours_and_what_kit_signs_of_ours_is_the_same_bytes() =>
        judge.Compare(
            "solanaTransfer",
            Transfers,
            Described,
            (c, answer) =>
            {
                var (built, again, signed) = (answer.Texts()[0], answer.Texts()[1], answer.Texts()[2]);
                again[2..]
                    .ShouldBe(built[MessageAt..], "ours, put together anew by kit, is what it builds of the values");
                signed.ShouldBe(Hex.ToData(c.Signed));
                built.Length.ShouldBe(signed.Length);
                var read = TokenTransferMessage.Peek(Hex.Parse(built)).ShouldNotBeNull();
                read.Blockhash.ShouldBe(c.Message.Blockhash);
                IsSigned(c.Message.Payer, Hex.Parse(built), read.Signature).ShouldBeTrue();
                read = TokenTransferMessage.Peek(Hex.Parse(signed)).ShouldNotBeNull();
                read.Blockhash.ShouldBe(c.Message.Blockhash);
                read.Signature.ShouldBe(c.Signature);
            },
            Batches,
            Batch
        );

    [Fact]
    public void Transfers_that_we_signed_are_read_alike_by_kit() =>
        judge.Compare(
            "readSolanaTransfer",
            Transfers,
            c => Hex.ToData(c.Signed),
            (c, answer) =>
            {
                var (message, reference) = (c.Message, new SolanaAddress(c.Reference.Key));
                (string Name, string Told)[] expected =
                [
                    ("again", Hex.ToData(c.Signed)),
                    ("payer", $"{message.Payer}"),
                    ("signers", $"{message.Payer}"),
                    ("version", "legacy"),
                    ("instructions", "2"),
                    ("blockhash", Base58.Encode(message.Blockhash)),
                    ("id", Base58.Encode(c.Signature)),
                    ("signed", "true"),
                    (
                        "create",
                        $"{SolanaPrograms.AssociatedToken},{message.Payer}{Signs},{message.RecipientAccount}{Writes},"
                            + $"{message.Recipient}{Reads},{message.Mint}{Reads},{SolanaPrograms.System}{Reads},"
                            + $"{message.TokenProgram}{Reads}"
                    ),
                    (
                        "made",
                        $"payer {message.Payer},ata {message.RecipientAccount},owner {message.Recipient},"
                            + $"mint {message.Mint},systemProgram {SolanaPrograms.System},"
                            + $"tokenProgram {message.TokenProgram}"
                    ),
                    (
                        "transfer",
                        $"{message.TokenProgram},{message.PayerAccount}{Writes},{message.Mint}{Reads},"
                            + $"{message.RecipientAccount}{Writes},{message.Payer}{Signs},{reference}{Reads}"
                    ),
                    ("paid", $"{c.Atoms} {c.Decimals}"),
                ];
                foreach (var (name, told) in expected)
                    (answer[name]?.Text()).ShouldBe(told, $"{name} in {answer.ToJsonString()}");
            },
            Batches,
            Batch
        );

    [Fact]
    public void Signatures_are_the_same_and_one_of_another_key_or_message_is_none() =>
        judge.Compare(
            "solanaSign",
            Gen.Select(Gen.Byte.Array[32], Gen.Byte.Array[1, 200], Gen.Int[0, 511]),
            c => new JsonObject { ["key"] = Hex.ToData(c.Item1), ["message"] = Hex.ToData(c.Item2) },
            (c, answer) =>
            {
                var (key, message, bit) = c;
                var signature = Ed25519.Sign(key, message);
                answer.Text().ShouldBe(Hex.ToData(signature));
                var owner = Ed25519.PublicKeyOf(key);
                Ed25519.Verify(owner, message, signature).ShouldBeTrue();
                Ed25519.Verify(owner, [.. message, 0], signature).ShouldBeFalse();
                Ed25519.Verify(Ed25519.PublicKeyOf(owner), message, signature).ShouldBeFalse();
                signature[bit / 8] ^= (byte)(1 << (bit % 8));
                Ed25519.Verify(owner, message, signature).ShouldBeFalse();
            },
            Batches,
            Batch
        );

    private static bool IsSigned(SolanaAddress payer, byte[] transaction, byte[] signature) =>
        Ed25519.Verify(payer.ToArray(), transaction.AsSpan(1 + Ed25519.SignatureLength), signature);

    private static JsonObject Described(Transfer c) =>
        new()
        {
            ["key"] = Hex.ToData(c.Key),
            ["unsigned"] = Hex.ToData(c.Unsigned),
            ["payer"] = $"{c.Message.Payer}",
            ["source"] = $"{c.Message.PayerAccount}",
            ["recipient"] = $"{c.Message.Recipient}",
            ["ata"] = $"{c.Message.RecipientAccount}",
            ["mint"] = $"{c.Message.Mint}",
            ["program"] = $"{c.Message.TokenProgram}",
            ["atoms"] = $"{c.Atoms}",
            ["decimals"] = c.Decimals,
            ["reference"] = $"{new SolanaAddress(c.Reference.Key)}",
            ["blockhash"] = Base58.Encode(c.Message.Blockhash),
        };
}
