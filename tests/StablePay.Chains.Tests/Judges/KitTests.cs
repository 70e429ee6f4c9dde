using System.Text.Json.Nodes;
using CsCheck;
using StablePay.Chains.Evm;
using StablePay.Chains.Keys;
using StablePay.Chains.Solana;

namespace StablePay.Chains.Tests.Judges;

/// <summary>
/// Solana's addresses, what is derived from them and where they come from, against @solana/kit and the token program's
/// own client, in both directions, over generated inputs.
/// </summary>
[Heavy]
public sealed class KitTests(Judge judge) : IClassFixture<Judge>
{
    /// <summary>Leading zeros are what base 58 treats apart.</summary>
    private static readonly Gen<SolanaAddress> Addresses = Gen.Select(
        Gen.Byte.Array[32],
        Gen.Frequency((4, Gen.Const(0)), (1, Gen.Int[0, 32])),
        (bytes, zeros) =>
        {
            Array.Clear(bytes, 0, zeros);
            return new SolanaAddress(bytes);
        }
    );

    [Fact]
    public void Addresses_that_we_write_are_the_same() =>
        judge.Compare(
            "solanaAddress",
            Addresses,
            address => Hex.ToData(address.ToArray()),
            (address, answer) => answer.Text().ShouldBe(address.ToString()),
            20
        );

    [Fact]
    public void Addresses_that_we_wrote_are_read_alike() =>
        judge.Compare(
            "solanaBytes",
            Addresses,
            address => address.ToString(),
            (address, answer) =>
            {
                answer.Text().ShouldBe(Hex.ToData(address.ToArray()));
                SolanaAddress.Parse(address.ToString()).ShouldBe(address);
            },
            20
        );

    [Fact]
    public void SOL_14_the_same_texts_are_addresses()
    {
        var texts = Gen.Select(
            Addresses,
            Gen.Int[0, 43],
            Gen.Char['!', '~'],
            Gen.Int[0, 4],
            (address, place, with, way) =>
            {
                var text = address.ToString();
                var at = Math.Min(place, text.Length - 1);
                return way switch
                {
                    0 => text[..at] + with + text[(at + 1)..],
                    1 => text.Remove(at, 1),
                    2 => text.Insert(at, with.ToString()),
                    3 => "1" + text,
                    _ => text.ToUpperInvariant(),
                };
            }
        );
        judge.Compare(
            "isSolanaAddress",
            texts,
            text => text,
            (text, answer) => SolanaAddress.TryParse(text, out _).ShouldBe(answer.GetValue<bool>(), text),
            20
        );
    }

    [Fact]
    public void The_same_bytes_are_on_the_curve()
    {
        // The edges of the field, and points of small order with either sign.
        string[] edges =
        [
            "0000000000000000000000000000000000000000000000000000000000000000",
            "0100000000000000000000000000000000000000000000000000000000000000",
            "0100000000000000000000000000000000000000000000000000000000000080",
            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
            "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
            "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
            "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        ];
        var points = Gen.OneOf(
            Gen.Byte.Array[32],
            Gen.Byte.Array[32].Select(key => Ed25519.PublicKeyOf(key)),
            Gen.Int[0, edges.Length - 1].Select(i => Convert.FromHexString(edges[i]))
        );
        judge.Compare(
            "isOnCurve",
            points,
            bytes => Hex.ToData(bytes),
            (bytes, answer) => Ed25519.IsOnCurve(bytes).ShouldBe(answer.GetValue<bool>(), Hex.ToHex(bytes)),
            30
        );
    }

    [Fact]
    public void Programs_find_the_same_addresses() =>
        judge.Compare(
            "programAddress",
            Gen.Select(Addresses, Gen.Byte.Array[0, 32].Array[0, 15]),
            c => new JsonObject
            {
                ["program"] = c.Item1.ToString(),
                ["seeds"] = new JsonArray([.. c.Item2.Select(s => JsonValue.Create(Hex.ToData(s)))]),
            },
            (c, answer) =>
            {
                var (address, bump) = SolanaPrograms.FindProgramAddress(c.Item1, c.Item2);
                answer.Texts().ShouldBe([address.ToString(), $"{bump}"]);
                address.IsOnCurve.ShouldBeFalse();
            },
            10
        );

    [Fact]
    public void SOL_02_token_accounts_are_the_same_for_both_programs() =>
        judge.Compare(
            "tokenAccount",
            Gen.Select(
                Addresses,
                Addresses,
                Gen.Bool.Select(old => old ? SolanaPrograms.Token : SolanaPrograms.Token2022)
            ),
            c => new JsonObject
            {
                ["owner"] = c.Item1.ToString(),
                ["mint"] = c.Item2.ToString(),
                ["program"] = c.Item3.ToString(),
            },
            (c, answer) =>
                answer.Text().ShouldBe(SolanaPrograms.AssociatedAccountOf(c.Item1, c.Item2, c.Item3).ToString()),
            10
        );

    [Fact]
    public void Keys_have_the_same_address() =>
        judge.Compare(
            "solanaKeyAddress",
            Gen.Byte.Array[32],
            key => Hex.ToData(key),
            (key, answer) => answer.Text().ShouldBe(new SolanaAddress(Ed25519.PublicKeyOf(key)).ToString()),
            10
        );

    [Fact]
    public void A_wallet_with_the_words_finds_the_same_deposit_addresses() =>
        judge.Compare(
            "solanaAccount",
            Gen.Select(Gen.Byte.Array[32], Gen.UInt[0, 100_000]),
            c => new JsonObject { ["mnemonic"] = Bip39.ToMnemonic(c.Item1), ["index"] = c.Item2 },
            (c, answer) =>
            {
                using var seed = new Seed(c.Item1);
                using var deriver = new SolanaDeriver(seed.Ed25519KeyAt(SolanaDeriver.Path));
                answer.Text().ShouldBe(deriver.AddressAt(c.Item2));
            },
            batches: 1,
            size: 40
        );
}
