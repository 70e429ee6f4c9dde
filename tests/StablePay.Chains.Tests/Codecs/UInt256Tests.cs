using System.Globalization;
using System.Numerics;
using CsCheck;
using StablePay.Chains.Evm;

namespace StablePay.Chains.Tests.Codecs;

public sealed class UInt256Tests
{
    [Fact]
    public void TOK_17_the_largest_word_is_read_and_refused_as_an_amount_not_cut()
    {
        var word = UInt256.FromBigEndian(Hex.Parse(new string('f', 64)));
        word.ShouldBe(UInt256.MaxValue);
        word.TryToUInt128(out var cut).ShouldBeFalse();
        cut.ShouldBe(UInt128.Zero);
        word.ToString().ShouldBe("115792089237316195423570985008687907853269984665640564039457584007913129639935");
    }

    [Fact]
    public void TOK_17_one_above_what_fits_is_refused_and_the_last_that_fits_is_not()
    {
        new UInt256(1, 0).TryToUInt128(out _).ShouldBeFalse();
        UInt256.FromUInt128(UInt128.MaxValue).TryToUInt128(out var last).ShouldBeTrue();
        last.ShouldBe(UInt128.MaxValue);
    }

    [Theory]
    [InlineData("80")]
    [InlineData("ff")]
    [InlineData("ffffffffffffffff")]
    [InlineData("8000000000000000")]
    [InlineData("ffffffffffffffffffffffffffffffff")]
    [InlineData("80000000000000000000000000000000")]
    public void TOK_18_a_top_bit_is_a_digit_and_no_sign(string hex)
    {
        var expected = BigInteger.Parse("0" + hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        expected.Sign.ShouldBe(1);
        var word = UInt256.FromBigEndian(Hex.Parse(hex.PadLeft(64, '0')));
        word.ToString().ShouldBe(expected.ToString(CultureInfo.InvariantCulture));
        word.TryToUInt128(out var value).ShouldBeTrue();
        ((BigInteger)value).ShouldBe(expected);
    }

    [Fact]
    public void TOK_18_the_top_bit_of_the_whole_word_is_positive_too()
    {
        var word = UInt256.FromBigEndian(Hex.Parse("80" + new string('0', 62)));
        word.ToString().ShouldBe(BigInteger.Pow(2, 255).ToString(CultureInfo.InvariantCulture));
        (word > UInt128.MaxValue).ShouldBeTrue();
    }

    [Fact]
    public void Words_agree_with_big_integers() =>
        Gen.Select(Words.Any, Words.Any)
            .Sample(
                (a, b) =>
                {
                    var (x, y) = (Words.Number(a), Words.Number(b));
                    a.ToString().ShouldBe(x.ToString(CultureInfo.InvariantCulture));
                    Math.Sign(a.CompareTo(b)).ShouldBe(x.CompareTo(y));
                    (a < b).ShouldBe(x < y);
                    (a >= b).ShouldBe(x >= y);
                    a.TryToUInt128(out var small).ShouldBe(x < BigInteger.Pow(2, 128));
                    if (x < BigInteger.Pow(2, 128))
                        ((BigInteger)small).ShouldBe(x);
                }
            );

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    public void A_word_of_another_length_is_refused(int length) =>
        Should.Throw<ArgumentException>(() => UInt256.FromBigEndian(new byte[length]));
}
