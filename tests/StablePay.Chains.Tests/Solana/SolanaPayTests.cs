using System.Buffers.Binary;
using StablePay.Chains.Keys;
using StablePay.Chains.Solana;
using StablePay.Core.Checkout;
using StablePay.Core.Ids;
using StablePay.Core.Money;
using StablePay.Core.Networks;

namespace StablePay.Chains.Tests.Solana;

/// <summary>Solana Pay's link and the bytes of the transfer that a wallet signs.</summary>
public sealed class SolanaPayTests
{
    private const string Recipient = "BvzKvn6nUUAYtKu2pH3h5SbUkUNcRPQawg4bURBiojJx";
    private const string Mint = "EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v";

    private static readonly Token Usdc = new(
        new NetworkId("solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp"),
        Asset.Usdc,
        Mint,
        6
    );

    private static readonly PaymentReference Reference = PaymentReference.Of(new SessionId("sess_1"), Usdc, Recipient);

    [Theory]
    [InlineData(41_440_000, "41.44")]
    [InlineData(1, "0.000001")]
    [InlineData(1_000_000, "1.00")]
    [InlineData(1_234_567_890_123, "1234567.890123")]
    public void CO_04_link_names_recipient_amount_mint_and_reference_and_nothing_else(ulong atoms, string amount)
    {
        var link = SolanaPay.Transfer(Recipient, new TokenAmount(Usdc, atoms), Reference);
        link.ShouldBe($"solana:{Recipient}?amount={amount}&spl-token={Mint}&reference={Base58.Encode(Reference.Key)}");
        var uri = new Uri(link);
        uri.Scheme.ShouldBe("solana");
        var parts = uri.Query[1..].Split('&').Select(p => p.Split('=')).ToDictionary(p => p[0], p => p[1]);
        parts.Keys.ShouldBe(["amount", "spl-token", "reference"]);
        Decimals.TryParse(parts["amount"], 6, out var read).ShouldBeTrue();
        read.ShouldBe(atoms);
        Base58.TryDecode(parts["reference"], out var key).ShouldBeTrue();
        key.ShouldBe(Reference.Key.ToArray());
    }

    [Theory]
    [InlineData("")]
    [InlineData("0x8712A3b81A00DC56c0E2547956ed3aEfAC02b0d8")]
    [InlineData("BvzKvn6nUUAYtKu2pH3h5SbUkUNcRPQawg4bURBi")]
    [InlineData("BvzKvn6nUUAYtKu2pH3h5SbUkUNcRPQawg4bURBiojJx?amount=1")]
    public void CO_04_link_is_made_for_no_other_text(string recipient)
    {
        var amount = new TokenAmount(Usdc, 1);
        Should.Throw<ArgumentException>(() => SolanaPay.Transfer(recipient, amount, Reference));
        var wrong = new TokenAmount(Usdc with { Contract = recipient }, 1);
        Should.Throw<ArgumentException>(() => SolanaPay.Transfer(Recipient, wrong, Reference));
    }

    [Fact]
    public void CO_04_link_over_nothing_is_none() =>
        Should.Throw<ArgumentOutOfRangeException>(() =>
            SolanaPay.Transfer(Recipient, new TokenAmount(Usdc, 0), Reference)
        );

    /// <summary>
    /// Read back part by part. These very bytes were decoded by kit 8.4.0 and its token program client 0.16.1: fee payer,
    /// an idempotent creation and a checked transfer with the roles below.
    /// </summary>
    [Fact]
    public void Transfer_of_a_wallet_makes_the_account_pays_it_exactly_and_names_the_reference()
    {
        var order = new TokenTransferMessage(
            new(Key(1)),
            new(Key(2)),
            new(Key(3)),
            new(Key(4)),
            new(Key(5)),
            new(Key(6)),
            Key(9)
        );
        var bytes = order.Unsigned(41_440_000, 6, Reference);
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes)).ShouldBe(Pinned);
        var at = 0;
        Next(1 + 64).ShouldBe([1, .. new byte[64]], "one signature, not there yet");
        bytes[at..].ShouldBe(order.Message(41_440_000, 6, Reference));
        Next(3).ShouldBe([1, 0, 6], "one signs; three are written, six are read");
        byte[][] keys = [.. Enumerable.Range(0, Next(1)[0]).Select(_ => Next(32))];
        keys[..5].ShouldBe([Key(1), Key(2), Key(4), Key(3), Key(5)]);
        Base58.Encode(keys[5]).ShouldBe("11111111111111111111111111111111");
        keys[6].ShouldBe(Key(6));
        Base58.Encode(keys[7]).ShouldBe("ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL");
        keys[8].ShouldBe(Reference.Key.ToArray());
        Next(32).ShouldBe(Key(9), "the blockhash");
        Next(1).ShouldBe([2], "two instructions");
        Next(1 + 1 + 6)
            .ShouldBe([7, 6, 0, 2, 3, 4, 5, 6], "create: payer, account, owner, mint, system, token program");
        Next(2).ShouldBe([1, 1], "if it is not there");
        Next(1 + 1 + 5).ShouldBe([6, 5, 1, 4, 2, 0, 8], "transfer: from, mint, to, authority, reference");
        Next(2).ShouldBe([10, 12], "checked");
        BinaryPrimitives.ReadUInt64LittleEndian(Next(8)).ShouldBe(41_440_000u);
        Next(1).ShouldBe([6], "decimals");
        at.ShouldBe(bytes.Length);

        byte[] Next(int count) => bytes[at..(at += count)];
    }

    private static byte[] Key(byte value) => [.. Enumerable.Repeat(value, 32)];

    private const string Pinned = "5cb2dcd765f39c204a0fc71c9a805a9ec28b843ffadd09cd957068e75b6e4241";
}
