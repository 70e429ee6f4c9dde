using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using StablePay.Bench.Load;

namespace StablePay.Bench.Sessions;

/// <summary>kill -9 under load: every session whose creation was answered must be readable after the restart.</summary>
public static class KillTest
{
    public static async Task RunAsync(
        ServerProcess server,
        int port,
        StablePayServer.KeyPair keys,
        string folder,
        string provider,
        string database
    )
    {
        var answered = new ConcurrentBag<string>();
        using var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 64 })
        {
            BaseAddress = new Uri($"http://127.0.0.1:{port}"),
        };
        var loads = Enumerable.Range(0, 64).Select(i => CreateUntilKilledAsync(client, keys, answered, i)).ToArray();
        await Task.Delay(TimeSpan.FromSeconds(3));
        server.Kill();
        await Task.WhenAll(loads);
        var restartedPort = ServerProcess.FreePort();
        await using var restarted = ServerProcess.Start(
            StablePayServer.Command(restartedPort, folder, provider, database)
        );
        await restarted.ReadyAsync($"http://127.0.0.1:{restartedPort}/health/ready");
        using var reader = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{restartedPort}") };
        var lost = 0;
        foreach (var id in answered)
        {
            using var answer = await reader.SendAsync(
                Signed(HttpMethod.Get, $"/api/v1/checkout/sessions/{id}", "", keys)
            );
            if (answer.StatusCode != HttpStatusCode.OK)
                lost++;
        }
        Console.WriteLine($"kill -9 under load: {answered.Count} sessions answered, {lost} lost");
        if (lost > 0)
            throw new InvalidOperationException("An answered session was lost.");
    }

    private static async Task CreateUntilKilledAsync(
        HttpClient client,
        StablePayServer.KeyPair keys,
        ConcurrentBag<string> answered,
        int worker
    )
    {
        try
        {
            for (var i = 0; ; i++)
            {
                var body =
                    $$"""{"amount":100,"currency":"USD","order_id":"kill-{{worker}}-{{i}}-{{Environment.TickCount64}}"}""";
                using var answer = await client.SendAsync(
                    Signed(HttpMethod.Post, "/api/v1/checkout/sessions/create", body, keys)
                );
                if (answer.StatusCode != HttpStatusCode.OK)
                    continue;
                using var session = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync());
                answered.Add(session.RootElement.GetProperty("id").GetString()!);
            }
        }
        catch (HttpRequestException)
        {
            // The server is gone.
        }
    }

    private static HttpRequestMessage Signed(HttpMethod method, string path, string body, StablePayServer.KeyPair keys)
    {
        var timestamp = DateTimeOffset
            .UtcNow.ToUnixTimeSeconds()
            .ToString(System.Globalization.CultureInfo.InvariantCulture);
        var nonce = Guid.NewGuid().ToString();
        var mac = HMACSHA256.HashData(
            Encoding.UTF8.GetBytes(keys.SecretKey),
            Encoding.UTF8.GetBytes($"{timestamp}.{nonce}.{body}")
        );
        var request = new HttpRequestMessage(method, path);
        request.Headers.Add("Authorization", $"Bearer {keys.ApiKey}");
        request.Headers.Add("X-StablePay-Timestamp", timestamp);
        request.Headers.Add("X-StablePay-Nonce", nonce);
        request.Headers.Add("X-StablePay-Signature", Convert.ToHexStringLower(mac));
        if (method == HttpMethod.Post)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        return request;
    }
}
