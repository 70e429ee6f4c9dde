using System.Text.Json;
using System.Text.Json.Serialization;

namespace StablePay.Server.Api.Wire;

/// <summary>The envelope of every refusal (contract section 3).</summary>
public sealed record ErrorView(ErrorBody Error)
{
    /// <summary>The refusal as bytes.</summary>
    /// <param name="publicUrl">Where this server's documents are; each code has its place in them.</param>
    internal static Answer Of(Rejection rejection, string requestId, string publicUrl)
    {
        var body = new ErrorBody(
            rejection.Code.Type,
            rejection.Code.Code,
            rejection.Message,
            rejection.Param,
            $"{publicUrl}/docs/errors#{rejection.Code.Code}",
            requestId
        );
        var json = JsonSerializer.SerializeToUtf8Bytes(new ErrorView(body), ErrorJson.Default.ErrorView);
        return new Answer(rejection.Code.Status, json);
    }
}

/// <summary>Why a request was refused.</summary>
/// <param name="Type">The class of the refusal, as <c>invalid_request_error</c>.</param>
/// <param name="Code">The stable code that programs decide by.</param>
/// <param name="Message">A sentence for people; it may change.</param>
/// <param name="Param">The member that is wrong, dotted, where there is one.</param>
/// <param name="DocUrl">Where the code is explained.</param>
/// <param name="RequestId">The id of the request, also in the header X-Request-Id.</param>
public sealed record ErrorBody(
    string Type,
    string Code,
    string Message,
    string? Param,
    string? DocUrl,
    string RequestId
);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(ErrorView))]
internal sealed partial class ErrorJson : JsonSerializerContext;
