using System.Globalization;
using StablePay.Chains.Evm;
using StablePay.Chains.Keys;

namespace StablePay.Chains.Tests.Codecs;

public sealed class CultureTests
{
    [Theory]
    [InlineData("en-US")]
    [InlineData("de-DE")]
    [InlineData("tr-TR")]
    [InlineData("fa-IR")]
    [InlineData("ar-SA")]
    [InlineData("sv-SE")]
    public void Every_text_form_is_the_same_in_every_culture(string name)
    {
        var before = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
        try
        {
            // Digits, minus signs, dotless i, calendars and collation are what differs between these.
            CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(name);
            var address = EvmAddress.Parse("0XDAC17F958D2EE523A2206206994597C13D831EC7".Replace('X', 'x'));
            address.ToString().ShouldBe("0xdAC17F958D2ee523a2206206994597C13D831ec7");
            Eip681
                .Transfer(address, 1_234_567, address, 9_876_543_210)
                .ShouldBe(
                    "ethereum:0xdAC17F958D2ee523a2206206994597C13D831ec7@1234567/transfer"
                        + "?address=0xdAC17F958D2ee523a2206206994597C13D831ec7&uint256=9876543210"
                );
            new UInt256(1, 5).ToString().ShouldBe("340282366920938463463374607431768211461");
            Hex.ToQuantity(1_234_567).ShouldBe("0x12d687");
            Hex.Parse("0xABCDEF").ShouldBe([0xab, 0xcd, 0xef]);
            KeyPath.Parse("m/44'/60'/0'/0/1234567").ToString().ShouldBe("m/44'/60'/0'/0/1234567");
            const string Words = "legal winner thank year wave sausage worth useful legal winner thank yellow";
            Bip39.ToMnemonic(Bip39.ToEntropy(Words.ToUpperInvariant())).ShouldBe(Words);
            using var box = SecretBox.FromKey(new byte[32]);
            box.Open("i", box.Seal("i", [1])).ShouldBe([1]);
            Should.Throw<SecretBoxException>(() => box.Open("I", box.Seal("i", [1])));
        }
        finally
        {
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = before;
        }
    }
}
