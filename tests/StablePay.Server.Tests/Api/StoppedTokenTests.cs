using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using StablePay.Chains;
using StablePay.Core.Networks;
using StablePay.Server.Hosting;

namespace StablePay.Server.Tests.Api;

/// <summary>A token that its issuer stopped, as merchants and operators are told of it.</summary>
public sealed class StoppedTokenTests : IAsyncLifetime
{
    private static readonly Network Ethereum = Networks.Sandbox(TimeSpan.FromSeconds(2), 3)[1];

    private readonly TestServer _server = new();

    public ValueTask InitializeAsync()
    {
        _server.OnAlert = _ => { };
        return _server.InitializeAsync();
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task TOK_14_networks_and_health_say_which_coin_no_new_payment_may_choose()
    {
        var client = await _server.NewClientAsync();
        (await ToldAsync(client)).ShouldBe(("null", "null", "{}"));
        _server.Engine.Networks.Tokens.Report(Ethereum, new TokenReading(Ethereum.Tokens[0]) { IsPaused = true });
        (await ToldAsync(client)).ShouldBe(("\"paused\"", "null", """{"USDT":"paused"}"""));
        _server.Engine.Networks.Tokens.Report(Ethereum, new TokenReading(Ethereum.Tokens[0]) { IsPaused = false });
        (await ToldAsync(client)).ShouldBe(("null", "null", "{}"));
    }

    [Fact]
    public async Task TOK_14_test_payment_in_a_stopped_coin_is_refused_with_the_members_name()
    {
        await _server.WatchAsync();
        var client = await _server.NewClientAsync();
        _server.Engine.Networks.Tokens.Report(Ethereum, new TokenReading(Ethereum.Tokens[0]) { IsDeprecated = true });
        var session = (await client.PostAsync(SessionBodies.Create, SessionBodies.BodyOf(""))).ShouldBeOk().Json;
        var reply = await client.PostAsync(
            $"/api/v1/test/sessions/{session.GetProperty("id").GetString()}/pay",
            $$"""{"network":"{{Ethereum.Id}}","token":"USDT"}"""
        );
        (reply.Code, reply.Param, (int)reply.Status).ShouldBe(("token_unavailable", "token", 503));
    }

    /// <summary>What the API says of both coins, and what health says of the network.</summary>
    private async Task<(string Usdt, string Usdc, string Health)> ToldAsync(SignedClient client)
    {
        var network = (await client.GetAsync("/api/v1/networks"))
            .ShouldBeOk()
            .Json.GetProperty("data")
            .EnumerateArray()
            .Single(n => n.GetProperty("id").GetString() == Ethereum.Id.Value);
        var tokens = network.GetProperty("tokens");
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        await using var app = builder.Build();
        Health.Map(app, _server.Engine);
        await app.StartAsync();
        using var http = new HttpClient();
        using var answer = await http.GetAsync(new Uri(app.Urls.Single() + "/health/ready"));
        using var health = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        var watcher = health
            .RootElement.GetProperty("watchers")
            .EnumerateArray()
            .Single(w => w.GetProperty("network").GetString() == Ethereum.Id.Value);
        return (
            tokens[0].GetProperty("stopped").GetRawText(),
            tokens[1].GetProperty("stopped").GetRawText(),
            watcher.GetProperty("stopped_tokens").GetRawText()
        );
    }
}
