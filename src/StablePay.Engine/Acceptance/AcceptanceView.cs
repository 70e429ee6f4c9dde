using System.Text.Json;
using System.Text.Json.Serialization;

namespace StablePay.Engine.Acceptance;

/// <summary>What a store accepts on a network before it is final, as the API writes it.</summary>
public sealed record AcceptanceView
{
    public string Object { get; } = "acceptance";

    /// <summary>The network's CAIP-2 id.</summary>
    public required string Network { get; init; }

    /// <summary>By rising amount; what none of them covers is accepted when it is final.</summary>
    public required IReadOnlyList<AcceptanceTierView> Tiers { get; init; }

    public static AcceptanceView From(NetworkId network, AcceptanceTiers tiers) =>
        new() { Network = network.Value, Tiers = [.. tiers.All.Select(AcceptanceTierView.From)] };

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, AcceptanceJson.Default.AcceptanceView);
}

/// <param name="UpTo">Payments of up to so many coin cents.</param>
/// <param name="Confirmations">Blocks after which they are accepted, the transfer's own included.</param>
public sealed record AcceptanceTierView(long UpTo, int Confirmations)
{
    public static AcceptanceTierView From(AcceptanceTier tier) => new(tier.UpToCents, tier.Confirmations);
}

/// <summary>Source-generated JSON of acceptance tables.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(AcceptanceView))]
public sealed partial class AcceptanceJson : JsonSerializerContext;
