using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;

namespace StablePay.Chains.Tests.Judges;

/// <summary>
/// A long-lived node process that answers what viem and tronweb make of our inputs. One for the whole run: starting it costs a
/// second, asking it costs microseconds.
/// </summary>
public sealed class Judge : IDisposable
{
    /// <summary>Inputs of a question.</summary>
    private const int Batch = 100;

    private readonly Lock _gate = new();
    private readonly Process _process;

    public Judge()
    {
        var folder = Folder();
        if (!Directory.Exists(Path.Combine(folder, "node_modules", "viem")))
            throw new InvalidOperationException("The judges are not installed: run `npm ci` in tests/js.");
        _process =
            Process.Start(
                new ProcessStartInfo("node", ["codec-judge.mjs"])
                {
                    WorkingDirectory = folder,
                    RedirectStandardInput = true,
                    RedirectStandardOutput = true,
                }
            ) ?? throw new InvalidOperationException("node did not start");
    }

    /// <summary>The answers to a batch of inputs, in their order.</summary>
    public JsonNode[] Ask(string question, IEnumerable<JsonNode> inputs)
    {
        JsonNode[] batch = [.. inputs];
        var line = new JsonObject { ["op"] = question, ["in"] = new JsonArray(batch) }.ToJsonString();
        lock (_gate)
        {
            _process.StandardInput.WriteLine(line);
            _process.StandardInput.Flush();
            var answer =
                _process.StandardOutput.ReadLine()
                ?? throw new InvalidOperationException($"the judge died over {question}");
            var answers = JsonNode.Parse(answer)!["out"]!.AsArray();
            answers.Count.ShouldBe(batch.Length);
            return [.. answers.Select(a => a!)];
        }
    }

    /// <summary>Checks batches of generated inputs against the answers; a batch is one question.</summary>
    public void Compare<T>(
        string question,
        Gen<T> inputs,
        Func<T, JsonNode> ask,
        Action<T, JsonNode> check,
        int batches,
        int size = Batch
    ) =>
        inputs
            .Array[size]
            .Sample(
                batch =>
                {
                    var answers = Ask(question, batch.Select(ask));
                    for (var i = 0; i < batch.Length; i++)
                        check(batch[i], answers[i]);
                },
                iter: batches,
                threads: 1
            );

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(5_000))
            _process.Kill();
        _process.Dispose();
    }

    private static string Folder() => RepositoryRoot.Of("tests", "js");
}

internal static class Answers
{
    public static bool Refused(this JsonNode answer) => answer is JsonObject o && o.ContainsKey("refused");

    public static string Text(this JsonNode answer) =>
        answer.GetValueKind() == JsonValueKind.String
            ? answer.GetValue<string>()
            : throw new InvalidOperationException($"the judge answered {answer.ToJsonString()}");

    public static string[] Texts(this JsonNode answer) =>
        answer is JsonArray items
            ? [.. items.Select(i => i!.Text())]
            : throw new InvalidOperationException($"the judge answered {answer.ToJsonString()}");
}
