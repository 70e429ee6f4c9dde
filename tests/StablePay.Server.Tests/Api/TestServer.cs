using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using StablePay.Chains;
using StablePay.Chains.Keys;
using StablePay.Chains.Sandbox;
using StablePay.Engine;
using StablePay.Engine.Access;
using StablePay.Engine.Rates;
using StablePay.Engine.Rates.Pegs;
using StablePay.Engine.Watching;
using StablePay.Engine.Webhooks;
using StablePay.Server.Api;
using StablePay.Server.Checkout;
using StablePay.Server.Commands;
using StablePay.Server.Hosting;
using StablePay.Server.Options;
using StablePay.Storage;
using StablePay.Testing;

namespace StablePay.Server.Tests.Api;

/// <summary>The API and the hosted page on a real Kestrel and a real SQLite, with a clock that stands until a test moves it.</summary>
public sealed class TestServer : IAsyncLifetime
{
    public static readonly DateTimeOffset Start = DateTimeOffset.FromUnixTimeSeconds(1_777_500_000);

    private readonly string _folder = Directory.CreateTempSubdirectory("stablepay-api-").FullName;
    private readonly List<string> _settings = [];
    private WebApplication _app = null!;

    /// <summary>Where the database lies.</summary>
    public string Folder => _folder;

    /// <summary>Everything that was logged, at every level.</summary>
    public KeptLog Log { get; } = new();

    public FakeTimeProvider Clock { get; } = new(Start);

    public Database Database { get; private set; } = null!;

    internal ApiRoutes Routes { get; private set; } = null!;

    internal ApiParts Parts { get; private set; } = null!;

    public HttpClient Http { get; private set; } = null!;

    public StablePay.Engine.Engine Engine { get; private set; } = null!;

    public SecretBox Box { get; private set; } = null!;

    /// <summary>Networks of live payments; none unless a test has its own.</summary>
    public IReadOnlyList<IChain> LiveChains { get; init; } = [];

    /// <summary>Takes sentences for the operator; no test may make one without expecting it.</summary>
    public Action<string> OnAlert { get; set; } = text => throw new InvalidOperationException(text);

    /// <summary>Adds settings as on the command line, before the start.</summary>
    public TestServer With(params string[] settings)
    {
        _settings.AddRange(settings);
        return this;
    }

    public async ValueTask InitializeAsync()
    {
        var limits = new[]
        {
            "--RateLimits:Test",
            "1000000",
            "--RateLimits:Live",
            "1000000",
            "--RateLimits:Anonymous",
            "1000000",
        };
        var (settings, mistakes) = SettingsCheck.Read(CommandLine.Read([.. limits, .. _settings]));
        mistakes.ShouldBeEmpty();
        Database = await Database.OpenAsync(
            new Storage.DatabaseOptions("sqlite", Path.Combine(_folder, "test.db")),
            Clock,
            default
        );
        Compose(settings!);
        var builder = WebHost.NewBuilder(settings!, 0);
        builder.Logging.SetMinimumLevel(LogLevel.Debug);
        builder.Logging.AddFilter<Microsoft.Extensions.Logging.Console.ConsoleLoggerProvider>(null, LogLevel.Warning);
        builder.Logging.AddProvider(Log);
        _app = builder.Build();
        Routes = WebHost.Map(_app, settings!, Parts);
        CheckoutPages.Map(_app, CheckoutCalls.Of(Engine.Checkout, _ => true), Clock);
        await _app.StartAsync();
        var address = _app
            .Services.GetRequiredService<IServer>()
            .Features.Get<IServerAddressesFeature>()!
            .Addresses.Single();
        Http = new HttpClient(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseProxy = false,
                UseCookies = false,
            }
        )
        {
            BaseAddress = new Uri(address),
        };
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
        await Engine.DisposeAsync();
        Box.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>A new merchant with an approved store, and a client with its test key.</summary>
    public async Task<SignedClient> NewClientAsync(bool live = false)
    {
        var store = await Engine.Provision.RunAsync("Mugs Ltd", "Mugs", default);
        return ClientOf(store, live);
    }

    public SignedClient ClientOf(ProvisionedStore store, bool live = false) =>
        new(Http, Clock, live ? store.Live : store.Test);

    private void Compose(Settings settings)
    {
        const string PublicUrl = "https://pay.example";
        var dice = new SystemDice();
        Box = SecretBox.FromKey(Enumerable.Range(1, 32).Select(i => (byte)i).ToArray());
        var rows = new SandboxRows(Database.Sandbox);
        var sandboxes = Chains
            .Networks.Sandbox(TimeSpan.FromSeconds(2), 3)
            .ToDictionary(n => n.Id, n => ChainFamilies.Sandbox(n, rows, dice, Clock));
        Engine = new StablePay.Engine.Engine(
            new EngineParts
            {
                Database = Database,
                Clock = Clock,
                Dice = dice,
                Owner = "test",
                PublicUrl = PublicUrl,
                Chains = [.. sandboxes.Values, .. LiveChains],
                Sandboxes = sandboxes,
                Derivers = sandboxes
                    .Keys.Select(id => (id, (IAddressDeriver)new SandboxDeriver(id)))
                    .Concat(LiveChains.Select(c => (c.Network.Id, KeysOfZeros.DeriverOf(c.Network))))
                    .ToDictionary(),
                Mark = new HighWaterFile(Path.Combine(_folder, "addresses.json")),
                Secrets = Box,
                Egress = EgressPolicy.Production,
                Rates = RateBook.Of(Database, Http, false, Clock),
                Pegs = PegBook.Of(Database.Rates, Http, false, settings.Peg, Clock, text => OnAlert(text)),
                Alert = text => OnAlert(text),
            }
        );
        Parts = new ApiParts(Engine, RateLimits.From(settings.Options.RateLimits, Clock), Clock, PublicUrl);
    }

    /// <summary>Runs the jobs that are due now, to their end.</summary>
    public async Task WorkAsync()
    {
        while ((await Engine.Jobs.StepAsync(default)).Claimed > 0)
            await Engine.Jobs.DrainAsync();
    }

    /// <summary>Steps every watcher until none has more to do.</summary>
    public async Task WatchAsync()
    {
        foreach (var watcher in Engine.Watchers)
        {
            while (await watcher.StepAsync(default)) { }
        }
    }
}
