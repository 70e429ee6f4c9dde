using CsCheck;
using StablePay.Chains.Evm;
using StablePay.Chains.Keys;

namespace StablePay.Chains.Tests.Keys;

public sealed class Base58Tests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("61", "2g")]
    [InlineData("626262", "a3gV")]
    [InlineData("73696d706c792061206c6f6e6720737472696e67", "2cFupjhnEsSn59qHXstmK2ffpLv2")]
    [InlineData("00eb15231dfceb60925886b67d065299925915aeb172c06647", "1NS17iag9jJgTHD1VXjvLCEnZuQ3rJDE9L")]
    [InlineData("00000000000000000000", "1111111111")]
    public void Published_examples_come_out(string hex, string text)
    {
        Base58.Encode(Hex.Parse(hex)).ShouldBe(text);
        Base58.TryDecode(text, out var bytes).ShouldBeTrue();
        bytes.ShouldBe(Hex.Parse(hex));
    }

    [Fact]
    public void A_TRON_address_is_its_bytes_with_a_checksum()
    {
        Base58.TryDecodeChecked("TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t", out var bytes).ShouldBeTrue();
        Hex.ToHex(bytes).ShouldBe("41a614f803b6fd780986a42c78ec9c7f77e6ded13c");
        Base58.EncodeChecked(bytes).ShouldBe("TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t");
    }

    [Fact]
    public void Bytes_survive_the_round_trip() =>
        Gen
            .Byte.Array[0, 80]
            .Sample(
                bytes =>
                {
                    Base58.TryDecodeChecked(Base58.EncodeChecked(bytes), out var read).ShouldBeTrue();
                    read.ShouldBe(bytes);
                },
                iter: 2_000
            );

    [Fact]
    public void One_wrong_character_breaks_the_checksum()
    {
        const string Right = "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t";
        for (var at = 0; at < Right.Length; at++)
        {
            var other = Right[at] == '2' ? '3' : '2';
            Base58.TryDecodeChecked(Right[..at] + other + Right[(at + 1)..], out _).ShouldBeFalse($"place {at}");
        }
    }

    [Theory]
    [InlineData("0")]
    [InlineData("O")]
    [InlineData("I")]
    [InlineData("l")]
    [InlineData(" 2g")]
    [InlineData("2g\n")]
    [InlineData("２g")]
    public void Letters_outside_the_alphabet_are_refused(string text) => Base58.TryDecode(text, out _).ShouldBeFalse();

    [Fact]
    public void Text_without_end_is_refused() => Base58.TryDecode(new string('2', 100_000), out _).ShouldBeFalse();

    [Fact]
    public void Text_fills_exactly_as_many_bytes_as_it_stands_for() =>
        Gen.Select(Gen.Byte.Array[0, 66], Gen.Int[0, 5], Gen.Int[1, 16], Gen.Int[0, 70], Gen.Char[' ', 'ÿ'])
            .Sample(
                (bytes, zeros, words, at, with) =>
                {
                    Array.Clear(bytes, 0, Math.Min(zeros, bytes.Length));
                    var text = Base58.Encode(bytes);
                    if (at < text.Length)
                        text = text[..at] + with + text[(at + 1)..];
                    var filled = new byte[words * 4];
                    var ok = Base58.TryFill(System.Text.Encoding.Latin1.GetBytes(text), filled);
                    ok.ShouldBe(Base58.TryDecode(text, out var read) && read.Length == filled.Length, text);
                    if (ok)
                        filled.ShouldBe(read);
                },
                iter: 20_000
            );
}
