using System.Text.Json.Nodes;
using CsCheck;
using StablePay.Chains.Evm;
using StablePay.Chains.Keys;
using StablePay.Chains.Tests.Codecs;
using StablePay.Chains.Tron;

namespace StablePay.Chains.Tests.Judges;

/// <summary>TRON's addresses and their derivation against tronweb, in both directions, over generated inputs.</summary>
[Heavy]
public sealed class TronwebTests(Judge judge) : IClassFixture<Judge>
{
    private static readonly Gen<TronAddress> Addresses = TronTransactionsTests.Addresses;

    [Fact]
    public void TRX_09_addresses_that_we_write_are_the_same() =>
        judge.Compare(
            "tronAddress",
            Addresses,
            address => Hex.ToData(address.Bytes.ToArray()),
            (address, answer) => answer.Text().ShouldBe(address.ToString()),
            20
        );

    [Fact]
    public void TRX_09_addresses_that_we_wrote_are_read_alike() =>
        judge.Compare(
            "tronHex",
            Addresses,
            address => address.ToString(),
            (address, answer) =>
            {
                answer.Text().ShouldBe(address.ToHex());
                TronAddress.TryParseHex(answer.Text(), out var read).ShouldBeTrue();
                read.ShouldBe(address);
            },
            20
        );

    [Fact]
    public void TRX_09_texts_with_one_wrong_character_are_refused_alike() =>
        judge.Compare(
            "isTronAddress",
            Gen.Select(Addresses, Gen.Int[0, 33], Gen.Char['!', '~'])
                .Select((address, at, with) => address.ToString()[..at] + with + address.ToString()[(at + 1)..]),
            text => text,
            (text, answer) => TronAddress.TryParse(text, out _).ShouldBe(answer.GetValue<bool>(), text),
            20
        );

    [Fact]
    public void Keys_have_the_same_address() =>
        judge.Compare(
            "tronKeyAddress",
            EvmTransactionsTests.PrivateKeys,
            key => Hex.ToData(key),
            (key, answer) =>
                answer.Text().ShouldBe(new TronAddress(EvmAddress.FromPublicKey(Secp256k1.PublicKey(key))).ToString()),
            10
        );

    [Fact]
    public void A_wallet_with_the_words_finds_the_same_deposit_addresses() =>
        judge.Compare(
            "tronAccount",
            Gen.Select(Gen.Byte.Array[16], Gen.UInt[0, 100_000]),
            c => new JsonObject { ["mnemonic"] = Bip39.ToMnemonic(c.Item1), ["index"] = c.Item2 },
            (c, answer) =>
            {
                using var master = ExtendedPrivateKey.FromSeed(Bip39.ToSeed(Bip39.ToMnemonic(c.Item1)));
                using var account = master.Derive(KeyPath.Account(TronAddress.CoinType, 0));
                var deriver = new TronDeriver(new EvmDeposits(account.ToPublic()));
                answer.Text().ShouldBe(deriver.AddressAt(c.Item2));
            },
            batches: 1,
            size: 40
        );
}
