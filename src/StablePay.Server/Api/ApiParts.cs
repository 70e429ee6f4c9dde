namespace StablePay.Server.Api;

/// <summary>What the API works with, put together once at start.</summary>
/// <param name="PublicUrl">How clients reach this server: the only source of links (API-12).</param>
internal sealed record ApiParts(Engine.Engine Engine, RateLimits Limits, TimeProvider Clock, string PublicUrl);
