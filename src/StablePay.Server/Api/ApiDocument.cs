using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace StablePay.Server.Api;

/// <summary>
/// The OpenAPI document: the framework makes it from the route table and the comments in the code; what every call has
/// in common is added here.
/// </summary>
internal static class ApiDocument
{
    public const string Name = "v1";
    public const string Path = "/docs/api/openapi.json";

    private const string KeyScheme = "api_key";

    private static readonly (string Name, string Meaning)[] SignedHeaders =
    [
        ("X-StablePay-Timestamp", "Unix seconds, at most 300 s away from the server's clock."),
        ("X-StablePay-Nonce", "16 to 64 visible ASCII characters, used once per key."),
        (
            "X-StablePay-Signature",
            "Lower-case hex of HMAC-SHA256(Secret Key, {timestamp}.{nonce}.{raw body}); the body of a GET is empty."
        ),
    ];

    private static readonly (string Name, string Meaning)[] AnswerHeaders =
    [
        ("X-Request-Id", "The id of this request, for support."),
        ("X-RateLimit-Limit", "Requests per second."),
        ("X-RateLimit-Remaining", "What is left of this second."),
        ("X-RateLimit-Reset", "When the next second begins, Unix seconds."),
    ];

    public static void AddTo(IServiceCollection services) =>
        services.AddOpenApi(
            Name,
            options =>
            {
                options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
                options.ShouldInclude = description =>
                    RouteOf(description.ActionDescriptor.EndpointMetadata) is not null;
                options.AddOperationTransformer(DescribeAsync);
                options.AddDocumentTransformer(DescribeAsync);
            }
        );

    private static ApiRoute? RouteOf(IEnumerable<object> metadata) => metadata.OfType<ApiRoute>().FirstOrDefault();

    private static async Task DescribeAsync(
        OpenApiOperation operation,
        OpenApiOperationTransformerContext context,
        CancellationToken ct
    )
    {
        var route = RouteOf(context.Description.ActionDescriptor.EndpointMetadata)!;
        operation.OperationId = route.Handler.Method.DeclaringType!.Name;
        operation.Tags = new HashSet<OpenApiTagReference> { new(TagOf(route), context.Document) };
        operation.Parameters = [.. ParametersOf(route)];
        operation.Security = [new() { [new OpenApiSecuritySchemeReference(KeyScheme, context.Document)] = [] }];
        if (route.Body is not null)
        {
            var body = await context.GetOrCreateSchemaAsync(route.Body, null, ct);
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Content = JsonOf(Named(body, route.Body, context)),
            };
        }
        var error = await context.GetOrCreateSchemaAsync(typeof(ErrorView), null, ct);
        operation.Responses ??= [];
        operation.Responses["default"] = new OpenApiResponse
        {
            Description = "A refusal; docs/errors.md lists every code.",
            Content = JsonOf(Named(error, typeof(ErrorView), context)),
        };
        foreach (var response in operation.Responses.Values.OfType<OpenApiResponse>())
            response.Headers = AnswerHeaders.ToDictionary(h => h.Name, h => (IOpenApiHeader)Header(h.Meaning));
    }

    private static Dictionary<string, OpenApiMediaType> JsonOf(IOpenApiSchema schema) =>
        new() { ["application/json"] = new() { Schema = schema } };

    /// <summary>The schema under the name of its type, so that it stands in the document once.</summary>
    private static OpenApiSchemaReference Named(
        IOpenApiSchema schema,
        Type type,
        OpenApiOperationTransformerContext context
    )
    {
        context.Document!.AddComponent(type.Name, schema);
        return new OpenApiSchemaReference(type.Name, context.Document);
    }

    private static Task DescribeAsync(
        OpenApiDocument document,
        OpenApiDocumentTransformerContext context,
        CancellationToken ct
    )
    {
        document.Info = new OpenApiInfo
        {
            Title = "StablePay",
            Version = "1",
            Description = "Payments in stablecoins. Money is in minor units, times are in Unix seconds.",
        };
        document.Servers = [new OpenApiServer { Url = "/" }];
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [KeyScheme] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description = "An API key, sk_live_… or sk_test_…; every request is signed besides.",
            },
        };
        return Task.CompletedTask;
    }

    private static IEnumerable<IOpenApiParameter> ParametersOf(ApiRoute route)
    {
        if (route.Path.Contains("{id}", StringComparison.Ordinal))
            yield return Parameter("id", ParameterLocation.Path, "The id of the object.", required: true);
        foreach (var query in route.Query)
            yield return Parameter(query.Name, ParameterLocation.Query, query.Meaning, false, query.IsInteger);
        foreach (var (name, meaning) in SignedHeaders)
            yield return Parameter(name, ParameterLocation.Header, meaning, required: true);
        if (route.Method == HttpMethods.Post)
            yield return Parameter(
                "Idempotency-Key",
                ParameterLocation.Header,
                "At most 128 characters; the first answer is kept for 24 h.",
                false
            );
    }

    private static OpenApiParameter Parameter(
        string name,
        ParameterLocation place,
        string meaning,
        bool required,
        bool isInteger = false
    ) =>
        new()
        {
            Name = name,
            In = place,
            Description = meaning,
            Required = required,
            Schema = new OpenApiSchema { Type = isInteger ? JsonSchemaType.Integer : JsonSchemaType.String },
        };

    private static OpenApiHeader Header(string meaning) =>
        new OpenApiHeader
        {
            Description = meaning,
            Schema = new OpenApiSchema { Type = JsonSchemaType.String },
        };

    private static string TagOf(ApiRoute route) => route.Handler.Method.DeclaringType!.Namespace!.Split('.')[^1];
}
