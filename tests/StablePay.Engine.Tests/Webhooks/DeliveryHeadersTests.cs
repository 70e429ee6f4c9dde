using System.Security.Cryptography;
using System.Text;
using StablePay.Engine.Webhooks;

namespace StablePay.Engine.Tests.Webhooks;

public sealed class DeliveryHeadersTests
{
    private static readonly byte[] Body = """{"id":"evt_1"}"""u8.ToArray();
    private static readonly EventId Event = EventId.From("evt_1");
    private static readonly Instant Now = new(1_777_500_000_999);
    private static readonly SeededDice Dice = new(1);

    [Fact]
    public void Headers_are_those_of_the_contract_and_of_standard_webhooks()
    {
        var secret = SigningSecret.Make(Dice);
        using var request = new HttpRequestMessage();

        Sign(secret).AddTo(request.Headers);

        string Value(string name) => request.Headers.NonValidated[name].ToString();
        request
            .Headers.NonValidated.Select(h => h.Key)
            .ShouldBe(
                [
                    "User-Agent",
                    "X-StablePay-Signature",
                    "X-StablePay-Timestamp",
                    "X-StablePay-Nonce",
                    "X-StablePay-Event-Type",
                    "X-StablePay-Event-ID",
                    "webhook-id",
                    "webhook-timestamp",
                    "webhook-signature",
                ],
                ignoreOrder: true
            );
        Value("User-Agent").ShouldBe("StablePay-Webhook/1.0");
        Value("X-StablePay-Timestamp").ShouldBe("1777500000");
        Value("X-StablePay-Event-Type").ShouldBe("payment.completed");
        Value("X-StablePay-Event-ID").ShouldBe("evt_1");
        Value("webhook-id").ShouldBe("evt_1");
        Value("webhook-timestamp").ShouldBe("1777500000");
        Guid.ParseExact(Value("X-StablePay-Nonce"), "D").Version.ShouldBe(4);
        Guid.Parse(Value("X-StablePay-Nonce")).Variant.ShouldBeInRange(8, 11);

        // Both are checked with a merchant's means, not with ours.
        var ours = HMACSHA256.HashData(
            Encoding.UTF8.GetBytes(secret),
            Encoding.UTF8.GetBytes($"1777500000.{Value("X-StablePay-Nonce")}.{Encoding.UTF8.GetString(Body)}")
        );
        Value("X-StablePay-Signature").ShouldBe(Convert.ToHexStringLower(ours));
        var standard = HMACSHA256.HashData(
            Convert.FromBase64String(secret["whsec_".Length..]),
            Encoding.UTF8.GetBytes($"evt_1.1777500000.{Encoding.UTF8.GetString(Body)}")
        );
        Value("webhook-signature").ShouldBe("v1," + Convert.ToBase64String(standard));
    }

    [Fact]
    public void WH_08_every_try_has_its_own_nonce_and_signature()
    {
        var secret = SigningSecret.Make(Dice);

        var tries = Enumerable.Range(0, 1_000).Select(_ => Sign(secret)).ToList();

        tries.Select(t => t.Nonce).ShouldBeUnique();
        tries.Select(t => t.Signature).ShouldBeUnique();
        Signature
            .Verify(Encoding.UTF8.GetBytes(secret), tries[0].Timestamp, tries[1].Nonce, Body, tries[0].Signature)
            .ShouldBeFalse();
    }

    [Fact]
    public void WH_14_both_secrets_sign_while_rotating()
    {
        var (newest, oldest) = (SigningSecret.Make(Dice), SigningSecret.Make(Dice));

        var headers = Sign(newest, oldest);

        Signature
            .Verify(Encoding.UTF8.GetBytes(newest), headers.Timestamp, headers.Nonce, Body, headers.Signature)
            .ShouldBeTrue();
        headers
            .StandardSignature.Split(' ')
            .ShouldBe([
                Signature.SignStandard(SigningSecret.StandardKey(newest), "evt_1", headers.Timestamp, Body),
                Signature.SignStandard(SigningSecret.StandardKey(oldest), "evt_1", headers.Timestamp, Body),
            ]);
    }

    private static DeliveryHeaders Sign(params string[] secrets) =>
        DeliveryHeaders.Sign("payment.completed", Event, Body, secrets, Now, Dice);
}
