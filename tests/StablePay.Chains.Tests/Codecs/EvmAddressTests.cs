using System.Text;
using CsCheck;
using StablePay.Chains.Evm;

namespace StablePay.Chains.Tests.Codecs;

public sealed class EvmAddressTests
{
    public static TheoryData<string> Published =>
        [
            "0x52908400098527886E0F7030069857D2E4169EE7",
            "0x8617E340B3D01FA5F11F306F4090FD50E238070D",
            "0xde709f2102306220921060314715629080e2fb77",
            "0x27b1fdb04752bbc536007a920d24acb045561c26",
            "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
            "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
            "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB",
            "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
        ];

    [Theory]
    [MemberData(nameof(Published))]
    public void Published_checksums_come_out(string text)
    {
        EvmAddress.Parse(text).ToString().ShouldBe(text);
        EvmAddress.Parse("0x" + text[2..].ToLowerInvariant()).ToString().ShouldBe(text);
        EvmAddress.Parse("0x" + text[2..].ToUpperInvariant()).ToString().ShouldBe(text);
    }

    [Fact]
    public void REF_13_any_one_letter_in_the_wrong_case_is_refused() =>
        Gen.Select(Gen.Byte.Array[20], Gen.Int[2, 41])
            .Sample(
                (bytes, at) =>
                {
                    var right = new EvmAddress(bytes).ToString();
                    if (!char.IsAsciiLetter(right[at]))
                        return;
                    var wrong = right[..at] + (char)(right[at] ^ 0x20) + right[(at + 1)..];
                    var uniform = !wrong[2..].Any(char.IsAsciiLetterLower) || !wrong[2..].Any(char.IsAsciiLetterUpper);
                    EvmAddress.TryParse(wrong, out _).ShouldBe(uniform, wrong);
                },
                iter: 3_000
            );

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0x")]
    [InlineData("5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")]
    [InlineData("0X5AAEB6053F3E94C9B9A09F33669435E7EF1BEAED")]
    [InlineData("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAe")]
    [InlineData("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed0")]
    [InlineData(" 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")]
    [InlineData("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeⅾ")]
    [InlineData("0x5aаeb6053f3e94c9b9a09f33669435e7ef1beaed")]
    [InlineData("0x0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeA")]
    [InlineData("TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t")]
    public void REF_13_text_that_only_looks_like_an_address_is_refused(string? text)
    {
        EvmAddress.TryParse(text, out var address).ShouldBeFalse();
        address.ShouldBe(default);
        if (text is not null)
            Should.Throw<FormatException>(() => EvmAddress.Parse(text));
    }

    [Fact]
    public void Every_form_survives_the_round_trip() =>
        Gen
            .Byte.Array[20]
            .Sample(bytes =>
            {
                var address = new EvmAddress(bytes);
                address.ToArray().ShouldBe(bytes);
                EvmAddress.Parse(address.ToString()).ShouldBe(address);
                EvmAddress.TryReadHex(Encoding.ASCII.GetBytes(Hex.ToData(bytes)), out var fromNode).ShouldBeTrue();
                fromNode.ShouldBe(address);
                fromNode.GetHashCode().ShouldBe(address.GetHashCode());
                var topic = new byte[32];
                address.WriteTopic(topic);
                EvmAddress.FromLogTopic(topic).ShouldBe(address);
                bytes[7] ^= 1;
                new EvmAddress(bytes).ShouldNotBe(address);
            });

    [Fact]
    public void TOK_03_a_topic_with_any_dirty_high_byte_is_no_address()
    {
        var topic = new byte[32];
        Array.Fill(topic, (byte)0xab, 12, 20);
        EvmAddress.TryFromLogTopic(topic, out _).ShouldBeTrue();
        for (var at = 0; at < 12; at++)
        {
            var dirty = (byte[])topic.Clone();
            dirty[at] = 1;
            EvmAddress.TryFromLogTopic(dirty, out _).ShouldBeFalse($"byte {at}");
            Should.Throw<FormatException>(() => EvmAddress.FromLogTopic(dirty));
        }

        EvmAddress.TryFromLogTopic(topic.AsSpan(12), out _).ShouldBeFalse();
        EvmAddress.TryFromLogTopic(topic.AsSpan(0, 31), out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(19)]
    [InlineData(21)]
    public void Another_number_of_bytes_is_refused(int length) =>
        Should.Throw<ArgumentException>(() => new EvmAddress(new byte[length]));
}
