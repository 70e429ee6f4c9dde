using System.Net;
using System.Text.RegularExpressions;

namespace StablePay.Server.Tests.Api;

/// <summary>Made from the route table: a new route with an id is covered or fails here.</summary>
public sealed class OwnershipTests(TestServer server) : IClassFixture<TestServer>
{
    private const string Create = "/api/v1/checkout/sessions/create";

    [Fact]
    public async Task API_16_whatever_is_not_the_callers_answers_as_if_it_did_not_exist()
    {
        await server.WatchAsync();
        var store = await server.Engine.Provision.RunAsync("Owner", "Store", default);
        var (owner, live) = (server.ClientOf(store), server.ClientOf(store, live: true));
        var stranger = await server.NewClientAsync();
        foreach (var route in server.Routes.All.Where(IsOwned))
        {
            var (prefix, existing) = await ObjectOfAsync(owner, route.Path);
            var unknown = prefix + new string('7', 36);
            var expected = await AskAsync(stranger, route, unknown);
            if (!route.Path.EndsWith("/cancel", StringComparison.Ordinal))
                expected.Status.ShouldBe(HttpStatusCode.NotFound, route.Path);
            string[] ids =
            [
                existing,
                await DeletedOfAsync(owner, route.Path) ?? existing,
                unknown,
                prefix + "1",
                "x",
                "%27%20or%201=1",
                existing.ToUpperInvariant(),
                existing + "0",
                "..",
            ];
            foreach (var id in ids)
            {
                Same(await AskAsync(stranger, route, id), expected, id, $"{route.Method} {route.Path} {id}");
                Same(await AskAsync(live, route, id), expected, id, $"live {route.Method} {route.Path} {id}");
            }
            // The owner's own object is untouched by all of that.
            (await AskAsync(owner, route, existing)).ShouldBeOk();
        }
    }

    [Fact]
    public async Task Lists_hold_only_the_callers_own_of_its_mode()
    {
        var store = await server.Engine.Provision.RunAsync("Owner", "Store", default);
        var (owner, live) = (server.ClientOf(store), server.ClientOf(store, live: true));
        var stranger = await server.NewClientAsync();
        foreach (var route in server.Routes.All.Where(IsOwned))
            await ObjectOfAsync(owner, route.Path);
        var lists = server
            .Routes.All.Where(r =>
                r.Method == "GET"
                && !r.Path.Contains("{id}", StringComparison.Ordinal)
                && !r.Path.EndsWith("/networks", StringComparison.Ordinal)
                && !r.Path.EndsWith("/clock", StringComparison.Ordinal)
            )
            .ToList();
        lists.Count.ShouldBeGreaterThanOrEqualTo(3);
        foreach (var list in lists)
        {
            (await owner.GetAsync(list.Path))
                .Json.GetProperty("data")
                .GetArrayLength()
                .ShouldBeGreaterThan(0, list.Path);
            (await stranger.GetAsync(list.Path)).Json.GetProperty("data").GetArrayLength().ShouldBe(0, list.Path);
            (await live.GetAsync(list.Path)).Json.GetProperty("data").GetArrayLength().ShouldBe(0, list.Path);
        }
    }

    [Fact]
    public async Task Every_route_refuses_an_unsigned_request_and_a_key_without_its_permission()
    {
        foreach (var route in server.Routes.All)
        {
            var path = route.Path.Replace("{id}", "sess_" + new string('7', 36), StringComparison.Ordinal);
            using var request = new HttpRequestMessage(new HttpMethod(route.Method), path);
            var reply = await (await server.NewClientAsync()).SendAsync(request);
            reply.ShouldBeRefused(ErrorCode.ApiKeyMissing);
            route.Needs.ShouldNotBe(Permissions.None, path);
        }
    }

    /// <summary>Networks are nobody's own; what a store says about them is in the tests of its acceptance table.</summary>
    private static bool IsOwned(StablePay.Server.Api.ApiRoute route) =>
        route.Path.Contains("{id}", StringComparison.Ordinal)
        && !route.Path.Contains("/networks/", StringComparison.Ordinal);

    private static void Same(Reply reply, Reply expected, string id, string what)
    {
        if (id is "..")
        {
            // The client itself resolves it; whatever is there is not the object.
            reply.Status.ShouldNotBe(HttpStatusCode.InternalServerError, what);
            return;
        }
        reply.Status.ShouldBe(expected.Status, $"{what}: {reply.Text}");
        Plain(reply).ShouldBe(Plain(expected), what);
    }

    /// <summary>The answer without what must differ: the request's id and, of a cancellation, the id that was asked for.</summary>
    private static string Plain(Reply reply) =>
        Regex.Replace(Regex.Replace(reply.Text, "\"request_id\":\"[^\"]*\"", ""), "^\\{\"id\":\"[^\"]*\"", "");

    private static Task<Reply> AskAsync(SignedClient client, StablePay.Server.Api.ApiRoute route, string id)
    {
        var path = route.Path.Replace("{id}", id, StringComparison.Ordinal);
        return route.Method switch
        {
            "GET" => client.GetAsync(path),
            "DELETE" => client.DeleteAsync(path),
            _ when path.EndsWith("/simulate", StringComparison.Ordinal) => client.PostAsync(
                path,
                """{"scenario":"exact"}"""
            ),
            _ => client.PostAsync(path, "{}"),
        };
    }

    private static async Task<(string Prefix, string Id)> ObjectOfAsync(SignedClient owner, string path)
    {
        if (path.Contains("/sessions/", StringComparison.Ordinal))
            return ("sess_", await SessionAsync(owner));
        if (path.Contains("/webhook_endpoints/", StringComparison.Ordinal))
            return (
                "we_",
                (await owner.PostAsync("/api/v1/webhook_endpoints", """{"url":"https://shop.example/h"}"""))
                    .ShouldBeOk()
                    .Id
            );
        if (path.Contains("/events/", StringComparison.Ordinal))
        {
            (await owner.PostAsync($"/api/v1/checkout/sessions/{await SessionAsync(owner)}/cancel")).ShouldBeOk();
            var list = (await owner.GetAsync("/api/v1/events?limit=100")).ShouldBeOk().Json.GetProperty("data");
            return ("evt_", list[0].GetProperty("id").GetString()!);
        }
        throw new InvalidOperationException($"say what object {path} has");
    }

    private static async Task<string?> DeletedOfAsync(SignedClient owner, string path)
    {
        if (!path.Contains("/webhook_endpoints/", StringComparison.Ordinal))
            return null;
        var id = (await owner.PostAsync("/api/v1/webhook_endpoints", """{"url":"https://shop.example/h"}"""))
            .ShouldBeOk()
            .Id;
        (await owner.DeleteAsync($"/api/v1/webhook_endpoints/{id}")).ShouldBeOk();
        return id;
    }

    private static async Task<string> SessionAsync(SignedClient owner)
    {
        var body = $$"""{"amount":100,"currency":"USD","order_id":"{{SignedClient.NewNonce()}}"}""";
        return (await owner.PostAsync(Create, body)).ShouldBeOk().Id;
    }
}
