using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using StablePay.Server.Api;
using StablePay.Server.Docs;
using StablePay.Server.Options;

namespace StablePay.Server.Hosting;

/// <summary>
/// The web server itself: its limits, what stands before every request, the API's routes and documents.
/// </summary>
internal static class WebHost
{
    private const long MaxBody = 512 * 1024;

    /// <summary>A builder with nothing in it but Kestrel, routing and a log to the console.</summary>
    public static WebApplicationBuilder NewBuilder(Settings settings, int port)
    {
        // The empty builder reads no file and no environment of the framework's own: settings come one way only.
        var builder = WebApplication.CreateEmptyBuilder(
            new WebApplicationOptions { ApplicationName = "StablePay", ContentRootPath = AppContext.BaseDirectory }
        );
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel => Configure(kestrel, settings, port));
        builder.Services.AddRouting();
        builder.Services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.PropertyNamingPolicy = System.Text.Json.JsonNamingPolicy.SnakeCaseLower;
            json.SerializerOptions.NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.Strict;
        });
        ApiDocument.AddTo(builder.Services);
        Telemetry.AddTo(builder.Services, settings.Options.Metrics.Port);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = settings.Options.Server.StopWithin);
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        // A failure to start is told in one sentence by Program.cs; the host would add a page of stack to it.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        builder.Logging.AddFilter("StablePay", LogLevel.Information);
        // A start that fails is told in one sentence by the program itself.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
        return builder;
    }

    /// <summary>Puts the front and the API's routes into a built application.</summary>
    public static ApiRoutes Map(WebApplication app, Settings settings, ApiParts parts)
    {
        Telemetry.Use(app, settings.Options.Metrics.Port);
        if (settings.TrustedProxies.Count > 0)
            app.UseForwardedHeaders(ProxyOptions(settings));
        app.UseMiddleware<ApiFront>(parts);
        app.Use(next => http => StopWithServerAsync(http, next, app.Lifetime.ApplicationStopping));
        app.UseRouting();
        var routes = ApiRoutes.Collect();
        routes.MapTo(app, new ApiPipeline(parts, app.Services.GetRequiredService<ILogger<ApiPipeline>>()));
        app.MapOpenApi(ApiDocument.Path.Replace(ApiDocument.Name, "{documentName}", StringComparison.Ordinal));
        ErrorPage.Map(app);
        ApiReference.Map(app, parts);
        return routes;
    }

    /// <summary>
    /// An event stream ends when the server stops; it would else hold the stop up until its time is over.
    /// </summary>
    private static async Task StopWithServerAsync(HttpContext http, RequestDelegate next, CancellationToken stopping)
    {
        if (
            !http.Request.Path.Value!.EndsWith("/events", StringComparison.Ordinal)
            || http.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase)
        )
        {
            await next(http);
            return;
        }
        using var either = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, stopping);
        http.RequestAborted = either.Token;
        await next(http);
    }

    private static void Configure(KestrelServerOptions kestrel, Settings settings, int port)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = MaxBody;
        kestrel.Limits.MaxRequestHeaderCount = 64;
        kestrel.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
        kestrel.Limits.MaxRequestLineSize = 8 * 1024;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(60);
        kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(240, TimeSpan.FromSeconds(5));
        Telemetry.Listen(kestrel, settings.Options.Metrics.Port);
        if (settings.Options.Server.Listen == "*")
            kestrel.ListenAnyIP(port);
        else
            kestrel.Listen(settings.Listen, port);
    }

    /// <summary>
    /// Only the client's address is taken from a proxy; host and scheme come from the settings (API-12).
    /// </summary>
    private static ForwardedHeadersOptions ProxyOptions(Settings settings)
    {
        var options = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor,
            ForwardLimit = null,
        };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var proxy in settings.TrustedProxies)
            options.KnownIPNetworks.Add(proxy);
        return options;
    }
}
