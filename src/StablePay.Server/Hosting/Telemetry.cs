using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using OpenTelemetry.Metrics;
using StablePay.Engine.Telemetry;

namespace StablePay.Server.Hosting;

/// <summary>
/// <c>GET /metrics</c> in Prometheus' text form, on a port of its own that only this machine reaches.
/// </summary>
internal static class Telemetry
{
    private const string Path = "/metrics";

    public static void AddTo(IServiceCollection services, int port)
    {
        if (port != 0)
            services
                .AddOpenTelemetry()
                .WithMetrics(metrics => metrics.AddMeter(Metrics.MeterName).AddPrometheusExporter());
    }

    public static void Listen(KestrelServerOptions kestrel, int port)
    {
        if (port != 0)
            kestrel.Listen(IPAddress.Loopback, port);
    }

    /// <summary>Nothing but the figures is told on their port, and they on no other.</summary>
    public static void Use(WebApplication app, int port)
    {
        if (port == 0)
            return;
        app.MapWhen(
            http => http.Connection.LocalPort == port,
            own => own.UseOpenTelemetryPrometheusScrapingEndpoint(http => http.Request.Path == Path)
        );
    }
}
