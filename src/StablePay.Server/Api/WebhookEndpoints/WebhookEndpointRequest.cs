namespace StablePay.Server.Api.WebhookEndpoints;

/// <summary>A callback address to add.</summary>
public sealed record WebhookEndpointRequest
{
    /// <summary>An https address that can be reached from the internet; at most 512 characters.</summary>
    public required string Url { get; init; }

    /// <summary>The event types that it wants; the documented ones if absent.</summary>
    public IReadOnlyList<string>? Events { get; init; }

    /// <summary>For people; at most 500 characters.</summary>
    public string? Description { get; init; }
}

/// <summary>What to change of a callback address. What is absent stays as it is.</summary>
public sealed record WebhookEndpointChangeRequest
{
    /// <summary>An https address that can be reached from the internet; at most 512 characters.</summary>
    public string? Url { get; init; }

    /// <summary>The event types that it wants.</summary>
    public IReadOnlyList<string>? Events { get; init; }

    /// <summary>For people; at most 500 characters. An empty text removes it.</summary>
    public string? Description { get; init; }

    /// <summary><c>enabled</c> or <c>disabled</c>.</summary>
    public string? Status { get; init; }
}

/// <summary>The limits of an endpoint's texts.</summary>
internal static class EndpointText
{
    public const int MostUrl = 512;
    public const int MostName = 64;
    public const int MostDescription = 500;
}
