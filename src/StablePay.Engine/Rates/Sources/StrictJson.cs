using System.Text.Json;

namespace StablePay.Engine.Rates.Sources;

/// <summary>A feed's answer as one JSON object; a member that stands twice is refused.</summary>
internal static class StrictJson
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 8 };

    /// <summary>Parses and reads; whatever breaks the form is told in words.</summary>
    public static T Read<T>(ReadOnlyMemory<byte> answer, Func<JsonElement, T> read, Func<string, T> failed)
    {
        try
        {
            using var document = JsonDocument.Parse(answer, Strict);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? read(document.RootElement)
                : failed("the answer is not an object");
        }
        // A member of another kind than expected is told by InvalidOperationException.
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return failed($"the answer cannot be read: {e.Message}");
        }
    }
}
