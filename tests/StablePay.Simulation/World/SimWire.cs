using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace StablePay.Simulation.World;

/// <summary>
/// A process's way to the nodes, in place of sockets: a question takes its time to get there and back, and on the way it
/// may get lost.
/// </summary>
internal sealed class SimWire : HttpMessageHandler
{
    private readonly Machine _machine;
    private readonly SimProcess _process;
    private readonly Dictionary<string, (SimNetwork Network, SimNode Node)> _hosts;

    public SimWire(Machine machine, SimProcess process)
    {
        (_machine, _process) = (machine, process);
        _hosts = machine
            .Networks.SelectMany(n => n.Nodes.Select(node => (n, node)))
            .ToDictionary(found => found.node.Url.Host, found => (found.n, found.node));
        // The limit of each question is the engine's own; a second one here would run on the real clock.
        Http = new HttpClient(this) { Timeout = Timeout.InfiniteTimeSpan };
    }

    public HttpClient Http { get; }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken ct)
    {
        var (network, node) = _hosts[request.RequestUri!.Host];
        using var body = request.Content!.ReadAsStream(ct);
        var question = JsonNode.Parse(body)!;
        var path = request.RequestUri.AbsolutePath;
        var answer = new TaskCompletionSource<HttpResponseMessage>();
        var (wait, told) = network.Ask(node, path, question);
        _machine.Agenda.After(wait, () => _process.Complete(() => Answer(answer, told)));
        return answer.Task;
    }

    private static void Answer(TaskCompletionSource<HttpResponseMessage> answer, Told told)
    {
        if (told.Status is not { } status)
        {
            // No answer within the engine's limit looks like this to it, as does a connection that breaks.
            answer.SetException(
                told.IsSilent ? new TaskCanceledException("no answer") : new HttpRequestException("connection refused")
            );
            return;
        }
        answer.SetResult(
            new HttpResponseMessage((HttpStatusCode)status)
            {
                Content = new ByteArrayContent(Encoding.UTF8.GetBytes(told.Body))
                {
                    Headers = { ContentType = new MediaTypeHeaderValue("application/json") },
                },
            }
        );
    }
}

/// <summary>What a node answers.</summary>
/// <param name="Status">Null for no answer at all.</param>
/// <param name="IsSilent">Whether nothing came back, not even a refusal.</param>
internal readonly record struct Told(int? Status, string Body, bool IsSilent = false);
