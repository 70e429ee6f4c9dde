using System.Security.Cryptography;
using System.Text;
using CsCheck;
using StablePay.Core.Webhooks;

namespace StablePay.Core.Tests.Webhooks;

public sealed class SignatureTests
{
    private const string Secret = "test-secret-0001";
    private const string Timestamp = "1777500000";
    private const string Nonce = "550e8400-e29b-41d4-a716-446655440000";

    [Theory]
    [InlineData(
        """{"amount":2599,"currency":"USD","order_id":"A-1001"}""",
        "fb1e1aa6813039d265df49146cca4f8b8a3bbab5a70fdad1b3459d8d854137ef"
    )]
    [InlineData("", "b2b53ad08ef1d27f19bdce17048aff70bf551057dc50682403100711692c2321")]
    [InlineData(
        """{"amount":100,"currency":"USD","order_id":"A-1002","description":"茶杯"}""",
        "673e37aea1b969a4cd49c146b71ea10380f558f9c288cd2e03f41d7c655edd2e"
    )]
    public void Signature_matches_the_contracts_vectors(string body, string expected)
    {
        var bytes = Encoding.UTF8.GetBytes(body);

        Signature.Sign(Secret, Timestamp, Nonce, bytes).ShouldBe(expected);
        Signature.Verify(Encoding.UTF8.GetBytes(Secret), Timestamp, Nonce, bytes, expected).ShouldBeTrue();
    }

    [Fact]
    public void WH_09_only_the_exact_signature_is_taken_whatever_is_changed()
    {
        Gen.Select(Gen.Byte.Array[0, 60], Gen.Int[0, 63], Gen.Char["0123456789abcdefABCDEFgé "])
            .Sample(
                (body, at, other) =>
                {
                    var signature = Signature.Sign(Secret, Timestamp, Nonce, body);
                    var changed = string.Concat(signature.AsSpan(0, at), other.ToString(), signature.AsSpan(at + 1));
                    var key = Encoding.UTF8.GetBytes(Secret);

                    Signature.Verify(key, Timestamp, Nonce, body, signature).ShouldBeTrue();
                    Signature.Verify(key, Timestamp, Nonce, body, changed).ShouldBe(changed == signature);
                    Signature.Verify(key, Timestamp, Nonce, body, signature + "0").ShouldBeFalse();
                    Signature.Verify(key, Timestamp, Nonce, body, signature[1..]).ShouldBeFalse();
                    Signature.Verify(key, Timestamp + "0", Nonce, body, signature).ShouldBeFalse();
                    Signature.Verify(key, Timestamp, Nonce[1..], body, signature).ShouldBeFalse();
                    Signature.Verify(key, Timestamp, Nonce, [.. body, 0], signature).ShouldBeFalse();
                }
            );
    }

    /// <summary>The vector that the Standard Webhooks libraries test themselves with.</summary>
    [Fact]
    public void Standard_signature_matches_the_standards_vector()
    {
        var key = SigningSecret.StandardKey("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");

        Signature
            .SignStandard(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", """{"test": 2432232314}"""u8)
            .ShouldBe("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    [Fact]
    public void WH_09_one_bit_flipped_anywhere_is_refused() =>
        Gen.Select(Gen.Byte.Array[1, 64], Gen.Byte.Array[1, 200], Gen.Int[0, int.MaxValue])
            .Sample(
                (key, body, which) =>
                {
                    var signature = Convert.ToHexStringLower(
                        HMACSHA256.HashData(
                            key,
                            Encoding.ASCII.GetBytes($"{Timestamp}.{Nonce}.").Concat(body).ToArray()
                        )
                    );
                    Signature.Verify(key, Timestamp, Nonce, body, signature).ShouldBeTrue();
                    Signature.Verify(Flipped(key, which), Timestamp, Nonce, body, signature).ShouldBeFalse();
                    Signature.Verify(key, Flipped(Timestamp, which), Nonce, body, signature).ShouldBeFalse();
                    Signature.Verify(key, Timestamp, Flipped(Nonce, which), body, signature).ShouldBeFalse();
                    Signature.Verify(key, Timestamp, Nonce, Flipped(body, which), signature).ShouldBeFalse();
                    Signature.Verify(key, Timestamp, Nonce, body, Flipped(signature, which)).ShouldBeFalse();
                }
            );

    /// <summary>Messages that fit on the stack and such that do not, and every size about the limit.</summary>
    [Fact]
    public void Body_of_any_size_is_signed()
    {
        foreach (var size in Enumerable.Range(0, 1_200).Append(100_000))
        {
            var body = new byte[size];
            new SeededDice(size).Fill(body);
            byte[] message = [.. Encoding.ASCII.GetBytes($"{Timestamp}.{Nonce}."), .. body];
            Signature
                .Sign(Secret, Timestamp, Nonce, body)
                .ShouldBe(Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.ASCII.GetBytes(Secret), message)));
        }
    }

    [Fact]
    public void Signing_secret_is_32_bytes_of_the_dice_behind_its_prefix()
    {
        var key = new byte[32];
        new SeededDice(7).Fill(key);
        var secret = SigningSecret.Make(new SeededDice(7));
        secret.ShouldBe("whsec_" + Convert.ToBase64String(key));
        SigningSecret.StandardKey(secret).ShouldBe(key);
        Should
            .Throw<InvariantBrokenException>(() => SigningSecret.StandardKey("wsec_" + secret[6..]))
            .Message.ShouldContain("a signing secret has its prefix");
    }

    private static byte[] Flipped(byte[] bytes, int which)
    {
        var other = (byte[])bytes.Clone();
        other[which / 8 % bytes.Length] ^= (byte)(1 << (which % 8));
        return other;
    }

    private static string Flipped(string text, int which) =>
        Encoding.Latin1.GetString(Flipped(Encoding.ASCII.GetBytes(text), which));
}
