using System.Text.Json.Nodes;
using CsCheck;
using StablePay.Chains.Evm;
using StablePay.Chains.Tests.Codecs;

namespace StablePay.Chains.Tests.Judges;

/// <summary>Every codec against viem, in both directions, over generated inputs.</summary>
[Heavy]
public sealed class ViemCodecTests(Judge judge) : IClassFixture<Judge>
{
    private const int Batch = 200;

    private static readonly Gen<EvmAddress> Addresses = Gen.Byte.Array[20].Select(b => new EvmAddress(b));

    private static readonly Gen<string> Symbols = Gen.OneOf(
        Gen.Char.AlphaNumeric.Array[0, 100].Select(c => new string(c)),
        Gen.Int[0, 4].Select(i => new[] { "USDT", "USD₮0", "", "é\u0301ß", "😀𝔘" }[i])
    );

    [Fact]
    public void Hashes_agree() =>
        judge.Compare(
            "keccak",
            Gen.Byte.Array[0, 600],
            bytes => Hex.ToData(bytes),
            (bytes, answer) => Hex.ToData(Keccak256.Hash(bytes)).ShouldBe(answer.Text()),
            20,
            Batch
        );

    [Fact]
    public void Checksums_agree() =>
        judge.Compare(
            "checksum",
            Addresses,
            address => Hex.ToData(address.ToArray()),
            (address, answer) =>
            {
                address.ToString().ShouldBe(answer.Text());
                EvmAddress.Parse(answer.Text()).ShouldBe(address);
            },
            20,
            Batch
        );

    [Fact]
    public void REF_13_the_same_texts_are_addresses()
    {
        // All upper case is what EIP-55 allows and viem does not; everything else must be judged alike.
        var texts = Gen.Select(
                Addresses,
                Gen.Int[0, 41],
                Gen.Int[0, 5],
                (address, at, way) =>
                {
                    var text = address.ToString();
                    return way switch
                    {
                        0 => text,
                        1 => "0x" + text[2..].ToLowerInvariant(),
                        2 => text[..at] + (char)(text[at] ^ 0x20) + text[(at + 1)..],
                        3 => text.Remove(at, 1),
                        4 => text.Insert(at, "0"),
                        _ => text[..at] + 'g' + text[(at + 1)..],
                    };
                }
            )
            .Where(text => text.StartsWith("0x", StringComparison.Ordinal) && text[2..].Any(char.IsAsciiLetterLower));
        judge.Compare(
            "isAddress",
            texts,
            text => text,
            (text, answer) => EvmAddress.TryParse(text, out _).ShouldBe(answer.GetValue<bool>(), text),
            20,
            Batch
        );
    }

    [Fact]
    public void Trees_agree_in_both_directions() =>
        judge.Compare(
            "toRlp",
            RlpTests.Trees,
            Tree,
            (tree, answer) =>
            {
                Hex.ToData(Rlp.Encode(tree)).ShouldBe(answer.Text());
                RlpTests.Same(Rlp.Decode(Hex.Parse(answer.Text())), tree).ShouldBeTrue();
            },
            10,
            Batch
        );

    [Fact]
    public void Trees_that_we_wrote_are_read_alike() =>
        judge.Compare(
            "fromRlp",
            RlpTests.Trees,
            tree => Hex.ToData(Rlp.Encode(tree)),
            (tree, answer) => answer.ToJsonString().ShouldBe(Tree(tree).ToJsonString()),
            10,
            Batch
        );

    [Fact]
    public void Transfer_calls_agree() =>
        judge.Compare(
            "transferCall",
            Gen.Select(Addresses, Words.Any),
            (c) => new JsonObject { ["to"] = c.Item1.ToString(), ["atoms"] = c.Item2.ToString() },
            (c, answer) => Hex.ToData(Abi.Transfer(c.Item1, c.Item2)).ShouldBe(answer.Text()),
            10,
            Batch
        );

    [Fact]
    public void Transfer_calls_that_we_wrote_are_read_alike() =>
        judge.Compare(
            "readTransferCall",
            Gen.Select(Addresses, Words.Any),
            c => Hex.ToData(Abi.Transfer(c.Item1, c.Item2)),
            (c, answer) => answer.Texts().ShouldBe([c.Item1.ToString(), c.Item2.ToString()]),
            10,
            Batch
        );

    [Fact]
    public void Balance_calls_agree() =>
        judge.Compare(
            "balanceCall",
            Addresses,
            owner => owner.ToString(),
            (owner, answer) => Hex.ToData(Abi.BalanceOf(owner)).ShouldBe(answer.Text()),
            5,
            Batch
        );

    [Fact]
    public void Strings_that_viem_wrote_are_read() =>
        judge.Compare(
            "stringResult",
            Symbols,
            s => s,
            (symbol, answer) =>
            {
                Abi.TryReadString(Hex.Parse(answer.Text()), out var read).ShouldBeTrue();
                read.ShouldBe(symbol);
            },
            10,
            Batch
        );

    [Fact]
    public void Words_that_viem_wrote_are_read()
    {
        judge.Compare(
            "wordResult",
            Words.Any,
            word => Typed("uint256", word.ToString()),
            (word, answer) =>
            {
                Abi.TryReadUInt256(Hex.Parse(answer.Text()), out var read).ShouldBeTrue();
                read.ShouldBe(word);
            },
            10,
            Batch
        );
        judge.Compare(
            "wordResult",
            Gen.Byte,
            value => Typed("uint8", $"{value}"),
            (value, answer) =>
            {
                Abi.TryReadUInt8(Hex.Parse(answer.Text()), out var read).ShouldBeTrue();
                read.ShouldBe(value);
            },
            2,
            Batch
        );
        judge.Compare(
            "wordResult",
            Gen.Bool,
            value => Typed("bool", value ? "1" : "0"),
            (value, answer) =>
            {
                Abi.TryReadBool(Hex.Parse(answer.Text()), out var read).ShouldBeTrue();
                read.ShouldBe(value);
            },
            1,
            Batch
        );
        judge.Compare(
            "wordResult",
            Addresses,
            address => Typed("address", address.ToString()),
            (address, answer) =>
            {
                Abi.TryReadAddress(Hex.Parse(answer.Text()), out var read).ShouldBeTrue();
                read.ShouldBe(address);
            },
            5,
            Batch
        );
    }

    [Fact]
    public void TOK_18_words_of_random_bytes_are_the_same_number() =>
        judge.Compare(
            "readWord",
            Gen.Byte.Array[32],
            bytes => Hex.ToData(bytes),
            (bytes, answer) => UInt256.FromBigEndian(bytes).ToString().ShouldBe(answer.Text()),
            20,
            Batch
        );

    [Fact]
    public void Transfer_logs_are_read_alike() =>
        judge.Compare(
            "transferLog",
            Gen.Select(Addresses, Addresses, Words.Any),
            c => new JsonObject
            {
                ["topics"] = new JsonArray(Hex.ToData(Abi.TransferTopic), Topic(c.Item1), Topic(c.Item2)),
                ["data"] = Word(c.Item3),
            },
            (c, answer) => answer.Texts().ShouldBe([c.Item1.ToString(), c.Item2.ToString(), c.Item3.ToString()]),
            10,
            Batch
        );

    [Fact]
    public void EVM_07_filters_are_tested_alike()
    {
        var cases = Gen.Select(
            Gen.Byte.Array[20].Array[0, 40],
            Gen.Byte.Array[20],
            Gen.Bool,
            (items, other, present) =>
            {
                var bloom = new byte[Bloom.Length];
                foreach (var item in items)
                    Bloom.Add(bloom, BloomKey.Of(item));
                return (Filter: bloom, Item: present && items.Length > 0 ? items[0] : other);
            }
        );
        judge.Compare(
            "bloom",
            cases,
            c => new JsonObject { ["bloom"] = Hex.ToData(c.Filter), ["item"] = Hex.ToData(c.Item) },
            (c, answer) => Bloom.MayContain(c.Filter, c.Item).ShouldBe(answer.GetValue<bool>()),
            10,
            Batch
        );
    }

    private static JsonNode Tree(RlpItem item) =>
        item.IsList ? new JsonArray([.. item.Items.Select(Tree)]) : Hex.ToData(item.Bytes.Span);

    private static JsonObject Typed(string type, string value) => new() { ["type"] = type, ["value"] = value };

    private static JsonNode Topic(EvmAddress address)
    {
        var topic = new byte[32];
        address.WriteTopic(topic);
        return Hex.ToData(topic);
    }

    private static JsonNode Word(UInt256 word)
    {
        var bytes = new byte[32];
        word.WriteBigEndian(bytes);
        return Hex.ToData(bytes);
    }
}
