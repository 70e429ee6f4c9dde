using System.Text.Json;

namespace StablePay.Server.Api;

/// <summary>A page of a list as the contract writes it (section 3).</summary>
internal static class ListView
{
    /// <summary>
    /// Composes the page from items that are JSON already, so that an event's stored bytes are sent as they are. One more
    /// item than <paramref name="limit"/> says that there is more.
    /// </summary>
    public static Answer Of(string url, int limit, IReadOnlyList<byte[]> items)
    {
        var shown = Math.Min(limit, items.Count);
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("object", "list");
            json.WriteStartArray("data");
            for (var i = 0; i < shown; i++)
                json.WriteRawValue(items[i], skipInputValidation: true);
            json.WriteEndArray();
            json.WriteBoolean("has_more", items.Count > shown);
            json.WriteString("url", url);
            json.WriteEndObject();
        }
        return Answer.Ok(stream.ToArray());
    }
}
