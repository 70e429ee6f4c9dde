using System.Text;
using CsCheck;
using Org.BouncyCastle.Crypto.Digests;
using StablePay.Chains.Evm;

namespace StablePay.Chains.Tests.Codecs;

public sealed class Keccak256Tests
{
    [Theory]
    [InlineData("", "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470")]
    [InlineData("abc", "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45")]
    [InlineData(
        "Transfer(address,address,uint256)",
        "ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef"
    )]
    public void Published_hashes_come_out(string text, string hash) =>
        Hex.ToHex(Keccak256.Hash(Encoding.ASCII.GetBytes(text))).ShouldBe(hash);

    [Fact]
    public void Every_length_around_the_block_size_agrees_with_the_library()
    {
        var data = new byte[700];
        new Random(7).NextBytes(data);
        for (var length = 0; length <= data.Length; length++)
            Keccak256.Hash(data.AsSpan(0, length)).ShouldBe(Library(data[..length]), $"length {length}");
    }

    [Fact]
    public void Any_bytes_agree_with_the_library() =>
        Gen.Byte.Array[0, 1_000].Sample(bytes => Keccak256.Hash(bytes).ShouldBe(Library(bytes)), iter: 2_000);

    [Fact]
    public void A_buffer_may_be_hashed_into_itself()
    {
        var buffer = new byte[64];
        new Random(8).NextBytes(buffer);
        var expected = Keccak256.Hash(buffer);
        Keccak256.Hash(buffer, buffer);
        buffer[..32].ShouldBe(expected);
    }

    [Fact]
    public void A_destination_that_is_too_short_is_refused() =>
        Should.Throw<ArgumentException>(() => Keccak256.Hash([], new byte[31]));

    private static byte[] Library(byte[] bytes)
    {
        var digest = new KeccakDigest(256);
        digest.BlockUpdate(bytes, 0, bytes.Length);
        var hash = new byte[32];
        digest.DoFinal(hash, 0);
        return hash;
    }
}
