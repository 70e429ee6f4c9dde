using System.Text.Json;
using System.Text.Json.Serialization;
using StablePay.Core.Webhooks;

namespace StablePay.Engine.Webhooks;

/// <summary>A webhook endpoint as the API writes it (contract section 1).</summary>
public sealed record EndpointView
{
    public required string Id { get; init; }
    public string Object { get; } = "webhook_endpoint";
    public required string Url { get; init; }

    /// <summary>The names of the event types that come here.</summary>
    public required IReadOnlyList<string> Events { get; init; }
    public required string? Description { get; init; }

    /// <summary><c>enabled</c> or <c>disabled</c>.</summary>
    public required string Status { get; init; }
    public required long Created { get; init; }
    public required bool Livemode { get; init; }

    /// <summary>The signing secret; only in the answer to the creation.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Secret { get; init; }

    public static EndpointView From(WebhookEndpoint endpoint, string? secret = null) =>
        new()
        {
            Id = endpoint.Id.Value,
            Url = endpoint.Url,
            Events =
                endpoint.Events.Count > 0
                    ? endpoint.Events
                    : [.. EventType.All.Where(type => type.IsDocumented).Select(type => type.Name)],
            Description = endpoint.Description,
            Status = endpoint.Status == EndpointStatus.Enabled ? "enabled" : "disabled",
            Created = endpoint.CreatedAt.UnixSeconds,
            Livemode = endpoint.Live,
            Secret = secret,
        };

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, EndpointJson.Default.EndpointView);

    /// <summary>Never the secret: it would end in a log.</summary>
    public override string ToString() => Id;
}

/// <summary>The answer to a deletion.</summary>
public sealed record DeletedEndpointView
{
    public required string Id { get; init; }
    public string Object { get; } = "webhook_endpoint";
    public bool Deleted { get; } = true;

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, EndpointJson.Default.DeletedEndpointView);
}

/// <summary>Source-generated JSON of the API's webhook endpoint objects.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(EndpointView))]
[JsonSerializable(typeof(DeletedEndpointView))]
public sealed partial class EndpointJson : JsonSerializerContext;
