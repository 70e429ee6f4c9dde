using StablePay.Chains.Evm;
using StablePay.Chains.Keys;
using StablePay.Chains.Sandbox;
using StablePay.Chains.Solana;
using StablePay.Chains.Tron;
using StablePay.Core.Ids;

namespace StablePay.Chains.Tests.Keys;

/// <summary>The second derivation of an address is another way to the same bytes.</summary>
public sealed class DerivedAgainTests : IDisposable
{
    private readonly TestDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void PAY_12_both_ways_come_to_the_same_address_in_every_family()
    {
        var random = new Random(20261124);
        var seed = new byte[64];
        for (var i = 0; i < 100; i++)
        {
            random.NextBytes(seed);
            var index = random.NextInt64(KeyPath.Hardened);
            var evm = new EvmDeriver(AccountOf(seed, EvmDeposits.CoinType));
            evm.AgainAt(index).ShouldBe(EvmAddress.Parse(evm.AddressAt(index)).ToArray());
            var tron = new TronDeriver(AccountOf(seed, TronAddress.CoinType));
            tron.AgainAt(index).ShouldBe(TronAddress.Parse(tron.AddressAt(index)).Bytes.ToArray());
            using var master = Slip10Key.FromSeed(seed);
            using var solana = new SolanaDeriver(master.Derive(SolanaDeriver.Path));
            solana.AgainAt(index).ShouldBe(SolanaAddress.Parse(solana.AddressAt(index)).ToArray());
        }
        var sandbox = new SandboxDeriver(new NetworkId("sandbox:tron"));
        SandboxAddress.TryRead(sandbox.AddressAt(7), out var raw).ShouldBeTrue();
        sandbox.AgainAt(7).ShouldBe(raw);
    }

    [Fact]
    public void PAY_12_address_that_is_kept_ready_is_never_its_own_proof()
    {
        using var ahead = new AddressesAhead(new Forgetful());
        ahead.Refill(0);
        (ahead.AddressAt(3), ahead.AgainAt(3)).ShouldBe(("first time", null));
        ahead.AgainAt(3).ShouldBe([3]);
    }

    [Theory]
    [InlineData("\n", false)]
    [InlineData("\r\n", true)]
    public void PAY_12_address_of_a_list_is_compared_with_its_line_as_it_is_now(string end, bool hasMark)
    {
        using var master = Slip10Key.FromSeed(new byte[64]);
        using var deriver = new SolanaDeriver(master.Derive(SolanaDeriver.Path));
        var lines = Enumerable.Range(0, 5).Select(i => deriver.AddressAt(i)).ToArray();
        var path = _folder.Of("addresses.txt");
        void Write() => File.WriteAllText(path, string.Join(end, lines) + end, new System.Text.UTF8Encoding(hasMark));
        Write();
        var list = SolanaAddressList.Read(path);
        for (var i = 0; i < lines.Length; i++)
            list.AgainAt(i).ShouldBe(SolanaAddress.Parse(list.AddressAt(i)).ToArray());

        (lines[1], lines[2]) = (lines[2], lines[1]);
        Write();
        list.AgainAt(1).ShouldNotBe(SolanaAddress.Parse(list.AddressAt(1)).ToArray());
        File.WriteAllText(path, "");
        list.AgainAt(4).ShouldBe([]);
        File.Delete(path);
        list.AgainAt(4).ShouldBeNull();
    }

    private static EvmDeposits AccountOf(byte[] seed, uint coin)
    {
        using var master = ExtendedPrivateKey.FromSeed(seed);
        using var account = master.Derive(KeyPath.Account(coin, 0));
        return new EvmDeposits(account.ToPublic());
    }

    /// <summary>A fake: says something else each time.</summary>
    private sealed class Forgetful : IAddressDeriver
    {
        private bool _asked;

        public string Scheme => "forgetful";

        public long End => 10;

        public string AddressAt(long index) => "first time";

        public byte[]? AgainAt(long index)
        {
            (var before, _asked) = (_asked, true);
            return before ? [(byte)index] : null;
        }
    }
}
