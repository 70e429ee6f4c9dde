using StablePay.Chains.Evm;
using StablePay.Chains.Keys;
using StablePay.Chains.Tron;

namespace StablePay.Chains.Tests.Codecs;

public sealed class TronAddressTests
{
    [Theory]
    [InlineData("TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t", "41a614f803b6fd780986a42c78ec9c7f77e6ded13c")]
    [InlineData("T9yD14Nj9j7xAB4dbGeiX9h8unkKHxuWwb", "410000000000000000000000000000000000000000")]
    public void TRX_09_the_three_spellings_are_one_address(string text, string hex)
    {
        var address = TronAddress.Parse(text);
        address.ToHex().ShouldBe(hex);
        address.Bytes.ShouldBe(EvmAddress.Parse("0x" + hex[2..]));
        TronAddress.TryParseHex(hex.ToUpperInvariant(), out var read).ShouldBeTrue();
        read.ShouldBe(address);
        read.ToString().ShouldBe(text);
    }

    [Fact]
    public void TRX_09_a_spelling_is_not_taken_for_another()
    {
        TronAddress.TryParse("41a614f803b6fd780986a42c78ec9c7f77e6ded13c", out _).ShouldBeFalse();
        TronAddress.TryParseHex("TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t", out _).ShouldBeFalse();
        TronAddress.TryParseHex("a614f803b6fd780986a42c78ec9c7f77e6ded13c", out _).ShouldBeFalse();
        TronAddress.TryParseHex("0xa614f803b6fd780986a42c78ec9c7f77e6ded13c", out _).ShouldBeFalse();
        TronAddress.TryParseHex("42a614f803b6fd780986a42c78ec9c7f77e6ded13c", out _).ShouldBeFalse();
    }

    [Fact]
    public void REF_13_other_prefixes_and_lengths_are_refused()
    {
        var bytes = TronAddress.Parse("TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t").Bytes.ToArray();
        foreach (var payload in new byte[][] { [0x00, .. bytes], [0xa0, .. bytes], bytes, [0x41, .. bytes, 0] })
            TronAddress.TryParse(Base58.EncodeChecked(payload), out _).ShouldBeFalse();
        foreach (var text in new[] { null, "", "T", " TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t" })
            TronAddress.TryParse(text, out _).ShouldBeFalse();
        Should.Throw<FormatException>(() => TronAddress.Parse("TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6u"));
    }
}
