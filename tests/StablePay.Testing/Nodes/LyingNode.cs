using System.Collections.Specialized;
using System.Text.Json.Nodes;

namespace StablePay.Testing.Nodes;

/// <summary>Stands before a real node, and changes some of its answers (EVM-16).</summary>
public sealed class LyingNode(Uri truth) : StubServer
{
    private readonly HttpClient _http = new() { BaseAddress = truth };

    /// <summary>What is told instead of a true result, given the method and the result; null for the truth.</summary>
    public Func<string, JsonNode, JsonNode?>? Lie { get; set; }

    public override StubAnswer Answer(string path, JsonNode question, NameValueCollection headers)
    {
        using var asked = new HttpRequestMessage(HttpMethod.Post, "")
        {
            Content = new StringContent(question.ToJsonString(), null, "application/json"),
        };
        using var told = _http.Send(asked);
        var answer = JsonNode.Parse(told.Content.ReadAsStream())!;
        if (question is JsonArray several)
            for (var i = 0; i < several.Count; i++)
                Bend(several[i]!, answer.AsArray().Single(a => $"{a!["id"]}" == $"{several[i]!["id"]}")!);
        else
            Bend(question, answer);
        return new StubAnswer(answer.ToJsonString());
    }

    private void Bend(JsonNode question, JsonNode answer)
    {
        if (answer["result"] is { } result && Lie?.Invoke(question["method"]!.GetValue<string>(), result) is { } lie)
            answer["result"] = lie.Parent is null ? lie : lie.DeepClone();
    }
}
