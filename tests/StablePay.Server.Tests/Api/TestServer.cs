using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using StablePay.Chains.Keys;
using StablePay.Engine;
using StablePay.Engine.Access;
using StablePay.Engine.Checkout;
using StablePay.Engine.Events;
using StablePay.Engine.Rates;
using StablePay.Engine.Watching;
using StablePay.Engine.Webhooks;
using StablePay.Server.Api;
using StablePay.Server.Hosting;
using StablePay.Server.Options;
using StablePay.Storage;

namespace StablePay.Server.Tests.Api;

/// <summary>The API on a real Kestrel and a real SQLite, with a clock that stands until a test moves it.</summary>
public sealed class TestServer : IAsyncLifetime
{
    public static readonly DateTimeOffset Start = DateTimeOffset.FromUnixTimeSeconds(1_777_500_000);

    private readonly string _folder = Directory.CreateTempSubdirectory("stablepay-api-").FullName;
    private readonly List<string> _settings = [];
    private WebApplication _app = null!;

    public FakeTimeProvider Clock { get; } = new(Start);

    public Database Database { get; private set; } = null!;

    internal ApiRoutes Routes { get; private set; } = null!;

    internal ApiParts Parts { get; private set; } = null!;

    public HttpClient Http { get; private set; } = null!;

    public ProvisionStore Stores { get; private set; } = null!;

    public SecretBox Box { get; private set; } = null!;

    /// <summary>Adds settings as on the command line, before the start.</summary>
    public TestServer With(params string[] settings)
    {
        _settings.AddRange(settings);
        return this;
    }

    public async ValueTask InitializeAsync()
    {
        var limits = new[] { "--RateLimits:Test", "1000000", "--RateLimits:Live", "1000000", "--RateLimits:Anonymous", "1000000" };
        var (settings, mistakes) = SettingsCheck.Read(CommandLine.Read([.. limits, .. _settings]));
        mistakes.ShouldBeEmpty();
        Database = await Database.OpenAsync(
            new Storage.DatabaseOptions("sqlite", Path.Combine(_folder, "test.db")), Clock, default);
        Compose(settings!);
        var builder = WebHost.NewBuilder(settings!, 0);
        _app = builder.Build();
        Routes = WebHost.Map(_app, settings!, Parts);
        await _app.StartAsync();
        var address = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, UseCookies = false })
        {
            BaseAddress = new Uri(address),
        };
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
        await Database.DisposeAsync();
        Box.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>A new merchant with an approved store, and a client with its test key.</summary>
    public async Task<SignedClient> NewClientAsync(bool live = false)
    {
        var store = await Stores.RunAsync("Mugs Ltd", "Mugs", default);
        return ClientOf(store, live);
    }

    public SignedClient ClientOf(ProvisionedStore store, bool live = false) =>
        new(Http, Clock, live ? store.Live : store.Test);

    private void Compose(Settings settings)
    {
        const string PublicUrl = "https://pay.example";
        var dice = new SystemDice();
        var ids = new IdSource(dice);
        Box = SecretBox.FromKey(Enumerable.Range(1, 32).Select(i => (byte)i).ToArray());
        Stores = new ProvisionStore(Database, Box, ids, dice, Clock);
        var networks = new NetworkBook(
            [.. Chains.Networks.Public, .. Chains.Networks.Sandbox(TimeSpan.FromSeconds(2), 3)], Clock);
        var views = new SessionViews(PublicUrl, networks);
        var events = new EventBody(views);
        var rates = new RateBook();
        var desk = new CheckoutDesk(
            Database, views, new OpenSession(Database, rates, views, ids, Clock),
            new Engine.Checkout.CancelSession(Database, views, events, new ChangeSignal(), Clock), null!);
        var guard = new EgressGuard(EgressPolicy.Production);
        var endpoints = new EndpointDesk(
            new CreateEndpoint(Database, guard, Box, ids, Clock, dice), new FindEndpoint(Database),
            new ListEndpoints(Database), new UpdateEndpoint(Database, guard), new DeleteEndpoint(Database));
        Parts = new ApiParts(
            new KeyBook(Database, key => [.. key.SealedSecrets.Select(s => Box.Open(ProvisionStore.SecretPurpose, s))], Clock),
            new RequestClaims(Database, ids, Clock),
            RateLimits.From(settings.Options.RateLimits, Clock),
            ids,
            Clock,
            PublicUrl,
            new UseCases(
                desk, new SessionList(Database, views), new EventFeed(new FindEvent(Database), new ListEvents(Database)),
                endpoints, networks, rates));
    }
}
