using System.Net;

namespace StablePay.Server.Tests.Api;

/// <summary>What a store accepts before it is final, set and shown over the API.</summary>
public sealed class AcceptanceTests(TestServer server) : IClassFixture<TestServer>
{
    private const string Path = "/api/v1/networks/sandbox:ethereum/acceptance";
    private const string Two = """{"tiers":[{"up_to":10000,"confirmations":1},{"up_to":100000,"confirmations":3}]}""";

    [Fact]
    public async Task A_table_is_set_replaced_and_emptied_and_shown_to_its_store_alone()
    {
        var store = await server.Engine.Provision.RunAsync("Owner", "Store", default);
        var (owner, live) = (server.ClientOf(store), server.ClientOf(store, live: true));
        var stranger = await server.NewClientAsync();
        var set = (await owner.PostAsync(Path, Two)).ShouldBeOk().Json;
        set.GetRawText()
            .ShouldBe(
                """{"object":"acceptance","network":"sandbox:ethereum","tiers":"""
                    + """[{"up_to":10000,"confirmations":1},{"up_to":100000,"confirmations":3}]}"""
            );
        (await TiersAsync(owner)).ShouldBe([(10_000, 1), (100_000, 3)]);
        (await TiersAsync(stranger)).ShouldBeEmpty();
        // A network of the other mode is none.
        (await live.PostAsync(Path, Two)).Status.ShouldBe(HttpStatusCode.NotFound);

        (await owner.PostAsync(Path, """{"tiers":[{"up_to":5000,"confirmations":2}]}""")).ShouldBeOk();
        (await TiersAsync(owner)).ShouldBe([(5_000, 2)]);
        (await owner.PostAsync(Path, """{"tiers":[]}""")).ShouldBeOk();
        (await TiersAsync(owner)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("{}", "parameter_missing", "tiers")]
    [InlineData("""{"tiers":[{"confirmations":1}]}""", "parameter_missing", "tiers[0].up_to")]
    [InlineData("""{"tiers":[{"up_to":0,"confirmations":1}]}""", "parameter_invalid", "tiers[0].up_to")]
    [InlineData("""{"tiers":[{"up_to":1,"confirmations":0}]}""", "parameter_invalid", "tiers[0].confirmations")]
    [InlineData("""{"tiers":[{"up_to":1,"confirmations":10001}]}""", "parameter_invalid", "tiers[0].confirmations")]
    [InlineData("""{"tiers":[{"up_to":1,"confirmations":1,"x":1}]}""", "parameter_unknown", "tiers[0].x")]
    [InlineData(
        """{"tiers":[{"up_to":2,"confirmations":1},{"up_to":2,"confirmations":1}]}""",
        "parameter_invalid",
        "tiers"
    )]
    [InlineData(
        """{"tiers":[{"up_to":1,"confirmations":2},{"up_to":2,"confirmations":1}]}""",
        "parameter_invalid",
        "tiers"
    )]
    public async Task A_table_that_breaks_a_rule_is_refused_with_its_member_and_changes_nothing(
        string body,
        string code,
        string param
    )
    {
        var client = await server.NewClientAsync();
        (await client.PostAsync(Path, Two)).ShouldBeOk();
        var reply = await client.PostAsync(Path, body);
        (reply.Code, reply.Param, reply.Status).ShouldBe((code, param, HttpStatusCode.BadRequest));
        (await TiersAsync(client)).Count.ShouldBe(2);
    }

    private static async Task<List<(long, int)>> TiersAsync(SignedClient client) =>
        [
            .. (await client.GetAsync("/api/v1/networks"))
                .ShouldBeOk()
                .Json.GetProperty("data")
                .EnumerateArray()
                .Single(n => n.GetProperty("id").GetString() == "sandbox:ethereum")
                .GetProperty("acceptance")
                .EnumerateArray()
                .Select(t => (t.GetProperty("up_to").GetInt64(), t.GetProperty("confirmations").GetInt32())),
        ];
}
