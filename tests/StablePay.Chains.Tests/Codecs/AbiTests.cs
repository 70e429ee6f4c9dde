using System.Text;
using CsCheck;
using StablePay.Chains.Evm;

namespace StablePay.Chains.Tests.Codecs;

public sealed class AbiTests
{
    private static readonly EvmAddress Somebody = EvmAddress.Parse("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed");

    [Fact]
    public void Constants_are_the_hashes_of_their_signatures()
    {
        Abi.TransferTopic.ToArray().ShouldBe(Abi.Topic("Transfer(address,address,uint256)"));
        Abi.Transfer(Somebody, 1UL)[..4].ShouldBe(Abi.Selector("transfer(address,uint256)"));
        Abi.BalanceOf(Somebody)[..4].ShouldBe(Abi.Selector("balanceOf(address)"));
        Abi.Decimals().ShouldBe(Abi.Selector("decimals()"));
        Abi.Symbol().ShouldBe(Abi.Selector("symbol()"));
    }

    [Fact]
    public void A_transfer_is_selector_recipient_and_amount() =>
        Abi.Transfer(Somebody, 1_000_000UL)
            .ShouldBe(
                Hex.Parse(
                    "a9059cbb"
                        + "0000000000000000000000005aaeb6053f3e94c9b9a09f33669435e7ef1beaed"
                        + "00000000000000000000000000000000000000000000000000000000000f4240"
                )
            );

    [Fact]
    public void A_word_is_read_from_exactly_32_bytes() =>
        Gen
            .Byte.Array[0, 70]
            .Sample(bytes =>
            {
                Abi.TryReadUInt256(bytes, out _).ShouldBe(bytes.Length == 32);
                if (bytes.Length == 32)
                    return;
                Abi.TryReadBool(bytes, out _).ShouldBeFalse();
                Abi.TryReadUInt8(bytes, out _).ShouldBeFalse();
                Abi.TryReadAddress(bytes, out _).ShouldBeFalse();
            });

    [Fact]
    public void Narrow_types_refuse_wide_words() =>
        Words.Any.Sample(word =>
        {
            var bytes = new byte[32];
            word.WriteBigEndian(bytes);
            var number = Words.Number(word);
            Abi.TryReadBool(bytes, out var flag).ShouldBe(number <= 1);
            flag.ShouldBe(number == 1);
            Abi.TryReadUInt8(bytes, out var small).ShouldBe(number <= 255);
            if (number <= 255)
                ((int)small).ShouldBe((int)number);
        });

    [Theory]
    [InlineData("USDT")]
    [InlineData("")]
    [InlineData("USD₮0")]
    [InlineData("a symbol that needs more than one word, as nobody should make it")]
    public void A_string_is_read(string text)
    {
        Abi.TryReadString(Returned(Encoding.UTF8.GetBytes(text)), out var read).ShouldBeTrue();
        read.ShouldBe(text);
    }

    [Fact]
    public void A_symbol_in_one_word_is_read_up_to_its_zeros()
    {
        var word = new byte[32];
        "MKR"u8.CopyTo(word);
        Abi.TryReadString(word, out var read).ShouldBeTrue();
        read.ShouldBe("MKR");
        word[31] = 1;
        Abi.TryReadString(word, out _).ShouldBeFalse();
    }

    [Fact]
    public void A_broken_string_is_refused_without_an_exception()
    {
        var good = Returned("USDT"u8);
        foreach (var at in new[] { 0, 30, 31, 32, 55, 62 })
        {
            var bad = (byte[])good.Clone();
            bad[at] ^= 0x80;
            Abi.TryReadString(bad, out _).ShouldBeFalse($"byte {at}");
        }

        Abi.TryReadString(good.AsSpan(0, 64), out _).ShouldBeFalse();
        Abi.TryReadString(good.AsSpan(0, 95), out _).ShouldBeFalse();
        Abi.TryReadString([], out _).ShouldBeFalse();
        Abi.TryReadString(Returned([0xff, 0xfe]), out _).ShouldBeFalse();
    }

    [Fact]
    public void No_bytes_at_all_make_a_reader_throw() =>
        Gen
            .Byte.Array[0, 200]
            .Sample(
                bytes =>
                {
                    Abi.TryReadString(bytes, out _);
                    var offset = Returned(bytes);
                    if (bytes.Length > 0)
                        offset[63 - (bytes[0] % 32)] ^= bytes[0];
                    Abi.TryReadString(offset, out _);
                },
                iter: 2_000
            );

    private static byte[] Returned(ReadOnlySpan<byte> text)
    {
        var data = new byte[64 + ((text.Length + 31) / 32 * 32)];
        data[31] = 32;
        ((UInt256)(ulong)text.Length).WriteBigEndian(data.AsSpan(32));
        text.CopyTo(data.AsSpan(64));
        return data;
    }
}
