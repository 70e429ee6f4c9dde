using System.Text;
using CsCheck;
using StablePay.Chains.Evm;

namespace StablePay.Chains.Tests.Codecs;

public sealed class RlpTests
{
    internal static readonly Gen<RlpItem> Trees = Gen.Recursive<RlpItem>(
        (depth, inner) =>
            depth > 4 ? Leaf : Gen.Frequency((3, Leaf), (2, inner.List[0, 6].Select(items => RlpItem.List(items))))
    );

    private static Gen<RlpItem> Leaf =>
        Gen.OneOf(Gen.Byte.Array[0, 4], Gen.Byte.Array[50, 60], Gen.Byte.Array[250, 300]).Select(b => RlpItem.Of(b));

    // The first numbers of set theory: nothing, and the set of nothing.
    private static RlpItem[] Sets => [RlpItem.List(), RlpItem.List(RlpItem.List())];

    public static TheoryData<RlpItem, string> Published =>
        new()
        {
            { Text("dog"), "83646f67" },
            { RlpItem.List(Text("cat"), Text("dog")), "c88363617483646f67" },
            { Text(""), "80" },
            { RlpItem.List(), "c0" },
            { RlpItem.Of(UInt256.Zero), "80" },
            { RlpItem.Of(15UL), "0f" },
            { RlpItem.Of(1024UL), "820400" },
            { RlpItem.Of(new byte[] { 0 }), "00" },
            { RlpItem.List(Sets[0], Sets[1], RlpItem.List(Sets[0], Sets[1])), "c7c0c1c0c3c0c1c0" },
            {
                Text("Lorem ipsum dolor sit amet, consectetur adipisicing elit"),
                "b8384c6f72656d20697073756d20646f6c6f722073697420616d65742c20636f6e"
                    + "7365637465747572206164697069736963696e6720656c6974"
            },
        };

    [Theory]
    [MemberData(nameof(Published))]
    public void Published_examples_come_out(RlpItem item, string hex)
    {
        Hex.ToHex(Rlp.Encode(item)).ShouldBe(hex);
        Same(Rlp.Decode(Hex.Parse(hex)), item).ShouldBeTrue();
    }

    [Fact]
    public void Trees_survive_the_round_trip() =>
        Trees.Sample(tree => Same(Rlp.Decode(Rlp.Encode(tree)), tree), iter: 3_000);

    [Fact]
    public void Numbers_survive_the_round_trip() =>
        Words.Any.Sample(word => Rlp.Decode(Rlp.Encode(RlpItem.Of(word))).ToUInt256() == word);

    [Theory]
    [InlineData("", "nothing")]
    [InlineData("8100", "a byte below 0x80 with a prefix")]
    [InlineData("817f", "a byte below 0x80 with a prefix")]
    [InlineData("b800", "a long form of the empty string")]
    [InlineData("b80161", "a long form of a short string")]
    [InlineData("b90038", "a length with a leading zero")]
    [InlineData("f800", "a long form of the empty list")]
    [InlineData("f80180", "a long form of a short list")]
    [InlineData("8261", "a cut string")]
    [InlineData("c261", "a cut list")]
    [InlineData("c2820101", "an item that leaves its list")]
    [InlineData("b8", "a cut length")]
    [InlineData("bfffffffffffffffff", "a length of 64 bits")]
    [InlineData("fbffffffff", "a length beyond the bytes")]
    [InlineData("6161", "a second item")]
    [InlineData("c0c0", "a second list")]
    public void Another_spelling_of_the_same_value_is_refused(string hex, string why) =>
        Should.Throw<FormatException>(() => Rlp.Decode(Hex.Parse(hex)), why);

    [Fact]
    public void Whatever_is_accepted_has_no_second_spelling() =>
        Gen
            .Byte.Array[1, 12]
            .Sample(
                bytes =>
                {
                    try
                    {
                        return Rlp.Encode(Rlp.Decode(bytes)).AsSpan().SequenceEqual(bytes);
                    }
                    catch (FormatException)
                    {
                        return true;
                    }
                },
                iter: 20_000
            );

    [Fact]
    public void A_tower_of_lists_is_refused_and_does_not_eat_the_stack()
    {
        RlpItem tower = RlpItem.List();
        for (var i = 0; i < Rlp.MaxDepth; i++)
            tower = RlpItem.List(tower);
        Rlp.Decode(Rlp.Encode(tower)).IsList.ShouldBeTrue();
        Should.Throw<FormatException>(() => Rlp.Encode(RlpItem.List(tower)));

        var bomb = new byte[1 << 20];
        Array.Fill(bomb, (byte)0xc1);
        bomb[^1] = 0xc0;
        Should.Throw<FormatException>(() => Rlp.Decode(bomb));
        var deep = new List<byte> { 0xc0 };
        for (var i = 0; i <= Rlp.MaxDepth && deep.Count < 56; i++)
            deep.Insert(0, (byte)(0xc0 + deep.Count));
        for (var i = 0; i < 20; i++)
            deep.InsertRange(0, [0xf8, (byte)deep.Count]);
        Should.Throw<FormatException>(() => Rlp.Decode(deep.ToArray())).Message.ShouldContain("deep");
    }

    [Theory]
    [InlineData("820001")]
    [InlineData("00")]
    [InlineData("c0")]
    public void A_number_with_leading_zeros_or_a_list_is_no_number(string hex) =>
        Should.Throw<FormatException>(() => Rlp.Decode(Hex.Parse(hex)).ToUInt256());

    [Fact]
    public void A_number_above_its_type_is_refused()
    {
        Should.Throw<FormatException>(() =>
            RlpItem
                .Of(
                    new byte[33]
                        .Select(_ => (byte)1)
                        .ToArray()
                )
                .ToUInt256()
        );
        Should.Throw<FormatException>(() => RlpItem.Of((UInt128)ulong.MaxValue + 1).ToUInt64());
        RlpItem.Of(ulong.MaxValue).ToUInt64().ShouldBe(ulong.MaxValue);
    }

    internal static bool Same(RlpItem a, RlpItem b) =>
        a.IsList
            ? b.IsList && a.Items.Count == b.Items.Count && a.Items.Zip(b.Items).All(p => Same(p.First, p.Second))
            : !b.IsList && a.Bytes.Span.SequenceEqual(b.Bytes.Span);

    private static RlpItem Text(string text) => RlpItem.Of(Encoding.ASCII.GetBytes(text));
}
