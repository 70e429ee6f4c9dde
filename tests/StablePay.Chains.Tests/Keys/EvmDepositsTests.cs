using CsCheck;
using StablePay.Chains.Evm;
using StablePay.Chains.Keys;

namespace StablePay.Chains.Tests.Keys;

public sealed class EvmDepositsTests
{
    private const string Anvil = "test test test test test test test test test test test junk";

    private const string Abandon =
        "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";

    [Theory]
    [InlineData(Anvil, 0, "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266")]
    [InlineData(Anvil, 1, "0x70997970C51812dc3A010C7d01b50e0d17dc79C8")]
    [InlineData(Anvil, 2, "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC")]
    [InlineData(Anvil, 9, "0xa0Ee7A142d267C1f36714E4a8F75612F20a79720")]
    [InlineData(Abandon, 0, "0x9858EfFD232B4033E47d90003D41EC34EcaEda94")]
    public void Addresses_are_those_that_wallets_show(string mnemonic, uint index, string address)
    {
        using var account = Account(Bip39.ToSeed(mnemonic));
        var deposits = EvmDeposits.FromAccountKey(account.ToPublic().ExportText());
        deposits.AddressAt(index).ToString().ShouldBe(address);
    }

    [Heavy]
    [Fact]
    public void Each_address_belongs_to_the_private_key_at_its_path() =>
        Gen.Select(Gen.Byte.Array[16, 64], Gen.UInt[0, KeyPath.Hardened - 1])
            .Sample(
                (seed, index) =>
                {
                    using var account = Account(seed);
                    using var external = account.Derive(0);
                    using var key = external.Derive(index);
                    var secret = new byte[32];
                    key.CopyKeyTo(secret);
                    new EvmDeposits(account.ToPublic())
                        .AddressAt(index)
                        .ShouldBe(EvmAddress.FromPublicKey(Secp256k1.PublicKey(secret)));
                },
                iter: 300
            );

    [Fact]
    public void The_last_index_is_the_last_that_is_not_hardened()
    {
        using var account = Account(new byte[16]);
        var deposits = new EvmDeposits(account.ToPublic());
        deposits.AddressAt(KeyPath.Hardened - 1).ShouldNotBe(default);
        Should.Throw<KeyDerivationException>(() => deposits.AddressAt(KeyPath.Hardened));
    }

    [Fact]
    public void Three_thousand_indexes_give_three_thousand_addresses()
    {
        using var account = Account(new byte[16]);
        var deposits = new EvmDeposits(account.ToPublic());
        Enumerable.Range(0, 3_000).Select(i => deposits.AddressAt((uint)i)).Distinct().Count().ShouldBe(3_000);
    }

    [Fact]
    public void Threads_that_derive_at_once_get_the_same_addresses()
    {
        using var account = Account(new byte[16]);
        var deposits = new EvmDeposits(account.ToPublic());
        var expected = Enumerable.Range(0, 200).Select(i => deposits.AddressAt((uint)i)).ToArray();
        Parallel.For(0, 2_000, i => deposits.AddressAt((uint)(i % 200)).ShouldBe(expected[i % 200]));
    }

    [Fact]
    public void A_key_from_another_level_of_the_tree_is_refused()
    {
        using var master = ExtendedPrivateKey.FromSeed(new byte[16]);
        foreach (var path in new[] { "m", "m/44'/60'", "m/44'/60'/0'/0", "m/44'/60'/0" })
        {
            using var key = master.Derive(KeyPath.Parse(path));
            Should.Throw<ArgumentException>(() => new EvmDeposits(key.ToPublic()), path);
        }
    }

    private static ExtendedPrivateKey Account(byte[] seed)
    {
        using var master = ExtendedPrivateKey.FromSeed(seed);
        return master.Derive(KeyPath.Account(EvmDeposits.CoinType, 0));
    }
}
