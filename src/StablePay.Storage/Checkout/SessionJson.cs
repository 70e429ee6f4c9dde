using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace StablePay.Storage;

/// <summary>
/// The parts of a session that SQL never looks into, as JSON text. Their own shapes, so that renaming something in the
/// core cannot change what old rows mean.
/// </summary>
internal static class SessionJson
{
    private static readonly StoredJson Json = new(
        new JsonSerializerOptions
        {
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
        }
    );

    public static string Write(OrderDetails order) =>
        JsonSerializer.Serialize(
            new StoredOrder
            {
                Description = order.Description,
                Items =
                    order.LineItems.Count == 0
                        ? null
                        :
                        [
                            .. order.LineItems.Select(i => new StoredItem(
                                i.Name,
                                i.Description,
                                i.UnitAmount,
                                i.Quantity
                            )),
                        ],
                Tax = order.TaxAmount,
                Shipping = order.ShippingAmount,
                SuccessUrl = order.SuccessUrl,
                CancelUrl = order.CancelUrl,
                Metadata =
                    order.Metadata.Count == 0 ? null : [.. order.Metadata.Select(p => (string[])[p.Key, p.Value])],
            },
            Json.StoredOrder
        );

    public static OrderDetails ReadOrder(string orderId, string details)
    {
        var stored = JsonSerializer.Deserialize(details, Json.StoredOrder)!;
        return new OrderDetails
        {
            OrderId = orderId,
            Description = stored.Description,
            LineItems =
            [
                .. (stored.Items ?? []).Select(i => new LineItem(i.Name, i.Description, i.UnitAmount, i.Quantity)),
            ],
            TaxAmount = stored.Tax,
            ShippingAmount = stored.Shipping,
            SuccessUrl = stored.SuccessUrl,
            CancelUrl = stored.CancelUrl,
            Metadata = [.. (stored.Metadata ?? []).Select(p => KeyValuePair.Create(p[0], p[1]))],
        };
    }

    public static string Write(IReadOnlyList<Choice> choices) =>
        choices.Count == 0
            ? "[]"
            : JsonSerializer.Serialize(
                [
                    .. choices.Select(c => new StoredChoice(
                        c.Token.Network.Value,
                        c.Token.Asset.Code,
                        c.Token.Contract,
                        c.Token.Decimals,
                        c.Address,
                        c.AddressIndex
                    )),
                ],
                Json.StoredChoiceArray
            );

    public static IReadOnlyList<Choice> ReadChoices(string text) =>
        text == "[]"
            ? []
            :
            [
                .. JsonSerializer
                    .Deserialize(text, Json.StoredChoiceArray)!
                    .Select(c => new Choice(
                        new Token(new NetworkId(c.Network), new Asset(c.Asset), c.Contract, c.Decimals),
                        c.Address,
                        c.Index
                    )),
            ];

    public static string Write(IReadOnlyList<string> texts) => JsonSerializer.Serialize([.. texts], Json.StringArray);

    public static IReadOnlyList<string> ReadTexts(string text) => JsonSerializer.Deserialize(text, Json.StringArray)!;
}

internal sealed record StoredOrder
{
    [JsonPropertyName("d")]
    public string? Description { get; init; }

    [JsonPropertyName("i")]
    public StoredItem[]? Items { get; init; }

    [JsonPropertyName("t")]
    public long? Tax { get; init; }

    [JsonPropertyName("s")]
    public long? Shipping { get; init; }

    [JsonPropertyName("su")]
    public string? SuccessUrl { get; init; }

    [JsonPropertyName("cu")]
    public string? CancelUrl { get; init; }

    [JsonPropertyName("m")]
    public string[][]? Metadata { get; init; }
}

internal sealed record StoredItem(
    [property: JsonPropertyName("n")] string Name,
    [property: JsonPropertyName("d")] string? Description,
    [property: JsonPropertyName("u")] long UnitAmount,
    [property: JsonPropertyName("q")] long Quantity
);

internal sealed record StoredChoice(
    [property: JsonPropertyName("n")] string Network,
    [property: JsonPropertyName("a")] string Asset,
    [property: JsonPropertyName("c")] string Contract,
    [property: JsonPropertyName("d")] int Decimals,
    [property: JsonPropertyName("to")] string Address,
    [property: JsonPropertyName("i")] long Index
);

[JsonSerializable(typeof(StoredOrder))]
[JsonSerializable(typeof(StoredChoice[]))]
[JsonSerializable(typeof(string[]))]
internal sealed partial class StoredJson : JsonSerializerContext;
