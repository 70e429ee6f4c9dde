using System.Reflection;

namespace StablePay.Server.Api;

/// <summary>The route table, filled by the endpoints themselves.</summary>
internal sealed class ApiRoutes
{
    public const string Prefix = "/api/v1";

    private readonly List<ApiRoute> _all = [];

    private ApiRoutes() { }

    public IReadOnlyList<ApiRoute> All => _all;

    /// <summary>Asks every <see cref="IEndpoint"/> of this program for its rows. Reflection happens here, at start, only.</summary>
    public static ApiRoutes Collect()
    {
        var routes = new ApiRoutes();
        var endpoints = typeof(IEndpoint)
            .Assembly.GetTypes()
            .Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IEndpoint)))
            .OrderBy(type => type.FullName, StringComparer.Ordinal);
        foreach (var endpoint in endpoints)
        {
            var map = endpoint.GetMethod(nameof(IEndpoint.Map), BindingFlags.Public | BindingFlags.Static)!;
            map.CreateDelegate<Action<ApiRoutes>>()(routes);
        }
        return routes;
    }

    public void Add(ApiRoute route) => _all.Add(route with { Path = Prefix + route.Path });

    /// <summary>Puts the table into the server. The router takes a path with and without a slash at its end.</summary>
    public void MapTo(IEndpointRouteBuilder app, ApiPipeline pipeline)
    {
        foreach (var route in _all)
        {
            var mapped = app.MapMethods(route.Path, [route.Method], http => pipeline.RunAsync(http, route));
            // For the document only: the method carries the comments. The body's type is not told to the router, which
            // would refuse other content types by itself, before the caller is known.
            mapped.WithMetadata(route, route.Handler.Method);
            if (route.Answer is not null)
                mapped.WithMetadata(
                    new ProducesResponseTypeMetadata(StatusCodes.Status200OK, route.Answer, ["application/json"])
                );
        }
    }
}
