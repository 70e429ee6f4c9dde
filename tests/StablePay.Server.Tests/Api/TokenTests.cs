using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using StablePay.Chains;
using StablePay.Core.Ledger;
using StablePay.Core.Networks;
using StablePay.Server.Hosting;
using StablePay.Storage;

namespace StablePay.Server.Tests.Api;

/// <summary>What merchants and operators are told of a token: that its issuer stopped it, and what it was short of.</summary>
public sealed class TokenTests : IAsyncLifetime
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

    [Fact]
    public async Task TOK_21_health_says_what_a_coin_is_worth_as_long_as_that_is_known()
    {
        (await HealthAsync()).GetProperty("pegs").GetRawText().ShouldBe("{}");
        var now = Instant.From(TestServer.Start);
        await _server.Database.Rates.SaveAsync(
            new StoredRate("USDC", Rate.From(87, 100), "2 sources: a, b", now, now, ""),
            default
        );
        await _server.Engine.Pegs!.LoadAsync(default);
        (await HealthAsync())
            .GetProperty("pegs")
            .GetRawText()
            .ShouldBe("""{"USDC":{"price":"0.87","is_below":true}}""");
        _server.Clock.Advance(TimeSpan.FromMinutes(31));
        (await HealthAsync()).GetProperty("pegs").GetRawText().ShouldBe("{}");
    }

    [Fact]
    public async Task PAY_02_networks_say_what_tolerance_has_cost_the_caller_in_each_coin()
    {
        var store = await _server.Engine.Provision.RunAsync("Owner", "Store", default);
        var (owner, other) = (_server.ClientOf(store), await _server.NewClientAsync());
        (await ToleratedAsync(owner)).ShouldBe((0, 0));
        foreach (var (session, atoms) in ((string, ulong)[])[("sess_a", 1_000_000), ("sess_b", 10_001)])
        {
            var shortage = new TokenAmount(Ethereum.Tokens[1], atoms);
            var entry = Chart.Tolerated(
                new SessionId(session),
                store.Store.Id,
                shortage,
                Instant.From(TestServer.Start)
            );
            (await _server.Database.Commits.RunAsync(new Commit().Add(entry), default)).IsDone.ShouldBeTrue();
        }
        (await ToleratedAsync(owner)).ShouldBe((0, 102));
        (await ToleratedAsync(other)).ShouldBe((0, 0));
    }

    private static async Task<(long Usdt, long Usdc)> ToleratedAsync(SignedClient client)
    {
        var tokens = await TokensAsync(client);
        return (tokens[0].GetProperty("tolerated").GetInt64(), tokens[1].GetProperty("tolerated").GetInt64());
    }

    private static async Task<JsonElement> TokensAsync(SignedClient client) =>
        (await client.GetAsync("/api/v1/networks"))
            .ShouldBeOk()
            .Json.GetProperty("data")
            .EnumerateArray()
            .Single(n => n.GetProperty("id").GetString() == Ethereum.Id.Value)
            .GetProperty("tokens");

    /// <summary>What the API says of both coins, and what health says of the network.</summary>
    private async Task<(string Usdt, string Usdc, string Health)> ToldAsync(SignedClient client)
    {
        var tokens = await TokensAsync(client);
        var health = await HealthAsync();
        var watcher = health
            .GetProperty("watchers")
            .EnumerateArray()
            .Single(w => w.GetProperty("network").GetString() == Ethereum.Id.Value);
        return (
            tokens[0].GetProperty("stopped").GetRawText(),
            tokens[1].GetProperty("stopped").GetRawText(),
            watcher.GetProperty("stopped_tokens").GetRawText()
        );
    }

    private async Task<JsonElement> HealthAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        await using var app = builder.Build();
        Health.Map(app, _server.Engine);
        await app.StartAsync();
        using var http = new HttpClient();
        using var answer = await http.GetAsync(new Uri(app.Urls.Single() + "/health/ready"));
        using var health = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return health.RootElement.Clone();
    }
}
