using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using StablePay.Core.Networks;

namespace StablePay.Bench.CatchUp;

/// <summary>
/// A stub of a node with heavy blocks, served over HTTP by this process. Every answer is made before the clock runs;
/// writing it to the socket is part of what is measured, for the watcher and for the ceiling alike.
/// </summary>
internal abstract class HeavyNode : IAsyncDisposable
{
    private readonly WebApplication _app;

    protected HeavyNode()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0, o => o.Protocols = HttpProtocols.Http1));
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    public abstract Network Network { get; }

    public abstract long Head { get; }

    public abstract int TransfersPerBlock { get; }

    /// <summary>What a block is paid for: the name of a network and its time between blocks.</summary>
    public abstract IReadOnlyList<(string Name, TimeSpan Every)> RealTimes { get; }

    /// <summary>Times real time that are asked for.</summary>
    public virtual int AtLeast => 50;

    /// <summary>When block 0 was made.</summary>
    public abstract DateTimeOffset Start { get; }

    public Uri Url => new(_app.Urls.Single());

    public Task StartAsync() => _app.StartAsync();

    /// <summary>Makes blocks that pay each of the recipients once, evenly over the blocks.</summary>
    public abstract void Mine(int count, IReadOnlyList<string> recipients, ulong atoms);

    /// <summary>The questions whose answers hold one block, each once, for the ceiling.</summary>
    public abstract IReadOnlyList<(string Path, string Question)> QuestionsAbout(long height);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    protected abstract byte[][] Answer(string path, JsonElement question);

    private async Task AnswerAsync(HttpContext http)
    {
        using var question = await JsonDocument.ParseAsync(http.Request.Body);
        var parts = Answer(http.Request.Path.Value!, question.RootElement);
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = parts.Sum(p => (long)p.Length);
        foreach (var part in parts)
            await http.Response.Body.WriteAsync(part);
    }
}
