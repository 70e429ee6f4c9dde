using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using StablePay.Engine;
using StablePay.Server.Commands;
using StablePay.Server.Hosting;
using StablePay.Server.Options;

namespace StablePay.Server.Tests.Hosting;

/// <summary>The whole program in this process: engine, loops and server.</summary>
public sealed class HostTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("stablepay-host-").FullName;
    private readonly List<string> _said = [];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_first_start_makes_a_demo_that_can_be_paid_and_a_second_start_keeps_it()
    {
        string key;
        await using (var host = await StartAsync())
        {
            using var http = new HttpClient { BaseAddress = new Uri(host.PublicUrl) };
            await ReadyAsync(http);
            var demo = Demo();
            key = demo.GetProperty("api_key").GetString()!;
            demo.GetProperty("base_url").GetString().ShouldBe(host.PublicUrl);
            demo.GetProperty("webhook_url").GetString().ShouldBe($"{host.PublicUrl}/demo/webhooks");
            key.ShouldStartWith("sk_test_");
            _said.ShouldContain(line => line.Contains(key, StringComparison.Ordinal));
            (await http.GetAsync(new Uri("/demo", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.OK);
            if (!OperatingSystem.IsWindows())
                File.GetUnixFileMode(Path.Combine(_folder, "demo.json"))
                    .ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
        _said.Clear();
        await using var again = await StartAsync();
        Demo().GetProperty("api_key").GetString().ShouldBe(key);
        // The port is another one: links and the shop's callback follow.
        Demo().GetProperty("webhook_url").GetString().ShouldBe($"{again.PublicUrl}/demo/webhooks");
        _said.ShouldBeEmpty();
    }

    [Fact]
    public async Task Metrics_are_told_on_their_own_port_alone_and_hold_no_secret()
    {
        var port = AnvilNode.FreePort();
        await using var host = await StartAsync("--Metrics:Port", port.ToString(CultureInfo.InvariantCulture));
        using var open = new HttpClient { BaseAddress = new Uri(host.PublicUrl) };
        await ReadyAsync(open);
        using var own = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        var text = await own.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        foreach (var network in (string[])["tron", "ethereum", "bsc", "solana"])
            text.ShouldMatch($"stablepay_network_halted(_ratio)?{{[^}}]*network=\"sandbox:{network}\"[^}}]*}} 0");
        text.ShouldContain("stablepay_network_lag_seconds");
        (await open.GetAsync(new Uri("/metrics", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        foreach (var other in (string[])["/", "/api/v1/networks", "/health/live", "/demo"])
            (await own.GetAsync(new Uri(other, UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.NotFound, other);
        var demo = Demo();
        foreach (var secret in (string[])["api_key", "secret_key"])
            text.ShouldNotContain(demo.GetProperty(secret).GetString()!);
    }

    [Fact]
    public async Task Reconciliation_shows_in_metrics_by_network_and_kind_and_in_health()
    {
        var port = AnvilNode.FreePort();
        var passphrase = Path.Combine(_folder, "chosen");
        await File.WriteAllTextAsync(passphrase, "correct horse battery\n");
        await using var host = await StartAsync(
            "--Metrics:Port",
            port.ToString(CultureInfo.InvariantCulture),
            "--Keys:PassphraseFile",
            passphrase,
            "--Networks:ethereum:Id",
            "eip155:1",
            "--Networks:ethereum:Nodes:0",
            "http://127.0.0.1:1"
        );
        using var open = new HttpClient { BaseAddress = new Uri(host.PublicUrl) };
        await ReadyAsync(open);
        using var own = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        (await host.Engine.Reconciliation.StepAsync("ledger", default))!.IsFinished.ShouldBeTrue();
        var text = await own.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        foreach (var kind in (string[])["missing", "surplus", "frozen"])
            text.ShouldMatch(
                $"stablepay_reconciliation_open_items{{[^}}]*kind=\"{kind}\"[^}}]*network=\"eip155:1\"[^}}]*}} 0"
            );
        text.ShouldContain("stablepay_reconciliation_ledger_faults");
        text.ShouldContain("stablepay_reconciliation_age_seconds");
        var health = await open.GetStringAsync(new Uri("/health/ready", UriKind.Relative));
        var books = JsonDocument.Parse(health).RootElement.GetProperty("reconciliation");
        (books.GetProperty("open_items").GetInt32(), books.GetProperty("ledger_faults").GetInt32()).ShouldBe((0, 0));
        var cycle = books.GetProperty("cycles").EnumerateArray().Single();
        cycle.GetProperty("subject").GetString().ShouldBe("ledger");
        cycle.TryGetProperty("finished_at", out _).ShouldBeTrue();
    }

    [Fact]
    public async Task Without_a_demo_there_is_none()
    {
        await using var host = await StartAsync("--no-demo");
        File.Exists(Path.Combine(_folder, "demo.json")).ShouldBeFalse();
        using var http = new HttpClient { BaseAddress = new Uri(host.PublicUrl) };
        (await http.GetAsync(new Uri("/demo", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await http.GetAsync(new Uri("/health/live", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_second_process_on_the_data_a_wrong_passphrase_and_a_lost_one_are_refused_in_a_sentence()
    {
        await using (var host = await StartAsync())
            (await Should.ThrowAsync<EngineRefusedException>(() => StartAsync())).Message.ShouldNotBeEmpty();
        await File.WriteAllTextAsync(Path.Combine(_folder, "other"), "another passphrase");
        (
            await Should.ThrowAsync<EngineRefusedException>(() =>
                StartAsync("--Keys:PassphraseFile", Path.Combine(_folder, "other"))
            )
        ).Message.ShouldContain("passphrase");
        File.Delete(Path.Combine(_folder, "passphrase"));
        (await Should.ThrowAsync<EngineRefusedException>(() => StartAsync())).Message.ShouldContain(
            "Keys:PassphraseFile"
        );
    }

    [Fact]
    public async Task CO_07_who_guesses_ids_of_payments_waits_and_payers_are_let_be()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));
        await using var host = await StartAtAsync(clock, "--RateLimits:Anonymous", "3");
        using var http = new HttpClient { BaseAddress = new Uri(host.PublicUrl) };
        var shop = await http.GetAsync(new Uri("/demo", UriKind.Relative));
        shop.StatusCode.ShouldBe(HttpStatusCode.OK);
        foreach (var path in (string[])["", "/status", "/events"])
            (await GuessAsync(path)).ShouldBe(HttpStatusCode.NotFound, path);

        foreach (var path in (string[])["", "/status", "/events"])
            (await GuessAsync(path)).ShouldBe(HttpStatusCode.TooManyRequests, path);
        (await http.GetAsync(new Uri("/demo", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await http.GetAsync(new Uri("/api/v1/networks", UriKind.Relative))).StatusCode.ShouldBe(
            HttpStatusCode.Unauthorized
        );

        clock.Advance(TimeSpan.FromSeconds(1));
        (await GuessAsync("")).ShouldBe(HttpStatusCode.NotFound);

        async Task<HttpStatusCode> GuessAsync(string path)
        {
            var id = SessionId.Prefix + new string('0', 31);
            using var answer = await http.GetAsync(new Uri($"/checkout/{id}{path}", UriKind.Relative));
            return answer.StatusCode;
        }
    }

    [Fact]
    public async Task Wallets_that_ask_too_often_wait()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));
        await using var host = await StartAtAsync(clock, "--RateLimits:Anonymous", "3");
        using var http = new HttpClient { BaseAddress = new Uri(host.PublicUrl) };
        for (var i = 0; i < 3; i++)
            (await TellAsync()).ShouldBe(HttpStatusCode.BadRequest);
        (await TellAsync()).ShouldBe(HttpStatusCode.TooManyRequests);
        clock.Advance(TimeSpan.FromSeconds(1));
        (await TellAsync()).ShouldBe(HttpStatusCode.BadRequest);

        async Task<HttpStatusCode> TellAsync()
        {
            var path = $"/checkout/{SessionId.Prefix}{new string('0', 31)}/sent";
            using var answer = await http.PostAsync(new Uri(path, UriKind.Relative), null);
            return answer.StatusCode;
        }
    }

    private JsonElement Demo() => JsonDocument.Parse(File.ReadAllText(Path.Combine(_folder, "demo.json"))).RootElement;

    private Task<ServerHost> StartAsync(params string[] more) => StartAtAsync(TimeProvider.System, more);

    private Task<ServerHost> StartAtAsync(TimeProvider clock, params string[] more)
    {
        var (settings, mistakes) = SettingsCheck.Read(
            CommandLine.Read([
                "--port",
                "0",
                "--data",
                _folder,
                "--Rates:Enabled",
                "false",
                "--Sandbox:BlockTime",
                "00:00:00.200",
                .. more,
            ])
        );
        mistakes.ShouldBeEmpty();
        return ServerHost.StartAsync(settings!, clock, new SystemDice(), _said.Add, default);
    }

    private static async Task ReadyAsync(HttpClient http)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            using var answer = await http.GetAsync(new Uri("/health/ready", UriKind.Relative), deadline.Token);
            if (answer.IsSuccessStatusCode)
                return;
            await Task.Delay(20, deadline.Token);
        }
    }
}
