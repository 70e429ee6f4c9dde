using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace StablePay.Testing;

/// <summary>Asks a node plainly, for tests that arrange the chain. Not the client under test.</summary>
public sealed class JsonRpcCaller(Uri node) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = node, Timeout = TimeSpan.FromSeconds(60) };
    private int _id;

    public async Task<JsonElement> CallAsync(string method, params object?[] parameters)
    {
        var question = new
        {
            jsonrpc = "2.0",
            id = ++_id,
            method,
            @params = parameters,
        };
        using var answer = await _http.PostAsJsonAsync("", question);
        var body = await answer.Content.ReadFromJsonAsync<JsonObject>();
        if (body?["error"] is { } error)
            throw new InvalidOperationException($"{method}: {error.ToJsonString()}");
        return body!["result"].Deserialize<JsonElement>();
    }

    public void Dispose() => _http.Dispose();
}
