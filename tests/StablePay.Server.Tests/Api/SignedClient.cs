using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using StablePay.Engine.Access;

namespace StablePay.Server.Tests.Api;

/// <summary>An answer as a client sees it.</summary>
public sealed record Reply(HttpStatusCode Status, byte[] Bytes, Dictionary<string, string> Headers)
{
    public string Text => Encoding.UTF8.GetString(Bytes);

    public JsonElement Json => JsonDocument.Parse(Bytes).RootElement;

    public string? Code => Json.TryGetProperty("error", out var error) ? error.GetProperty("code").GetString() : null;

    public string? Param => Json.GetProperty("error").TryGetProperty("param", out var param) ? param.GetString() : null;

    public string Id => Json.GetProperty("id").GetString()!;

    public Reply ShouldBeOk()
    {
        Status.ShouldBe(HttpStatusCode.OK, Text);
        return this;
    }

    public Reply ShouldBeRefused(ErrorCode code, string? param = null)
    {
        Code.ShouldBe(code.Code, Text);
        ((int)Status).ShouldBe(code.Status, Text);
        Json.GetProperty("error").GetProperty("type").GetString().ShouldBe(code.Type);
        if (param is not null)
            Param.ShouldBe(param, Text);
        return this;
    }
}

/// <summary>What may differ from a well signed request. Null leaves as it is; an empty text leaves the header out.</summary>
public sealed record Forged(
    string? Timestamp = null,
    string? Nonce = null,
    string? Signature = null,
    string? Authorization = null,
    byte[]? Body = null
);

/// <summary>
/// A merchant's client, written from the contract alone: it shares no code with the server, so that both cannot be wrong
/// together.
/// </summary>
public sealed class SignedClient(HttpClient http, FakeTimeProvider clock, NewKeyPair keys)
{
    private static long _counter;

    public NewKeyPair Keys => keys;

    public Task<Reply> GetAsync(string path) => SendAsync(HttpMethod.Get, path, null);

    public Task<Reply> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path, null);

    public Task<Reply> PostAsync(string path, string? json = null, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Post, path, json is null ? null : Encoding.UTF8.GetBytes(json), null, headers);

    public async Task<Reply> SendAsync(
        HttpMethod method,
        string path,
        byte[]? body,
        Forged? forged = null,
        params (string Name, string Value)[] headers
    )
    {
        var timestamp = clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var nonce = NewNonce();
        var signature = Sign(keys.SecretKey, forged?.Timestamp ?? timestamp, forged?.Nonce ?? nonce, body ?? []);
        using var request = new HttpRequestMessage(method, path);
        Add(request, "Authorization", forged?.Authorization ?? $"Bearer {keys.ApiKey}");
        Add(request, "X-StablePay-Timestamp", forged?.Timestamp ?? timestamp);
        Add(request, "X-StablePay-Nonce", forged?.Nonce ?? nonce);
        Add(request, "X-StablePay-Signature", forged?.Signature ?? signature);
        foreach (var (name, value) in headers)
            Add(request, name, value);
        if ((forged?.Body ?? body) is { } bytes)
        {
            request.Content = new ByteArrayContent(bytes);
            if (!headers.Any(h => h.Name == "Content-Type"))
                request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
            foreach (var (name, value) in headers.Where(h => h.Name is "Content-Type" or "Content-Encoding"))
                request.Content.Headers.TryAddWithoutValidation(name, value);
        }
        return await SendAsync(request);
    }

    public async Task<Reply> SendAsync(HttpRequestMessage request)
    {
        using var answer = await http.SendAsync(request);
        var headers = answer
            .Headers.Concat(answer.Content.Headers)
            .ToDictionary(h => h.Key, h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase);
        return new Reply(answer.StatusCode, await answer.Content.ReadAsByteArrayAsync(), headers);
    }

    public static string Sign(string secret, string timestamp, string nonce, byte[] body)
    {
        byte[] message = [.. Encoding.UTF8.GetBytes($"{timestamp}.{nonce}."), .. body];
        return Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), message));
    }

    public static string NewNonce() =>
        string.Create(CultureInfo.InvariantCulture, $"nonce-{Interlocked.Increment(ref _counter):D20}");

    private static void Add(HttpRequestMessage request, string name, string value)
    {
        if (value.Length > 0 && name is not ("Content-Type" or "Content-Encoding"))
            request.Headers.TryAddWithoutValidation(name, value);
    }
}
