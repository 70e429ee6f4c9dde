using System.Security.Cryptography;
using CsCheck;
using StablePay.Chains.Evm;
using StablePay.Chains.Keys;

namespace StablePay.Chains.Tests.Codecs;

public sealed class EvmTransactionsTests
{
    internal static readonly Gen<byte[]> PrivateKeys = Gen.Byte.Array[32].Where(k => Secp256k1.IsPrivateKey(k));

    internal static readonly Gen<EvmTransaction> Transactions = Gen.Select(
        Gen.Bool,
        Gen.ULong[1, uint.MaxValue],
        Gen.ULong,
        Gen.ULong,
        Gen.OneOf(Gen.Byte.Array[20].Select(b => (EvmAddress?)new EvmAddress(b)), Gen.Const((EvmAddress?)null)),
        Gen.Select(Words.Any, Words.Any, Words.Any),
        Gen.Byte.Array[0, 100],
        (old, chain, nonce, gas, to, words, data) =>
            old
                ? (EvmTransaction)
                    new EvmTransaction.Legacy
                    {
                        ChainId = chain,
                        Nonce = nonce,
                        GasLimit = gas,
                        To = to,
                        Value = words.Item1,
                        Data = data,
                        GasPrice = words.Item2,
                    }
                : new EvmTransaction.FeeMarket
                {
                    ChainId = chain,
                    Nonce = nonce,
                    GasLimit = gas,
                    To = to,
                    Value = words.Item1,
                    Data = data,
                    MaxFeePerGas = words.Item2 < words.Item3 ? words.Item3 : words.Item2,
                    MaxPriorityFeePerGas = words.Item2 < words.Item3 ? words.Item2 : words.Item3,
                }
    );

    private static readonly EvmTransaction.Legacy Published = new()
    {
        ChainId = 1,
        Nonce = 9,
        GasPrice = 20_000_000_000UL,
        GasLimit = 21_000,
        To = new EvmAddress(Hex.Parse("3535353535353535353535353535353535353535")),
        Value = 1_000_000_000_000_000_000UL,
    };

    [Fact]
    public void The_example_of_EIP_155_comes_out()
    {
        Hex.ToHex(EvmTransactions.EncodeUnsigned(Published))
            .ShouldBe("ec098504a817c800825208943535353535353535353535353535353535353535880de0b6b3a764000080018080");
        Hex.ToHex(EvmTransactions.SigningHash(Published))
            .ShouldBe("daf5a779ae972f972197303d7b574746c7ef83eadac0f2791ad23db92e4c8e53");
        var key = Hex.Parse(string.Concat(Enumerable.Repeat("46", 32)));
        var signed = EvmTransactions.Sign(Published, key);
        Hex.ToHex(signed.Raw.Span)
            .ShouldBe(
                "f86c098504a817c800825208943535353535353535353535353535353535353535880de0b6b3a764000080"
                    + "25a028ef61340bd939bc2195fe537567866003e1a15d3c71ff63e1590620aa636276"
                    + "a067cbe9d8997f761aecb703304b3800ccf555c9f3dc64214b297fb1966a3b6d83"
            );
        signed.Sender.ShouldBe(EvmAddress.FromPublicKey(Secp256k1.PublicKey(key)));
    }

    [Fact]
    public void What_was_signed_is_read_back_whole() =>
        Gen.Select(Transactions, PrivateKeys)
            .Sample(
                (transaction, key) =>
                {
                    var signed = EvmTransactions.Sign(transaction, key);
                    var read = EvmTransactions.Decode(signed.Raw);
                    read.Sender.ShouldBe(EvmAddress.FromPublicKey(Secp256k1.PublicKey(key)));
                    read.Hash.ToArray().ShouldBe(signed.Hash.ToArray());
                    EvmTransactions
                        .EncodeUnsigned(read.Transaction)
                        .ShouldBe(EvmTransactions.EncodeUnsigned(transaction));
                    read.Transaction.ShouldBe(transaction with { Data = read.Transaction.Data });
                    read.Transaction.Data.ToArray().ShouldBe(transaction.Data.ToArray());
                },
                iter: 300
            );

    [Fact]
    public void REF_16_a_changed_transaction_never_keeps_its_sender() =>
        Gen.Select(Transactions, PrivateKeys, Gen.Int[0, 10_000], Gen.Int[0, 7])
            .Sample(
                (transaction, key, at, bit) =>
                {
                    var signed = EvmTransactions.Sign(transaction, key);
                    var changed = signed.Raw.ToArray();
                    changed[at % changed.Length] ^= (byte)(1 << bit);
                    try
                    {
                        return EvmTransactions.Decode(changed).Sender != signed.Sender;
                    }
                    catch (FormatException)
                    {
                        return true;
                    }
                },
                iter: 300
            );

    [Fact]
    public void REF_16_a_signature_in_the_upper_half_is_refused()
    {
        var key = Hex.Parse(string.Concat(Enumerable.Repeat("46", 32)));
        var hash = EvmTransactions.SigningHash(Published);
        var signature = Secp256k1.Sign(hash, key);
        var n = Words.Number(
            UInt256.FromBigEndian(Hex.Parse("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141"))
        );
        var high = (n - Words.Number(UInt256.FromBigEndian(signature.S.Span))).ToByteArray(true, true);
        var twin = signature with { S = high, RecoveryId = (byte)(signature.RecoveryId ^ 1) };
        Secp256k1.Recover(hash, signature).ShouldBe(Secp256k1.PublicKey(key));
        Should.Throw<CryptographicException>(() => Secp256k1.Recover(hash, twin));
    }

    [Fact]
    public void Transactions_that_would_be_replayable_or_senseless_are_not_signed()
    {
        var key = Hex.Parse(string.Concat(Enumerable.Repeat("46", 32)));
        foreach (var chain in new[] { 0UL, ulong.MaxValue / 2 })
            Should.Throw<ArgumentException>(() => EvmTransactions.Sign(Published with { ChainId = chain }, key));
        var market = new EvmTransaction.FeeMarket
        {
            ChainId = 1,
            Nonce = 0,
            GasLimit = 21_000,
            To = Published.To,
            MaxFeePerGas = 1UL,
            MaxPriorityFeePerGas = 2UL,
        };
        Should.Throw<ArgumentException>(() => EvmTransactions.Sign(market, key));
    }

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("01c0")]
    [InlineData("02")]
    [InlineData("02c0")]
    [InlineData("03c0")]
    [InlineData("c0")]
    [InlineData("80")]
    public void Bytes_that_are_no_transaction_are_refused(string hex) =>
        Should.Throw<FormatException>(() => EvmTransactions.Decode(Hex.Parse(hex)));
}
