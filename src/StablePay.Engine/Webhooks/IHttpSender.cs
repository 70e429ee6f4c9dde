using StablePay.Core.Webhooks;

namespace StablePay.Engine.Webhooks;

/// <summary>One try, ready to be sent: the body is the event's stored bytes, verbatim (WH-10).</summary>
public sealed record WebhookRequest(Uri Url, bool Live, DeliveryHeaders Headers, byte[] Body);

/// <summary>Makes one try. Whatever the receiver does is an outcome; only cancellation throws.</summary>
public interface IHttpSender
{
    Task<DeliveryOutcome> SendAsync(WebhookRequest request, CancellationToken ct);
}
