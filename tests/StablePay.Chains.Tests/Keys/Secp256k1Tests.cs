using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using CsCheck;
using StablePay.Chains.Evm;
using StablePay.Chains.Keys;
using StablePay.Chains.Tests.Codecs;
using BigInt = Org.BouncyCastle.Math.BigInteger;

namespace StablePay.Chains.Tests.Keys;

public sealed class Secp256k1Tests
{
    private static readonly BigInteger Prime = BigInteger.Pow(2, 256) - BigInteger.Pow(2, 32) - 977;

    private static readonly BigInteger Order = BigInteger.Parse(
        "0fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141",
        NumberStyles.HexNumber,
        CultureInfo.InvariantCulture
    );

    // Where carries, folds and the last subtraction happen: near 0, near the prime, near limb borders.
    private static readonly Gen<BigInteger> Elements = Gen.OneOf(
        Words.Any.Select(w => Words.Number(w) % Prime),
        Gen.Int[0, 2_000].Select(n => (BigInteger)n),
        Gen.Int[1, 2_000].Select(n => Prime - n),
        Gen.Select(Gen.Int[0, 255], Gen.Int[-2, 2], (bit, near) => (BigInteger.Pow(2, bit) + near + Prime) % Prime)
    );

    private static readonly Gen<BigInteger> Scalars = Gen.OneOf(
        Words.Any.Select(w => Words.Number(w) % Order),
        Gen.Int[0, 600].Select(n => (BigInteger)n),
        Gen.Int[1, 600].Select(n => Order - n),
        Gen.Select(Gen.Int[0, 31], Gen.Int[0, 255], (at, digit) => digit * BigInteger.Pow(2, 8 * at) % Order)
    );

    [Theory]
    [InlineData(
        "0000000000000000000000000000000000000000000000000000000000000001",
        "Satoshi Nakamoto",
        "934b1ea10a4b3c1757e2b0c017d0b6143ce3c9a7e6a4a49860d7a6ab210ee3d8",
        "2442ce9d2b916064108014783e923ec36b49743e2ffa1c4496f01a512aafd9e5"
    )]
    [InlineData(
        "0000000000000000000000000000000000000000000000000000000000000001",
        "All those moments will be lost in time, like tears in rain. Time to die...",
        "8600dbd41e348fe5c9465ab92d23e3db8b98b873beecd930736488696438cb6b",
        "547fe64427496db33bf66019dacbf0039c04199abb0122918601db38a72cfc21"
    )]
    public void REF_16_published_deterministic_signatures_come_out(string key, string message, string r, string s)
    {
        var hash = SHA256.HashData(Encoding.ASCII.GetBytes(message));
        var signature = Secp256k1.Sign(hash, Hex.Parse(key));
        Hex.ToHex(signature.R.Span).ShouldBe(r);
        Hex.ToHex(signature.S.Span).ShouldBe(s);
    }

    [Fact]
    public void REF_16_signatures_have_a_low_s_and_lead_back_to_their_key() =>
        Gen.Select(Gen.Byte.Array[32], EvmTransactionsTests.PrivateKeys)
            .Sample(
                (hash, key) =>
                {
                    var signature = Secp256k1.Sign(hash, key);
                    (Number(signature.S.Span) * 2).ShouldBeLessThan(Order);
                    Secp256k1.Recover(hash, signature).ShouldBe(Secp256k1.PublicKey(key));
                },
                iter: 500
            );

    [Heavy]
    [Fact]
    public void REF_16_thousands_of_signatures_repeat_no_r()
    {
        var key = SHA256.HashData("a key"u8);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < 3_000; i++)
        {
            var hash = SHA256.HashData(BitConverter.GetBytes(i));
            seen.Add(Hex.ToHex(Secp256k1.Sign(hash, key).R.Span)).ShouldBeTrue();
        }
    }

    [Fact]
    public void Numbers_outside_the_group_are_no_private_keys()
    {
        Secp256k1.IsPrivateKey(new byte[32]).ShouldBeFalse();
        Secp256k1.IsPrivateKey(Bytes(Order)).ShouldBeFalse();
        Secp256k1.IsPrivateKey(Bytes(Order - 1)).ShouldBeTrue();
        Secp256k1.IsPrivateKey(new byte[31]).ShouldBeFalse();
        Should.Throw<CryptographicException>(() => Secp256k1.PublicKey(Bytes(Order)));
        Should.Throw<CryptographicException>(() => Secp256k1.Sign(new byte[32], new byte[32]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("020000000000000000000000000000000000000000000000000000000000000007")]
    [InlineData("02fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f")]
    [InlineData("0579be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798")]
    [InlineData("0479be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798")]
    public void Bytes_that_are_no_point_are_no_public_key(string hex) =>
        Should.Throw<FormatException>(() => EvmAddress.FromPublicKey(Hex.Parse(hex)));

    [Fact]
    public void A_signature_that_no_key_can_have_made_is_refused()
    {
        var hash = new byte[32];
        var one = Bytes(1);
        Should.Throw<CryptographicException>(() => Secp256k1.Recover(hash, new(new byte[32], one, 0)));
        Should.Throw<CryptographicException>(() => Secp256k1.Recover(hash, new(one, new byte[32], 0)));
        Should.Throw<CryptographicException>(() => Secp256k1.Recover(hash, new(Bytes(Order), one, 0)));
        Should.Throw<CryptographicException>(() => Secp256k1.Recover(hash, new(Bytes(5), one, 0)));
        Should.Throw<CryptographicException>(() => Secp256k1.Recover(hash, new(Bytes(Order - 1), one, 2)));
        Should.Throw<CryptographicException>(() => Secp256k1.Recover(hash, new(one, one, 4)));
    }

    [Heavy]
    [Fact]
    public void Field_arithmetic_agrees_with_big_integers() =>
        Gen.Select(Elements, Elements)
            .Sample(
                (x, y) =>
                {
                    var (a, b) = (Element(x), Element(y));
                    Number(a + b).ShouldBe((x + y) % Prime);
                    Number(a - b).ShouldBe((x - y + Prime) % Prime);
                    Number(a * b).ShouldBe(x * y % Prime);
                    Number(a.Square()).ShouldBe(x * x % Prime);
                    a.IsOdd.ShouldBe(!x.IsEven);
                    if (!x.IsZero)
                        Number(a.Invert() * a).ShouldBe(BigInteger.One);
                },
                iter: 20_000
            );

    [Fact]
    public void Multiples_from_the_table_agree_with_the_library() =>
        Scalars.Sample(
            scalar =>
            {
                var ours = BasePoint.Times(Bytes(scalar)).ToPublic();
                if (scalar.IsZero)
                {
                    ours.ShouldBeNull();
                    return;
                }

                Encoded(ours!.Value)
                    .ShouldBe(Secp256k1.TimesBase(new BigInt(1, Bytes(scalar))).GetEncoded(compressed: true));
            },
            iter: 1_500
        );

    [Fact]
    public void Sums_agree_with_the_library_also_where_points_meet() =>
        Gen.Select(Scalars, Scalars, Gen.Int[0, 3])
            .Where((a, b, _) => !a.IsZero && !b.IsZero)
            .Sample(
                (a, b, meeting) =>
                {
                    var other = meeting switch
                    {
                        0 => a,
                        1 => Order - a,
                        _ => b,
                    };
                    var parent = PublicPoint.Read(Secp256k1.PublicKey(Bytes(other)));
                    var sum = BasePoint.Times(Bytes(a)).Add(parent).ToPublic();
                    var expected = (a + other) % Order;
                    if (expected.IsZero)
                        sum.ShouldBeNull();
                    else
                        Encoded(sum!.Value).ShouldBe(Secp256k1.PublicKey(Bytes(expected)));
                },
                iter: 500
            );

    [Heavy]
    [Fact]
    public void Every_entry_of_the_table_is_its_multiple()
    {
        for (var window = 0; window < 32; window++)
        {
            for (var digit = 1; digit < 256; digit++)
            {
                var scalar = new byte[32];
                scalar[31 - window] = (byte)digit;
                var expected = Secp256k1.TimesBase(new BigInt(1, scalar).Mod(Secp256k1.N)).GetEncoded(compressed: true);
                Encoded(BasePoint.Times(scalar).ToPublic()!.Value).ShouldBe(expected);
            }
        }
    }

    private static byte[] Encoded(PublicPoint point)
    {
        var bytes = new byte[33];
        point.WriteCompressed(bytes);
        return bytes;
    }

    private static FieldElement Element(BigInteger value) => FieldElement.Read(Bytes(value));

    private static BigInteger Number(FieldElement element)
    {
        var bytes = new byte[32];
        element.Write(bytes);
        return Number(bytes);
    }

    private static BigInteger Number(ReadOnlySpan<byte> bytes) => new(bytes, isUnsigned: true, isBigEndian: true);

    private static byte[] Bytes(BigInteger value)
    {
        var digits = value.ToByteArray(isUnsigned: true, isBigEndian: true);
        return [.. new byte[32 - digits.Length], .. digits];
    }
}
