using System.Net.Http.Headers;
using StablePay.Core.Webhooks;

namespace StablePay.Engine.Webhooks;

/// <summary>
/// The headers of one try (contract section 8). While an endpoint has two secrets, <c>X-StablePay-Signature</c>, which
/// holds one value, is made with the newest, and the Standard Webhooks signature, which is a list, with both (WH-14).
/// </summary>
public sealed record DeliveryHeaders(
    string EventType,
    string EventId,
    string Timestamp,
    string Nonce,
    string Signature,
    string StandardSignature
)
{
    public const string UserAgent = "StablePay-Webhook/1.0";

    /// <summary>Signs the bytes that are sent. Only time, nonce and so the signatures differ from try to try.</summary>
    /// <param name="secrets">The endpoint's signing secrets, opened, newest first; at least one.</param>
    public static DeliveryHeaders Sign(
        string eventType,
        EventId id,
        byte[] body,
        IReadOnlyList<string> secrets,
        Instant now,
        Dice dice
    )
    {
        var timestamp = now.UnixSeconds.ToString(CultureInfo.InvariantCulture);
        var nonce = NewNonce(dice);
        return new(
            eventType,
            id.Value,
            timestamp,
            nonce,
            Core.Webhooks.Signature.Sign(secrets[0], timestamp, nonce, body),
            string.Join(
                ' ',
                secrets.Select(secret =>
                    Core.Webhooks.Signature.SignStandard(SigningSecret.StandardKey(secret), id.Value, timestamp, body)
                )
            )
        );
    }

    /// <summary>
    /// Adds them to a request. Every value is made by us: none holds text of a merchant's or payer's.
    /// </summary>
    public void AddTo(HttpRequestHeaders headers)
    {
        headers.TryAddWithoutValidation("User-Agent", UserAgent);
        headers.Add("X-StablePay-Signature", Signature);
        headers.Add("X-StablePay-Timestamp", Timestamp);
        headers.Add("X-StablePay-Nonce", Nonce);
        headers.Add("X-StablePay-Event-Type", EventType);
        headers.Add("X-StablePay-Event-ID", EventId);
        headers.Add("webhook-id", EventId);
        headers.Add("webhook-timestamp", Timestamp);
        headers.Add("webhook-signature", StandardSignature);
    }

    /// <summary>A UUID of version 4 (RFC 9562 section 5.4).</summary>
    private static string NewNonce(Dice dice)
    {
        Span<byte> bytes = stackalloc byte[16];
        dice.Fill(bytes);
        bytes[6] = (byte)((bytes[6] & 0x0f) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
        return new Guid(bytes, bigEndian: true).ToString("D", CultureInfo.InvariantCulture);
    }
}
