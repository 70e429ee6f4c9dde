using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using StablePay.Engine.Webhooks;
using StablePay.Server.Demo;

namespace StablePay.Server.Hosting;

/// <summary>What stands in <c>demo.json</c>, for scripts to start from.</summary>
internal sealed record DemoFile
{
    public required string BaseUrl { get; init; }
    public required string ApiKey { get; init; }
    public required string SecretKey { get; init; }

    /// <summary>The same store's live pair: of use once a network is configured.</summary>
    public required string LiveApiKey { get; init; }
    public required string LiveSecretKey { get; init; }

    /// <summary>Where the demo shop receives its webhooks.</summary>
    public required string WebhookUrl { get; init; }
    public required string WebhookSecret { get; init; }
    public required string WebhookEndpoint { get; init; }

    /// <summary>Never the keys.</summary>
    public override string ToString() => nameof(DemoFile);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(DemoFile))]
internal sealed partial class DemoJson : JsonSerializerContext;

/// <summary>
/// Makes the demo merchant on the very first start: an approved store, its test key, and an endpoint for the shop at
/// <c>/demo</c>.
/// </summary>
internal sealed class DemoSetup(Engine.Engine engine, string folder, string publicUrl)
{
    /// <summary>Scripts without a JSON parser read this file too, so a plus sign stays one.</summary>
    private static readonly DemoJson Readable = new(
        new JsonSerializerOptions(DemoJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }
    );

    private readonly string _path = Path.Combine(folder, "demo.json");

    /// <summary>
    /// The demo shop's credentials, or null where there is no demo: an instance whose merchants came otherwise gets
    /// none.
    /// </summary>
    public async Task<DemoCredentials?> EnsureAsync(Action<string> say, CancellationToken ct)
    {
        var demo = await ReadAsync(ct);
        if (demo is null && await engine.AnyMerchantAsync(ct))
            return null;
        if (demo is null)
        {
            demo = await CreateAsync(ct);
            say($"Demo key pair (also in {_path}): {demo.ApiKey} with Secret Key {demo.SecretKey}");
        }
        else if (demo.BaseUrl != publicUrl)
        {
            demo = await MoveAsync(demo, ct);
        }
        return new DemoCredentials(publicUrl, demo.ApiKey, demo.SecretKey, demo.WebhookSecret);
    }

    private async Task<DemoFile?> ReadAsync(CancellationToken ct)
    {
        if (!File.Exists(_path))
            return null;
        var json = await File.ReadAllBytesAsync(_path, ct);
        var demo = JsonSerializer.Deserialize(json, DemoJson.Default.DemoFile);
        // A file of another database is like none.
        return demo is not null && await engine.Keys.FindAsync(demo.ApiKey) is not null ? demo : null;
    }

    private async Task<DemoFile> CreateAsync(CancellationToken ct)
    {
        var store = await engine.Provision.RunAsync("Demo merchant", "Harbour & Kiln", ct);
        var caller = await CallerAsync(store.Test.ApiKey);
        var url = WebhookUrl;
        var endpoint = await engine.Endpoints.Create.RunAsync(
            caller,
            new NewEndpoint(url, [.. EventType.All.Select(e => e.Name)], "The demo shop"),
            ct
        );
        if (!endpoint.IsOk)
            throw new EngineRefusedException(
                $"The demo shop cannot receive webhooks at {url}: {endpoint.Rejection.Message}"
            );
        var demo = new DemoFile
        {
            BaseUrl = publicUrl,
            ApiKey = store.Test.ApiKey,
            SecretKey = store.Test.SecretKey,
            LiveApiKey = store.Live.ApiKey,
            LiveSecretKey = store.Live.SecretKey,
            WebhookUrl = url,
            WebhookSecret = endpoint.Value.Secret!,
            WebhookEndpoint = endpoint.Value.Id,
        };
        Write(demo);
        return demo;
    }

    /// <summary>The instance is reached at another address than at the last start.</summary>
    private async Task<DemoFile> MoveAsync(DemoFile demo, CancellationToken ct)
    {
        var moved = await engine.Endpoints.Update.RunAsync(
            await CallerAsync(demo.ApiKey),
            EndpointId.From(demo.WebhookEndpoint),
            new EndpointChange(WebhookUrl),
            ct
        );
        if (!moved.IsOk)
            throw new EngineRefusedException(
                $"The demo shop cannot receive webhooks at {WebhookUrl}: {moved.Rejection.Message}"
            );
        var next = demo with { BaseUrl = publicUrl, WebhookUrl = WebhookUrl };
        Write(next);
        return next;
    }

    private string WebhookUrl => $"{publicUrl}/demo/webhooks";

    private async Task<Caller> CallerAsync(string key)
    {
        var known =
            await engine.Keys.FindAsync(key) ?? throw new InvariantBrokenException("a key that was just made is there");
        return new Caller(known.Key, known.Store, known.Merchant, RequestScope.Empty());
    }

    private void Write(DemoFile demo) => SecretFile.Write(_path, JsonSerializer.Serialize(demo, Readable.DemoFile));
}
