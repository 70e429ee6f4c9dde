using System.Text.Json;

namespace StablePay.Server.Api.Wire;

/// <summary>A page of a list as the contract writes it (section 3).</summary>
internal static class ListView
{
    /// <summary>The items of which one more than <paramref name="limit"/> says that there is more.</summary>
    public static Answer Of(string url, int limit, IReadOnlyList<byte[]> items) =>
        Of(url, [.. items.Take(limit)], items.Count > limit);

    /// <summary>
    /// Composes the page from items that are JSON already, so that an event's stored bytes are sent as they are.
    /// </summary>
    public static Answer Of(string url, IReadOnlyList<byte[]> items, bool hasMore)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("object", "list");
            json.WriteStartArray("data");
            foreach (var item in items)
                json.WriteRawValue(item, skipInputValidation: true);
            json.WriteEndArray();
            json.WriteBoolean("has_more", hasMore);
            json.WriteString("url", url);
            json.WriteEndObject();
        }
        return Answer.Ok(stream.ToArray());
    }
}
