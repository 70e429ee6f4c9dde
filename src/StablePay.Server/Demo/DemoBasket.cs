using System.Text.Json;

namespace StablePay.Server.Demo;

/// <summary>One product in a few currencies: what the shop sells, and what it asks the API to collect.</summary>
internal sealed record DemoBasket(Currency Currency, int Quantity)
{
    public const int MostQuantity = 3;

    /// <summary>Price of one, delivery, and tax in percent; amounts in minor units.</summary>
    private static readonly Dictionary<string, (long Unit, long Delivery, int Tax)> Prices = new()
    {
        ["EUR"] = (1400, 490, 19),
        ["USD"] = (1500, 550, 0),
        ["JPY"] = (2400, 800, 10),
        ["HKD"] = (12000, 3500, 0),
        ["SGD"] = (2000, 650, 9),
    };

    public static IReadOnlyList<Currency> Currencies { get; } = [.. Prices.Keys.Select(c => Currency.Find(c)!)];

    /// <summary>What was asked for, or two mugs in euro: a form is never trusted to hold what it offered.</summary>
    public static DemoBasket Of(string? currency, string? quantity)
    {
        var known = Currencies.FirstOrDefault(c => c.Code == currency) ?? Currencies[0];
        var isNumber = int.TryParse(quantity, NumberStyles.None, CultureInfo.InvariantCulture, out var count);
        return new DemoBasket(known, isNumber && count is >= 1 and <= MostQuantity ? count : 2);
    }

    public FiatAmount Unit => new(Currency, Prices[Currency.Code].Unit);

    public FiatAmount Goods => Unit with { Minor = Unit.Minor * Quantity };

    public FiatAmount Delivery => new(Currency, Prices[Currency.Code].Delivery);

    public int TaxPercent => Prices[Currency.Code].Tax;

    /// <summary>On the goods, rounded half up.</summary>
    public FiatAmount Tax => Goods with { Minor = ((Goods.Minor * TaxPercent) + 50) / 100 };

    public FiatAmount Total => Goods with { Minor = Goods.Minor + Delivery.Minor + Tax.Minor };

    /// <summary>The request of <c>POST /api/v1/checkout/sessions/create</c>, in the bytes that are signed.</summary>
    public byte[] ToRequest(string orderId, string product, string baseUrl)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteNumber("amount", Total.Minor);
            json.WriteString("currency", Currency.Code);
            json.WriteString("order_id", orderId);
            json.WriteStartArray("line_items");
            json.WriteStartObject();
            json.WriteStartObject("price_data");
            json.WriteString("currency", Currency.Code);
            json.WriteNumber("unit_amount", Unit.Minor);
            json.WriteStartObject("product_data");
            json.WriteString("name", product);
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteNumber("quantity", Quantity);
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteNumber("tax_amount", Tax.Minor);
            json.WriteNumber("shipping_amount", Delivery.Minor);
            json.WriteString("success_url", $"{baseUrl}/demo/orders/{orderId}");
            json.WriteString("cancel_url", $"{baseUrl}/demo");
            json.WriteEndObject();
        }
        return bytes.ToArray();
    }
}
