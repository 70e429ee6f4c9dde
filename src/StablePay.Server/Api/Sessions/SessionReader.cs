using StablePay.Engine.Checkout;
using StablePay.Server.Api.Json;

namespace StablePay.Server.Api.Sessions;

/// <summary>Reads a new session from a body, by the rules of contract section 4. Refuses, never corrects.</summary>
internal static class SessionReader
{
    private const int MostText = 500;
    private const int MostProductText = 1_000;
    private const int MostMetadata = 50;
    private const int MostMetadataName = 40;
    private const int MostUrl = 512;
    private const int ShortestLife = 300;
    private const int LongestLife = 86_400;

    public static Result<NewSession> Read(JsonBody body)
    {
        var root = body.Root;
        var amount = ReadAmount(root);
        var orderId = ReadOrderId(root);
        var description = root.OptionalText("description", MostText);
        var lines = ReadLines(root, amount.Currency);
        var (tax, shipping) = (root.OptionalInteger("tax_amount", 0), root.OptionalInteger("shipping_amount", 0));
        var (success, cancel) = (ReadUrl(root, "success_url"), ReadUrl(root, "cancel_url"));
        var email = ReadEmail(root);
        var metadata = ReadMetadata(root);
        var life = root.OptionalInteger("expires_in", ShortestLife, LongestLife);
        root.End();
        if (body.Rejection is not null)
            return body.Rejection;
        if (lines.Count > 0 && Sum(lines, tax, shipping) != amount.Minor)
            return new Rejection(
                ErrorCode.AmountMismatch,
                "The line items with tax and shipping do not add up to the amount.",
                "amount"
            );
        // Contract section 4: both are stored in the metadata too. What has a parameter of its own wins.
        Set(metadata, "email", email);
        Set(metadata, "description", description);
        var order = new OrderDetails
        {
            OrderId = orderId,
            Description = description,
            LineItems = lines,
            TaxAmount = tax,
            ShippingAmount = shipping,
            SuccessUrl = success,
            CancelUrl = cancel,
            Metadata = metadata,
        };
        return new NewSession(amount, order, life is { } seconds ? TimeSpan.FromSeconds(seconds) : null);
    }

    /// <summary>Amount and currency of a body; US dollars where they are refused.</summary>
    public static FiatAmount ReadAmount(JsonObject root)
    {
        var minor = root.Integer("amount", long.MinValue);
        var code = root.Text("currency", 16);
        var currency = Currency.Find(code);
        if (minor <= 0)
            root.Refuse("amount", "must be at least 1.", ErrorCode.AmountTooSmall);
        if (currency is null)
            root.Refuse(
                "currency",
                "is not a currency that payments can be priced in.",
                ErrorCode.CurrencyNotSupported
            );
        return new FiatAmount(currency ?? Currency.Usd, minor);
    }

    private static string ReadOrderId(JsonObject root)
    {
        var orderId = root.Text("order_id", 64);
        if (orderId.Any(char.IsControl))
            root.Refuse("order_id", "must not hold control characters.");
        return orderId;
    }

    private static List<LineItem> ReadLines(JsonObject root, Currency currency)
    {
        var lines = new List<LineItem>();
        foreach (var line in root.OptionalObjects("line_items"))
        {
            var quantity = line.Integer("quantity", 1);
            if (line.Object("price_data") is { } price)
                lines.Add(ReadPrice(price, currency, quantity));
            line.End();
        }
        return lines;
    }

    private static LineItem ReadPrice(JsonObject price, Currency currency, long quantity)
    {
        var code = price.Text("currency", 16);
        if (!string.Equals(code, currency.Code, StringComparison.OrdinalIgnoreCase))
            price.Refuse("currency", "must be the currency of the session.");
        var unitAmount = price.Integer("unit_amount", 1);
        var (name, description) = ("", (string?)null);
        if (price.Object("product_data") is { } product)
        {
            name = product.Text("name", MostProductText);
            description = product.OptionalText("description", MostProductText);
            product.End();
        }
        price.End();
        return new LineItem(name, description, unitAmount, quantity);
    }

    /// <summary>What the lines come to, or null when that is more than can be held.</summary>
    private static long? Sum(List<LineItem> lines, long? tax, long? shipping)
    {
        // At most a thousand lines of two 63-bit numbers: the sum fits 128 bits with room to spare.
        Int128 sum = (tax ?? 0) + (Int128)(shipping ?? 0);
        foreach (var line in lines)
            sum += (Int128)line.UnitAmount * line.Quantity;
        return sum <= long.MaxValue ? (long)sum : null;
    }

    private static string? ReadUrl(JsonObject root, string name)
    {
        if (root.OptionalText(name, MostUrl) is not { } url)
            return null;
        if (ReturnUrl.IsAllowed(url))
            return url;
        root.Refuse(name, "must be an absolute https address, or http on localhost, without user name and spaces.");
        return null;
    }

    private static string? ReadEmail(JsonObject root)
    {
        if (root.OptionalText("email", MostText) is not { } email)
            return null;
        var at = email.IndexOf('@', StringComparison.Ordinal);
        if (at > 0 && at < email.Length - 1 && !email.Any(c => char.IsControl(c) || char.IsWhiteSpace(c)))
            return email;
        root.Refuse("email", "is not an e-mail address.");
        return null;
    }

    private static List<KeyValuePair<string, string>> ReadMetadata(JsonObject root)
    {
        if (root.OptionalObject("metadata") is not { } metadata)
            return [];
        var pairs = metadata.TakeAll(MostMetadataName, MostText).ToList();
        if (pairs.Count > MostMetadata)
            root.Refuse("metadata", $"has at most {MostMetadata} keys.");
        return pairs;
    }

    private static void Set(List<KeyValuePair<string, string>> metadata, string name, string? value)
    {
        if (value is null)
            return;
        metadata.RemoveAll(pair => pair.Key == name);
        metadata.Add(new KeyValuePair<string, string>(name, value));
    }
}
