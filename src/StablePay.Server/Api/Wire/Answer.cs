using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace StablePay.Server.Api.Wire;

/// <summary>
/// What goes back: a status and JSON that is already bytes, so that what is stored and what is sent are one.
/// </summary>
internal readonly record struct Answer(int Status, byte[] Body)
{
    /// <summary>Success, also of creations (contract section 3).</summary>
    public static Answer Ok(byte[] json) => new(StatusCodes.Status200OK, json);

    public static Answer Ok<T>(T value, JsonTypeInfo<T> type) => Ok(JsonSerializer.SerializeToUtf8Bytes(value, type));
}
