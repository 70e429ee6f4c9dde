using System.Net;
using System.Text.Json;
using StablePay.Core.Ledger;
using StablePay.Engine.TestMode;
using static StablePay.Server.Tests.Api.SessionBodies;

namespace StablePay.Server.Tests.Api;

/// <summary>Every scenario over the public API, on the engine as it runs.</summary>
public sealed class ScenarioTests(TestServer server) : IClassFixture<TestServer>
{
    private const string Ethereum = "sandbox:ethereum";

    /// <summary>Longer than the longest scenario: an outage of 30 s and three blocks until final.</summary>
    private const int Blocks = 24;

    public static TheoryData<string> Names => [.. Scenario.All.Select(s => s.Name)];

    /// <summary>What is left of a session of 25.99 and how it ended, by scenario.</summary>
    private static readonly Dictionary<string, (string Status, string? Exception, long Received, string Classes)> Ends =
        new()
        {
            ["exact"] = ("paid", null, 2599, "counted"),
            ["under"] = ("pending", "underpaid", 1732, "counted"),
            ["over"] = ("paid", "overpaid", 3898, "counted"),
            ["late"] = ("expired", "paid_late", 0, "late"),
            ["two_parts"] = ("paid", null, 2599, "counted counted"),
            ["two_payers"] = ("paid", "overpaid", 5198, "counted counted"),
            ["wrong_token"] = ("pending", "wrong_token", 0, "unattributed"),
            ["wrong_network"] = ("pending", "wrong_token", 0, "unattributed"),
            ["exchange_batch"] = ("paid", null, 2599, "counted"),
            ["dust"] = ("pending", null, 0, "dust"),
            ["reorg_before_final"] = ("paid", null, 2599, "counted"),
            ["slow_network"] = ("paid", null, 2599, "counted"),
            ["node_outage"] = ("paid", null, 2599, "counted"),
            ["frozen_sender"] = ("pending", null, 0, ""),
        };

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Scenario_plays_as_it_is_told_and_sends_the_documented_events_in_their_order(string name)
    {
        var client = await server.NewClientAsync();
        await server.WatchAsync();
        var id = await OpenAsync(client);
        var answer = (await PlayAsync(client, id, name, Ethereum)).ShouldBeOk().Json;
        answer.GetProperty("object").GetString().ShouldBe("simulation");
        answer.GetProperty("session_id").GetString().ShouldBe(id);
        answer.GetProperty("network").GetString().ShouldBe(Ethereum);
        answer.GetProperty("expect").GetString().ShouldNotBeNullOrEmpty();
        await PassAsync(Blocks);

        var told = await EventsAsync(client);
        told.ShouldBe(answer.GetProperty("events").EnumerateArray().Select(e => e.GetString()!));
        told.ShouldBe(Documented(name));
        var session = (await client.GetAsync($"/api/v1/checkout/sessions/{id}")).ShouldBeOk().Json;
        var transfers = session.GetProperty("transfers").EnumerateArray().ToList();
        (
            session.GetProperty("payment_status").GetString()!,
            session.GetProperty("exception").GetString(),
            session.GetProperty("amount_received").GetInt64(),
            string.Join(' ', transfers.Select(t => t.GetProperty("class").GetString()))
        ).ShouldBe(Ends[name]);
        transfers.ShouldAllBe(t => t.GetProperty("status").GetString() == "final");
        var hashes = answer.GetProperty("transaction_hashes").EnumerateArray().Select(h => h.GetString()).ToList();
        transfers.ShouldAllBe(t => hashes.Contains(t.GetProperty("transaction_hash").GetString()));
    }

    [Fact]
    public void Every_scenario_of_the_code_is_documented_and_no_other() =>
        Rows().Select(r => r.Name).ShouldBe(Scenario.All.Select(s => s.Name));

    [Theory]
    [InlineData("{}", "parameter_missing", "scenario")]
    [InlineData("""{"scenario":"rain"}""", "parameter_invalid", "scenario")]
    [InlineData("""{"scenario":""}""", "parameter_invalid", "scenario")]
    [InlineData("""{"scenario":"exact","network":"eip155:1"}""", "parameter_invalid", "network")]
    [InlineData("""{"scenario":"exact","token":"DAI"}""", "parameter_invalid", "token")]
    [InlineData("""{"scenario":"exact","token":"USDC","network":"sandbox:tron"}""", "parameter_invalid", "token")]
    [InlineData("""{"scenario":"exact","amount":"1"}""", "parameter_unknown", "amount")]
    [InlineData("""{"scenario":"wrong_token","network":"sandbox:tron"}""", "parameter_invalid", "scenario")]
    [InlineData("""{"scenario":"wrong_network","network":"sandbox:solana"}""", "parameter_invalid", "scenario")]
    public async Task A_scenario_that_cannot_be_is_refused_with_its_member_and_changes_nothing(
        string body,
        string code,
        string param
    )
    {
        var client = await server.NewClientAsync();
        await server.WatchAsync();
        var id = await OpenAsync(client);
        var before = (await client.GetAsync($"/api/v1/checkout/sessions/{id}")).Text;
        var reply = await client.PostAsync(PathOf(id), body);
        (reply.Code, reply.Param, reply.Status).ShouldBe((code, param, HttpStatusCode.BadRequest), reply.Text);
        if (body.Contains("rain", StringComparison.Ordinal))
            foreach (var scenario in Scenario.All)
                reply.Text.ShouldContain(scenario.Name);
        await PassAsync(4);
        (await client.GetAsync($"/api/v1/checkout/sessions/{id}")).Text.ShouldBe(before);
    }

    [Fact]
    public async Task A_session_that_does_not_wait_for_money_or_ends_too_soon_is_refused()
    {
        var client = await server.NewClientAsync();
        await server.WatchAsync();
        var paid = await OpenAsync(client);
        (await PlayAsync(client, paid, "exact", Ethereum)).ShouldBeOk();
        await PassAsync(6);
        var canceled = await OpenAsync(client);
        (await client.PostAsync($"/api/v1/checkout/sessions/{canceled}/cancel")).ShouldBeOk();
        var ending = (await client.PostAsync(Create, BodyOf("\"expires_in\":300"))).ShouldBeOk().Id;
        (await client.PostAsync("/api/v1/test/clock/advance", """{"seconds":270}""")).ShouldBeOk();
        foreach (
            var (id, name) in (IEnumerable<(string, string)>)
                [(paid, "exact"), (canceled, "late"), (ending, "node_outage")]
        )
            (await PlayAsync(client, id, name, Ethereum)).ShouldBeRefused(ErrorCode.ParameterInvalid, "scenario");
        // What is short enough still plays.
        (await PlayAsync(client, ending, "exact", Ethereum)).ShouldBeOk();
    }

    [Fact]
    public async Task The_smallest_payment_is_not_divided()
    {
        var client = await server.NewClientAsync();
        await server.WatchAsync();
        const string Cent = """{"amount":1,"currency":"USD","order_id":"one-cent"}""";
        var id = (await client.PostAsync(Create, Cent)).ShouldBeOk().Id;
        foreach (var name in (string[])["under", "over", "two_parts"])
            (await PlayAsync(client, id, name, Ethereum)).ShouldBeRefused(ErrorCode.ParameterInvalid, "scenario");
    }

    [Fact]
    public async Task EVM_01_a_block_that_one_store_undoes_takes_nothing_of_another_along()
    {
        var (ours, theirs) = (await server.NewClientAsync(), await server.NewClientAsync());
        await server.WatchAsync();
        // One payment of the other store before, one together with, and one after the block that leaves.
        var before = await OpenAsync(theirs);
        (await PlayAsync(theirs, before, "exact", Ethereum)).ShouldBeOk();
        await PassAsync(1);
        var id = await OpenAsync(ours);
        var with = await OpenAsync(theirs);
        (await PlayAsync(theirs, with, "exact", Ethereum)).ShouldBeOk();
        (await PlayAsync(ours, id, "reorg_before_final", Ethereum)).ShouldBeOk();
        await PassAsync(1);
        var after = await OpenAsync(theirs);
        (await PlayAsync(theirs, after, "exact", Ethereum)).ShouldBeOk();
        await PassAsync(12);

        (await EventsAsync(ours)).ShouldContain("payment.reversed");
        var told = await EventsAsync(theirs);
        told.ShouldNotContain("payment.reversed");
        told.Count(t => t == "payment.processing").ShouldBe(3);
        told.Count(t => t == "payment.completed").ShouldBe(3);
        foreach (var session in (string[])[before, with, after])
            (await StatusAsync(theirs, session)).ShouldBe("paid");
        (await CreditedAsync(theirs)).ShouldBe((UInt128)(3 * 25_990_000));
        (await CreditedAsync(ours)).ShouldBe((UInt128)25_990_000);
    }

    [Fact]
    public async Task A_payment_that_the_store_accepts_early_is_undone_after_it_was_completed()
    {
        var client = await server.NewClientAsync();
        await server.WatchAsync();
        const string One = """{"tiers":[{"up_to":10000,"confirmations":1}]}""";
        (await client.PostAsync($"/api/v1/networks/{Ethereum}/acceptance", One)).ShouldBeOk();
        var id = await OpenAsync(client);
        (await PlayAsync(client, id, "reorg_before_final", Ethereum)).ShouldBeOk();
        await PassAsync(12);
        (await EventsAsync(client)).ShouldBe([
            "payment.processing",
            "payment.completed",
            "payment.reversed",
            "payment.processing",
            "payment.completed",
        ]);
        (await CreditedAsync(client)).ShouldBe((UInt128)25_990_000);
    }

    [Theory]
    [InlineData("slow_network", 20)]
    [InlineData("node_outage", 30)]
    public async Task Trouble_with_a_network_is_seen_by_its_store_alone_and_ends(string name, int seconds)
    {
        var (ours, theirs) = (await server.NewClientAsync(), await server.NewClientAsync());
        await server.WatchAsync();
        var (id, other) = (await OpenAsync(ours), await OpenAsync(theirs));
        (await PlayAsync(theirs, other, "dust", Ethereum)).ShouldBeOk();
        (await PlayAsync(ours, id, name, Ethereum)).ShouldBeOk();
        await PassAsync(3);
        (await IsBehindAsync(ours)).ShouldBeTrue();
        (await IsBehindAsync(theirs)).ShouldBeFalse();
        var page = (await server.Engine.Checkout.PageAsync(SessionId.From(id), default))!.Watched!;
        page.IsBehind.ShouldBeTrue();
        page.Lag.ShouldBe(TimeSpan.FromSeconds(6));
        var readBefore = Instant.From(server.Clock.GetUtcNow()) - page.ReadAt;
        readBefore.ShouldBe(name == "node_outage" ? TimeSpan.FromSeconds(6) : TimeSpan.Zero);
        (await server.Engine.Checkout.PageAsync(SessionId.From(other), default))!.Watched!.IsBehind.ShouldBeFalse();

        await PassAsync((seconds / 2) - 3);
        (await IsBehindAsync(ours)).ShouldBeFalse();
        await PassAsync(5);
        (await StatusAsync(ours, id)).ShouldBe("paid");
    }

    [Fact]
    public async Task A_session_does_not_expire_while_its_network_is_out_of_reach_for_its_store()
    {
        var (ours, theirs) = (await server.NewClientAsync(), await server.NewClientAsync());
        await server.WatchAsync();
        var (id, other) = (await OpenAsync(ours), await OpenAsync(theirs));
        (await PlayAsync(theirs, other, "dust", Ethereum)).ShouldBeOk();
        (await PlayAsync(ours, id, "node_outage", Ethereum)).ShouldBeOk();
        // Between two blocks: the last one before the outage is one before the end, too.
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        foreach (var client in (SignedClient[])[ours, theirs])
            (await client.PostAsync("/api/v1/test/clock/advance", """{"seconds":4000}""")).ShouldBeOk();
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        await PassAsync(8);
        (await StatusAsync(theirs, other)).ShouldBe("expired");
        (await StatusAsync(ours, id)).ShouldBe("pending");
        await PassAsync(12);
        // It came after the end by the store's clock, so it is late, and nothing is lost.
        (await EventsAsync(ours)).ShouldBe(["payment.expired", "payment.paid_late"]);
    }

    [Fact]
    public async Task The_others_of_an_exchanges_batch_are_nobodys_and_a_session_pays_once()
    {
        var client = await server.NewClientAsync();
        await server.WatchAsync();
        var id = await OpenAsync(client);
        var hash = (await PlayAsync(client, id, "exchange_batch", Ethereum))
            .ShouldBeOk()
            .Json.GetProperty("transaction_hashes")[0]
            .GetString()!;
        await PassAsync(6);
        var block = (await server.Database.Transfers.ListBySessionAsync(SessionId.From(id), default)).Single().Block;
        var batch = await server.Database.Sandbox.ListAtAsync(new NetworkId(Ethereum), block.Height, default);
        batch.Count(t => t.TransactionHash == hash).ShouldBe(5);
        batch.Where(t => t.TransactionHash == hash).Select(t => t.To).ShouldBeUnique();
        (await CreditedAsync(client)).ShouldBe((UInt128)25_990_000);
    }

    private async Task<string> OpenAsync(SignedClient client) =>
        (await client.PostAsync(Create, BodyOf("\"expires_in\":3600"))).ShouldBeOk().Id;

    private static string PathOf(string id) => $"/api/v1/test/sessions/{id}/simulate";

    private static Task<Reply> PlayAsync(SignedClient client, string id, string name, string network) =>
        client.PostAsync(PathOf(id), $$"""{"scenario":"{{name}}","network":"{{network}}","token":"USDT"}""");

    private async Task PassAsync(int blocks)
    {
        for (var i = 0; i < blocks; i++)
        {
            server.Clock.Advance(TimeSpan.FromSeconds(2));
            await server.WatchAsync();
            await server.WorkAsync();
        }
    }

    private static async Task<List<string>> EventsAsync(SignedClient client) =>
        [
            .. (await client.GetAsync("/api/v1/events?limit=100"))
                .ShouldBeOk()
                .Json.GetProperty("data")
                .EnumerateArray()
                .Select(e => e.GetProperty("type").GetString()!),
        ];

    private static async Task<string> StatusAsync(SignedClient client, string id) =>
        (await client.GetAsync($"/api/v1/checkout/sessions/{id}"))
            .ShouldBeOk()
            .Json.GetProperty("payment_status")
            .GetString()!;

    private static async Task<bool> IsBehindAsync(SignedClient client) =>
        (await client.GetAsync("/api/v1/networks"))
            .ShouldBeOk()
            .Json.GetProperty("data")
            .EnumerateArray()
            .Single(n => n.GetProperty("id").GetString() == Ethereum)
            .GetProperty("watcher")
            .GetProperty("is_behind")
            .GetBoolean();

    /// <summary>What the store has been credited in USDT of the network, in atoms.</summary>
    private async Task<UInt128> CreditedAsync(SignedClient client)
    {
        var known = (await server.Engine.Keys.FindAsync(client.Keys.ApiKey)).ShouldNotBeNull();
        var token = server.Engine.Networks.Find(new NetworkId(Ethereum))!.Find(Asset.Usdt)!;
        var account = LedgerAccount.StoreBalance(known.Store.Id);
        return (await server.Database.Ledger.BalanceAsync(account, token, default)).Credits;
    }

    /// <summary>The events of a scenario's row in docs/testing.md.</summary>
    private static string[] Documented(string name) => Rows().Single(r => r.Name == name).Events;

    /// <summary>The table's rows: name, what happens, what the payer sees, events.</summary>
    private static IEnumerable<(string Name, string[] Events)> Rows() =>
        from line in File.ReadAllLines(StablePay.Testing.RepositoryRoot.Of("docs/testing.md"))
        where line.StartsWith("| `", StringComparison.Ordinal)
        let cells = line.Split('|', StringSplitOptions.TrimEntries)
        select (
            cells[1].Trim('`'),
            cells[4].Split('`', StringSplitOptions.RemoveEmptyEntries).Where(e => e.Contains("payment.")).ToArray()
        );
}
