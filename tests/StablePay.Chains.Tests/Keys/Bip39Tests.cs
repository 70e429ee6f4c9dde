using CsCheck;
using StablePay.Chains.Evm;
using StablePay.Chains.Keys;

namespace StablePay.Chains.Tests.Keys;

public sealed class Bip39Tests
{
    [Fact]
    public void All_published_vectors_come_out()
    {
        var count = 0;
        foreach (var vector in Vectors.Read("bip39.json").EnumerateArray())
        {
            var entropy = Hex.Parse(vector.Text("entropy"));
            var mnemonic = Bip39.ToMnemonic(entropy);
            mnemonic.ShouldBe(vector.Text("mnemonic"));
            Bip39.ToEntropy(mnemonic).ShouldBe(entropy);
            var seed = Bip39.ToSeed(mnemonic, "TREZOR");
            Hex.ToHex(seed).ShouldBe(vector.Text("seed"));
            using var master = ExtendedPrivateKey.FromSeed(seed);
            master.ExportText().ShouldBe(vector.Text("xprv"));
            count++;
        }

        count.ShouldBe(24);
    }

    [Fact]
    public void Words_in_composed_letters_give_the_seed_of_decomposed_ones()
    {
        const string Words =
            "ておくれ　げざん　しねま　こりる　きぼう　しねん　ななおし　ほんやく　きない　けむり　けまり　てんない";
        Hex.ToHex(Bip39.ToSeed(Words.Normalize(System.Text.NormalizationForm.FormC), "TREZOR"))
            .ShouldBe(
                "b80f83f27ec3a6cbe804be0661e9bcc30583484dbbd37f689d4952bdf4ad29d9"
                    + "b9f5774fc4c87b733169416418b81f272a3eab37feb22f5c8f6deea6bb08f8c1"
            );
    }

    [Fact]
    public void Entropy_of_every_length_survives_the_round_trip() =>
        Gen.Int[4, 8]
            .SelectMany(words => Gen.Byte.Array[words * 4])
            .Sample(entropy => Bip39.ToEntropy(Bip39.ToMnemonic(entropy)).ShouldBe(entropy), iter: 2_000);

    [Theory]
    [InlineData(0)]
    [InlineData(12)]
    [InlineData(15)]
    [InlineData(17)]
    [InlineData(18)]
    [InlineData(33)]
    [InlineData(36)]
    public void Entropy_of_another_length_is_refused(int length) =>
        Should.Throw<ArgumentException>(() => Bip39.ToMnemonic(new byte[length]));

    [Theory]
    [InlineData("")]
    [InlineData("abandon")]
    [InlineData("abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon")]
    [InlineData("abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about")]
    [InlineData("abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abou")]
    [InlineData("about abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon")]
    public void Words_that_are_no_mnemonic_are_refused_without_quoting_them(string words) =>
        Should.Throw<FormatException>(() => Bip39.ToEntropy(words)).Message.ShouldNotContain("abando");

    [Fact]
    public void Blanks_and_case_do_not_matter_to_a_person_who_types() =>
        Hex.ToHex(Bip39.ToEntropy("  Legal WINNER thank year\twave sausage worth useful legal winner\nthank yellow "))
            .ShouldBe("7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f");
}
