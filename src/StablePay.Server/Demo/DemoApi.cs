using System.Text;
using System.Text.Json;
using StablePay.Core.Webhooks;

namespace StablePay.Server.Demo;

/// <summary>An answer of the API: its JSON, or the sentence of its refusal.</summary>
internal sealed record DemoAnswer(JsonElement? Json, string? Refusal);

/// <summary>
/// The shop's side of the API: signs on the server and speaks HTTP, as any shop would. It knows nothing of the engine
/// beside it.
/// </summary>
internal sealed class DemoApi(DemoCredentials credentials, HttpClient http, TimeProvider clock, Dice dice)
{
    public Task<DemoAnswer> PostAsync(string path, byte[] body, CancellationToken ct) =>
        SendAsync(HttpMethod.Post, path, body, ct);

    public Task<DemoAnswer> GetAsync(string path, CancellationToken ct) => SendAsync(HttpMethod.Get, path, [], ct);

    private async Task<DemoAnswer> SendAsync(HttpMethod method, string path, byte[] body, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(method, credentials.BaseUrl.TrimEnd('/') + path);
        if (method == HttpMethod.Post)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = new("application/json");
        }
        Sign(request, body);
        try
        {
            using var answer = await http.SendAsync(request, ct);
            using var json = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(ct));
            return answer.IsSuccessStatusCode
                ? new DemoAnswer(json.RootElement.Clone(), null)
                : new DemoAnswer(null, Refusal(json.RootElement, (int)answer.StatusCode));
        }
        catch (Exception failure) when (failure is HttpRequestException or JsonException or TaskCanceledException)
        {
            return new DemoAnswer(null, $"The API at {credentials.BaseUrl} did not answer: {failure.Message}");
        }
    }

    private void Sign(HttpRequestMessage request, byte[] body)
    {
        Span<byte> random = stackalloc byte[16];
        dice.Fill(random);
        var nonce = Convert.ToHexStringLower(random);
        var timestamp = clock.Now.UnixSeconds.ToString(CultureInfo.InvariantCulture);
        request.Headers.Authorization = new("Bearer", credentials.ApiKey);
        request.Headers.Add("X-StablePay-Timestamp", timestamp);
        request.Headers.Add("X-StablePay-Nonce", nonce);
        request.Headers.Add("X-StablePay-Signature", Signature.Sign(credentials.SecretKey, timestamp, nonce, body));
    }

    private static string Refusal(JsonElement json, int status)
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{status}");
        if (json.ValueKind == JsonValueKind.Object && json.TryGetProperty("error", out var error))
            text.Append(
                CultureInfo.InvariantCulture,
                $" {error.GetProperty("code").GetString()}: {error.GetProperty("message").GetString()}"
            );
        return text.ToString();
    }
}
