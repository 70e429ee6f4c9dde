using CsCheck;
using StablePay.Chains.Evm;

namespace StablePay.Chains.Tests.Codecs;

public sealed class Eip681Tests
{
    private static readonly EvmAddress Token = EvmAddress.Parse("0xdAC17F958D2ee523a2206206994597C13D831ec7");
    private static readonly EvmAddress Payee = EvmAddress.Parse("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed");

    [Fact]
    public void CO_04_a_link_names_token_chain_recipient_and_atoms() =>
        Eip681
            .Transfer(Token, 56, Payee, 12_340_000)
            .ShouldBe(
                "ethereum:0xdAC17F958D2ee523a2206206994597C13D831ec7@56/transfer"
                    + "?address=0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed&uint256=12340000"
            );

    [Fact]
    public void CO_04_the_amount_is_never_in_exponent_form_or_grouped() =>
        Gen.Select(Gen.ULong, Gen.ULong)
            .Where((high, low) => high != 0 || low != 0)
            .Sample(
                (high, low) =>
                {
                    var atoms = new UInt128(high, low);
                    var link = Eip681.Transfer(Token, 1, Payee, atoms);
                    var amount = link[(link.LastIndexOf('=') + 1)..];
                    amount.ShouldAllBe(c => char.IsAsciiDigit(c));
                    Words.Number(atoms).ToString(System.Globalization.CultureInfo.InvariantCulture).ShouldBe(amount);
                }
            );

    [Fact]
    public void CO_04_a_link_that_would_pay_nothing_or_nobody_is_refused()
    {
        Should.Throw<ArgumentException>(() => Eip681.Transfer(default, 1, Payee, 1));
        Should.Throw<ArgumentException>(() => Eip681.Transfer(Token, 1, default, 1));
        Should.Throw<ArgumentException>(() => Eip681.Transfer(Token, 0, Payee, 1));
        Should.Throw<ArgumentException>(() => Eip681.Transfer(Token, 1, Payee, 0));
    }
}
