using System.Net;
using System.Net.Sockets;
using StablePay.Server.Api;
using StablePay.Server.Checkout;
using StablePay.Server.Demo;
using StablePay.Server.Options;

namespace StablePay.Server.Hosting;

/// <summary>The running program: engine, web server and loops, started and stopped in their order.</summary>
internal sealed class ServerHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _shopClient;
    private readonly Loops _loops;
    private bool _hasStopped;

    private ServerHost(
        WebApplication app,
        Engine.Engine engine,
        HttpClient shopClient,
        Loops loops,
        string publicUrl
    ) => (_app, Engine, _shopClient, _loops, PublicUrl) = (app, engine, shopClient, loops, publicUrl);

    public Engine.Engine Engine { get; }

    public string PublicUrl { get; }

    /// <summary>Starts everything. Returns when requests are answered.</summary>
    /// <param name="say">Takes sentences for the operator's console.</param>
    /// <exception cref="EngineRefusedException">It must not start; the message says why.</exception>
    public static async Task<ServerHost> StartAsync(
        Settings settings,
        TimeProvider clock,
        Dice dice,
        Action<string> say,
        CancellationToken ct
    )
    {
        var port = settings.Options.Server.Port is 0 ? FreePort(settings.Listen) : settings.Options.Server.Port;
        var publicUrl = settings.PublicUrl ?? string.Create(CultureInfo.InvariantCulture, $"http://localhost:{port}");
        var app = WebHost.NewBuilder(settings, port).Build();
        var log = app.Services.GetRequiredService<ILoggerFactory>();
        var alerts = log.CreateLogger("StablePay.Engine");
        var engine = await StablePay.Engine.EngineStart.OpenAsync(
            EngineSetup.Of(settings, publicUrl, dice, say) with
            {
                Note = text => alerts.LogInformation("{Note}", text),
            },
            clock,
            dice,
            text => alerts.LogWarning("{Alert}", text),
            ct
        );
        var shopClient = new HttpClient();
        try
        {
            var demo = settings.HasDemo
                ? await new DemoSetup(engine, settings.Data, publicUrl).EnsureAsync(say, ct)
                : null;
            var limits = RateLimits.From(settings.Options.RateLimits, clock);
            WebHost.Map(app, settings, new ApiParts(engine, limits, clock, publicUrl));
            UnknownIds.Use(app, limits);
            MapPages(app, engine, limits, clock);
            app.MapGet("/", (RequestDelegate)(http => ToFirstPage(http, demo is not null)));
            if (demo is not null)
                DemoShop.Map(app, demo, shopClient, clock, dice);
            await app.StartAsync(ct);
            var loops = new Loops(engine, clock, settings.Options.Rates.RefreshEvery, log.CreateLogger<Loops>());
            loops.Start();
            return new ServerHost(app, engine, shopClient, loops, publicUrl) { Demo = demo };
        }
        catch
        {
            shopClient.Dispose();
            await app.DisposeAsync();
            await engine.DisposeAsync();
            throw;
        }
    }

    /// <summary>The demo shop's credentials; null where there is no demo.</summary>
    public DemoCredentials? Demo { get; private init; }

    /// <summary>Completes at a signal to stop.</summary>
    public async Task WaitForSignalAsync()
    {
        var stopping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = _app.Lifetime.ApplicationStopping.Register(() => stopping.TrySetResult());
        await stopping.Task;
    }

    /// <summary>Takes no new requests, lets running ones and begun jobs end, and gives leases up.</summary>
    public async Task StopAsync(CancellationToken ct)
    {
        if (_hasStopped)
            return;
        _hasStopped = true;
        await _app.StopAsync(ct);
        await _loops.StopAsync(ct);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None);
        _loops.Dispose();
        await _app.DisposeAsync();
        _shopClient.Dispose();
        await Engine.DisposeAsync();
    }

    private static void MapPages(WebApplication app, Engine.Engine engine, RateLimits limits, TimeProvider clock)
    {
        Health.Map(app, engine);
        CheckoutPages.Map(app, CheckoutCalls.Of(engine.Checkout, address => limits.Take(address).IsAllowed), clock);
    }

    private static Task ToFirstPage(HttpContext http, bool hasDemo)
    {
        http.Response.Redirect(hasDemo ? "/demo" : "/docs/api");
        return Task.CompletedTask;
    }

    /// <summary>
    /// A port that is free now. It must be known before the server binds it, as every link is made from it.
    /// </summary>
    private static int FreePort(IPAddress address)
    {
        using var listener = new TcpListener(address, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
