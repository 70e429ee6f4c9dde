namespace StablePay.Core.Tests.Money;

public sealed class DecimalsTests
{
    [Theory]
    [InlineData(0, 0, 0, "0")]
    [InlineData(5, 3, 3, "0.005")]
    [InlineData(41_440_000, 6, 2, "41.44")]
    [InlineData(41_440_001, 6, 2, "41.440001")]
    [InlineData(41_000_000, 6, 2, "41.00")]
    [InlineData(41_000_000, 6, 0, "41")]
    public void Trailing_zeros_go_but_the_least_decimals_stay(ulong value, int scale, int atLeast, string text) =>
        Decimals.Format(value, scale, atLeast).ShouldBe(text);

    [Fact]
    public void What_is_written_is_read_back_at_every_scale() =>
        Gen.Select(Gen.ULong[0, 999_999_999_999_999_999], Gen.Int[0, 18])
            .Sample(
                (value, scale) =>
                    Decimals.TryParse(Decimals.Format(value, scale, 0), scale, out var read) && read == value
            );

    /// <summary>The largest text at the largest scale: 36 digits, which 128 bits hold.</summary>
    [Fact]
    public void The_longest_text_fits()
    {
        var nines = new string('9', 18);
        Decimals.TryParse($"{nines}.{nines}", 18, out var value).ShouldBeTrue();
        value.ShouldBe(Decimals.PowerOfTen(36) - 1);
        Decimals.TryParse($"1{nines}", 18, out _).ShouldBeFalse();
    }

    [Fact]
    public void Any_text_at_all_is_read_or_refused() =>
        Gen.Select(Gen.String[Gen.Char["0123456789.,-+eE \u0661\uFF11"], 0, 24], Gen.Int[0, 18])
            .Sample(
                (text, scale) =>
                {
                    if (Decimals.TryParse(text, scale, out var value))
                        text.TrimStart('0')
                            .ShouldBe(
                                (
                                    Decimals.Format(
                                        value,
                                        scale,
                                        text.Contains('.') ? text.Length - text.IndexOf('.') - 1 : 0
                                    )
                                ).TrimStart('0')
                            );
                }
            );

    [Theory]
    [InlineData(-1)]
    [InlineData(39)]
    public void Powers_of_ten_beyond_128_bits_are_refused(int n) =>
        Should.Throw<ArgumentOutOfRangeException>(() => Decimals.PowerOfTen(n));
}
