using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using StablePay.Core.Events;
using StablePay.Server.Tests.Api;

namespace StablePay.Server.Tests.Snapshots;

/// <summary>Everything published that could drift from the code.</summary>
public sealed class DocumentTests(TestServer server) : IClassFixture<TestServer>
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n" };

    [Fact]
    public async Task The_openapi_document_is_the_committed_one()
    {
        var text = await server.Http.GetStringAsync(new Uri("/docs/api/openapi.json", UriKind.Relative));
        var document = JsonNode.Parse(text)!;
        document["openapi"]!.GetValue<string>().ShouldStartWith("3.1");
        Snapshot.Matches("docs/openapi.json", document.ToJsonString(Indented) + "\n");
    }

    [Fact]
    public async Task The_document_has_every_route_with_a_summary_and_no_other()
    {
        var text = await server.Http.GetStringAsync(new Uri("/docs/api/openapi.json", UriKind.Relative));
        var paths = JsonDocument.Parse(text).RootElement.GetProperty("paths");
        var described = paths
            .EnumerateObject()
            .SelectMany(path =>
                path.Value.EnumerateObject().Select(method => $"{method.Name.ToUpperInvariant()} {path.Name}")
            );
        described.ShouldBe(server.Routes.All.Select(r => $"{r.Method} {r.Path}"), ignoreOrder: true);
        foreach (var operation in paths.EnumerateObject().SelectMany(path => path.Value.EnumerateObject()))
        {
            operation.Value.GetProperty("summary").GetString().ShouldNotBeNullOrEmpty(operation.Value.GetRawText());
            operation
                .Value.GetProperty("responses")
                .GetProperty("200")
                .GetProperty("content")
                .GetRawText()
                .ShouldContain("$ref");
        }
    }

    [Fact]
    public void The_list_of_errors_is_the_committed_one()
    {
        var text = new StringBuilder(
            "# Errors\n\nEvery refusal of the API. Programs decide by `code`; the message is for people and may change.\n"
        ).Append("\n| HTTP | type | code | meaning |\n|---|---|---|---|\n");
        foreach (var error in ErrorCode.All)
            text.Append(
                CultureInfo.InvariantCulture,
                $"| {error.Status} | `{error.Type}` | `{error.Code}` | {error.Meaning} |\n"
            );
        Snapshot.Matches("docs/errors.md", text.ToString());
        ErrorCode.All.Select(e => e.Code).Distinct().Count().ShouldBe(ErrorCode.All.Count);
    }

    [Fact]
    public void The_list_of_events_is_the_committed_one()
    {
        var text = new StringBuilder(
            "# Events\n\nWhat webhooks and `GET /api/v1/events` tell. Types marked \"on request\" go only to endpoints that name them.\n"
        ).Append("\n| type | sent | meaning |\n|---|---|---|\n");
        foreach (var type in EventType.All)
            text.Append(
                CultureInfo.InvariantCulture,
                $"| `{type.Name}` | {(type.IsDocumented ? "always" : "on request")} | {type.Meaning} |\n"
            );
        Snapshot.Matches("docs/events.md", text.ToString());
    }

    [Fact]
    public void The_list_of_settings_is_the_committed_one() =>
        Snapshot.Matches("docs/settings.md", SettingsDocument.Compose());

    [Fact]
    public async Task The_place_that_errors_point_to_has_every_code()
    {
        var page = await server.Http.GetStringAsync(new Uri("/docs/errors", UriKind.Relative));
        foreach (var error in ErrorCode.All)
            page.ShouldContain($"id=\"{error.Code}\"");
    }

    [Fact]
    public async Task The_reader_of_the_document_asks_no_other_origin()
    {
        using var answer = await server.Http.GetAsync(new Uri("/docs/api/", UriKind.Relative));
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var page = await answer.Content.ReadAsStringAsync();
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        policy.ShouldStartWith("default-src 'none'; script-src 'self' 'nonce-");
        policy.ShouldNotContain("http");
        page.ShouldNotContain("https://");
        page.ShouldNotContain("src=\"//");
        // Every script of the page is one that the policy lets run.
        var nonce = policy.Split("'nonce-")[1].Split('\'')[0];
        foreach (var tag in page.Split("<script")[1..])
            tag.Split('>')[0].ShouldContain($"nonce=\"{nonce}\"");
        using var script = await server.Http.GetAsync(new Uri("/docs/api/scalar.js", UriKind.Relative));
        script.StatusCode.ShouldBe(HttpStatusCode.OK);
    }
}
