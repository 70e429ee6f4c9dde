using StablePay.Engine.Checkout;
using StablePay.Engine.Events;
using StablePay.Engine.Rates;
using StablePay.Engine.Watching;
using StablePay.Engine.Webhooks;

namespace StablePay.Server.Api;

/// <summary>What the API works with, put together once at start.</summary>
/// <param name="PublicUrl">How clients reach this server: the only source of links (API-12).</param>
internal sealed record ApiParts(
    KeyBook Keys,
    RequestClaims Claims,
    RateLimits Limits,
    IdSource Ids,
    TimeProvider Clock,
    string PublicUrl,
    UseCases Do);

/// <summary>The use cases that endpoints call.</summary>
internal sealed record UseCases(
    CheckoutDesk Checkout,
    SessionList Sessions,
    EventFeed Events,
    EndpointDesk Endpoints,
    NetworkBook Networks,
    RateBook Rates);
