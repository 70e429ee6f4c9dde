using System.Numerics;
using System.Text;
using CsCheck;
using StablePay.Chains.Evm;

namespace StablePay.Chains.Tests.Codecs;

public sealed class HexTests
{
    [Fact]
    public void Bytes_survive_the_round_trip_with_and_without_prefix_and_in_both_cases() =>
        Gen
            .Byte.Array[0, 100]
            .Sample(bytes =>
            {
                Hex.Parse(Hex.ToHex(bytes)).ShouldBe(bytes);
                Hex.Parse(Hex.ToData(bytes)).ShouldBe(bytes);
                Hex.Parse("0x" + Convert.ToHexString(bytes)).ShouldBe(bytes);
                var read = new byte[bytes.Length];
                Hex.TryParse(Encoding.ASCII.GetBytes(Hex.ToData(bytes)), read).ShouldBeTrue();
                read.ShouldBe(bytes);
            });

    [Theory]
    [InlineData("0x0")]
    [InlineData("abc")]
    [InlineData("0xzz")]
    [InlineData("0x 1")]
    [InlineData(" 0x11")]
    [InlineData("0x11 ")]
    [InlineData("0X11")]
    [InlineData("0x0x11")]
    [InlineData("1٢")]
    [InlineData("-1")]
    [InlineData("ｆｆ")]
    public void Anything_but_whole_bytes_is_refused(string text) =>
        Should.Throw<FormatException>(() => Hex.Parse(text));

    [Fact]
    public void The_destination_decides_the_length()
    {
        Hex.TryParse("0x1122", new byte[3]).ShouldBeFalse();
        Hex.TryParse("0x1122", new byte[1]).ShouldBeFalse();
        Hex.TryParse("0x1122"u8, new byte[3]).ShouldBeFalse();
        Hex.TryParse("", []).ShouldBeTrue();
    }

    [Theory]
    [InlineData("0x0", 0UL)]
    [InlineData("0x1a", 26UL)]
    [InlineData("0x1A", 26UL)]
    [InlineData("0xffffffffffffffff", ulong.MaxValue)]
    [InlineData("0x8000000000000000", 0x8000000000000000UL)]
    public void A_quantity_is_read_as_unsigned(string text, ulong expected)
    {
        Hex.TryParseQuantity(Encoding.ASCII.GetBytes(text), out ulong value).ShouldBeTrue();
        value.ShouldBe(expected);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0x")]
    [InlineData("1")]
    [InlineData("0x00")]
    [InlineData("0x01")]
    [InlineData("0X1")]
    [InlineData("0x-1")]
    [InlineData("0x 1")]
    [InlineData("0x1 ")]
    [InlineData("0xg")]
    [InlineData("0x10000000000000000")]
    [InlineData("0x10000000000000000000000000000000000000000000000000000000000000000")]
    public void A_quantity_that_is_empty_padded_or_too_large_is_refused(string text) =>
        Hex.TryParseQuantity(Encoding.ASCII.GetBytes(text), out ulong _).ShouldBeFalse();

    [Fact]
    public void Quantities_survive_the_round_trip() =>
        Gen.ULong.Sample(value =>
        {
            Hex.TryParseQuantity(Encoding.ASCII.GetBytes(Hex.ToQuantity(value)), out ulong read).ShouldBeTrue();
            read.ShouldBe(value);
        });

    [Fact]
    public void Wide_quantities_agree_with_big_integers() =>
        Words.Any.Sample(word =>
        {
            var number = Words.Number(word);
            var padded = Hex.ToHex(number.ToByteArray(isUnsigned: true, isBigEndian: true));
            var digits = number.IsZero ? "0" : padded.TrimStart('0');
            Hex.TryParseQuantity(Encoding.ASCII.GetBytes("0x" + digits), out UInt256 read).ShouldBeTrue();
            read.ShouldBe(word);
        });
}

/// <summary>256-bit words of every size, those at the edges more often than chance would bring.</summary>
internal static class Words
{
    private static readonly UInt256[] Edges =
    [
        UInt256.Zero,
        UInt256.MaxValue,
        1UL,
        UInt128.MaxValue,
        new UInt256(1, 0),
        new UInt256((UInt128)1 << 127, 0),
        new UInt256(UInt128.MaxValue >> 1, UInt128.MaxValue),
    ];

    public static Gen<UInt256> Any { get; } =
        Gen.OneOf(
            Gen.Select(
                Gen.Byte.Array[32],
                Gen.Int[0, 32],
                (bytes, zeros) =>
                {
                    bytes.AsSpan(0, zeros).Clear();
                    return UInt256.FromBigEndian(bytes);
                }
            ),
            Gen.Int[0, Edges.Length - 1].Select(i => Edges[i])
        );

    public static BigInteger Number(UInt256 word)
    {
        var bytes = new byte[32];
        word.WriteBigEndian(bytes);
        return new BigInteger(bytes, isUnsigned: true, isBigEndian: true);
    }
}
