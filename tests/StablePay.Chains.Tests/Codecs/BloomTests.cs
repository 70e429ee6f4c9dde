using System.Globalization;
using System.Text;
using CsCheck;
using StablePay.Chains.Evm;

namespace StablePay.Chains.Tests.Codecs;

public sealed class BloomTests
{
    [Fact]
    public void A_filter_of_a_hundred_items_is_bit_for_bit_that_of_other_clients()
    {
        var bloom = new byte[Bloom.Length];
        for (var i = 0; i < 100; i++)
            Bloom.Add(
                bloom,
                BloomKey.Of(
                    Encoding.ASCII.GetBytes(
                        string.Create(CultureInfo.InvariantCulture, $"xxxxxxxxxx data {i} yyyyyyyyyyyyyy")
                    )
                )
            );
        Hex.ToHex(Keccak256.Hash(bloom)).ShouldBe("c8d3ca65cdb4874300a9e39475508f23ed6da09fdbc487f89a2dcf50b09eb263");
    }

    [Fact]
    public void EVM_07_what_was_added_is_never_denied() =>
        Gen
            .Byte.Array[20]
            .List[0, 30]
            .Sample(items =>
            {
                var bloom = new byte[Bloom.Length];
                foreach (var item in items)
                    Bloom.Add(bloom, BloomKey.Of(item));
                return items.TrueForAll(item => Bloom.MayContain(bloom, item));
            });

    [Fact]
    public void An_empty_filter_denies_everything_and_a_full_one_nothing()
    {
        var full = new byte[Bloom.Length];
        Array.Fill(full, (byte)0xff);
        Gen.Byte.Array[0, 40]
            .Sample(item => !Bloom.MayContain(new byte[Bloom.Length], item) && Bloom.MayContain(full, item));
    }

    [Fact]
    public void A_few_items_leave_most_others_denied()
    {
        var bloom = new byte[Bloom.Length];
        for (byte i = 0; i < 20; i++)
            Bloom.Add(bloom, BloomKey.Of([i]));
        var perhaps = Enumerable.Range(0, 10_000).Count(i => Bloom.MayContain(bloom, BitConverter.GetBytes(i + 1_000)));
        perhaps.ShouldBeLessThan(50);
    }

    [Fact]
    public void Contract_and_topic_are_both_needed()
    {
        var contract = EvmAddress.Parse("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed");
        var other = EvmAddress.Parse("0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359");
        var bloom = new byte[Bloom.Length];
        Bloom.Add(bloom, BloomKey.OfContract(contract));
        Bloom.MayContain(bloom, BloomKey.OfContract(contract), BloomKey.Of(Abi.TransferTopic)).ShouldBeFalse();
        Bloom.Add(bloom, BloomKey.Of(Abi.TransferTopic));
        Bloom.MayContain(bloom, BloomKey.OfContract(contract), BloomKey.Of(Abi.TransferTopic)).ShouldBeTrue();
        Bloom.MayContain(bloom, BloomKey.OfContract(other), BloomKey.Of(Abi.TransferTopic)).ShouldBeFalse();
        Bloom.MayContain(bloom, BloomKey.OfTopic(contract)).ShouldBeFalse();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(255)]
    [InlineData(257)]
    public void A_filter_of_another_length_is_refused(int length) =>
        Should.Throw<ArgumentException>(() => Bloom.MayContain(new byte[length], BloomKey.Of([1])));
}
