using System.Net;
using static StablePay.Server.Tests.Api.SessionBodies;

namespace StablePay.Server.Tests.Api;

/// <summary>A store's test clock over the API: it moves one store's test mode and nothing else.</summary>
public sealed class TestClockTests(TestServer server) : IClassFixture<TestServer>
{
    private const string Clock = "/api/v1/test/clock";
    private const string Advance = "/api/v1/test/clock/advance";
    private const string Choice = """{"network":"sandbox:tron","token":"USDT"}""";

    private long Real => server.Clock.GetUtcNow().ToUnixTimeSeconds();

    [Fact]
    public async Task A_clock_is_read_and_moved_by_seconds_and_to_a_time()
    {
        var client = await server.NewClientAsync();
        (await ReadAsync(client)).ShouldBe((Real, 0));
        (await client.PostAsync(Advance, """{"seconds":3600}"""))
            .ShouldBeOk()
            .Text.ShouldBe($$"""{"object":"test_clock","now":{{Real + 3600}},"offset":3600}""");
        (await client.PostAsync(Advance, $$"""{"to":{{Real + 7200}}}""")).ShouldBeOk();
        (await ReadAsync(client)).ShouldBe((Real + 7200, 7200));
        server.Clock.Advance(TimeSpan.FromSeconds(10));
        (await ReadAsync(client)).ShouldBe((Real + 7200, 7200));
    }

    [Theory]
    [InlineData("{}", "parameter_missing", "seconds")]
    [InlineData("""{"seconds":0}""", "parameter_invalid", "seconds")]
    [InlineData("""{"seconds":-1}""", "parameter_invalid", "seconds")]
    [InlineData("""{"seconds":31536001}""", "parameter_invalid", "seconds")]
    [InlineData("""{"seconds":"60"}""", "parameter_invalid", "seconds")]
    [InlineData("""{"to":1777000000}""", "parameter_invalid", "to")]
    [InlineData("""{"to":1999999999}""", "parameter_invalid", "to")]
    [InlineData("""{"to":999999999999}""", "parameter_invalid", "to")]
    [InlineData("""{"to":1777600000,"seconds":5}""", "parameters_exclusive", "to")]
    [InlineData("""{"minutes":5}""", "parameter_unknown", "minutes")]
    public async Task A_move_that_cannot_be_is_refused_with_its_member_and_moves_nothing(
        string body,
        string code,
        string param
    )
    {
        var client = await server.NewClientAsync();
        var reply = await client.PostAsync(Advance, body);
        (reply.Code, reply.Param, reply.Status).ShouldBe((code, param, HttpStatusCode.BadRequest), reply.Text);
        (await ReadAsync(client)).ShouldBe((Real, 0));
    }

    [Fact]
    public async Task A_clock_is_at_most_ten_years_ahead()
    {
        var client = await server.NewClientAsync();
        for (var year = 0; year < 10; year++)
            (await client.PostAsync(Advance, """{"seconds":31536000}""")).ShouldBeOk();
        (await client.PostAsync(Advance, """{"seconds":1}""")).ShouldBeRefused(ErrorCode.ParameterInvalid, "seconds");
        (await ReadAsync(client)).ShouldBe((Real + 315_360_000, 315_360_000));
    }

    [Fact]
    public async Task A_move_is_made_once_for_its_idempotency_key_and_its_signature_keeps_the_real_time()
    {
        var client = await server.NewClientAsync();
        for (var i = 0; i < 2; i++)
            (await client.PostAsync(Advance, """{"seconds":86400}""", ("Idempotency-Key", "once"))).ShouldBeOk();
        (await ReadAsync(client)).ShouldBe((Real + 86_400, 86_400));
        // The next request is signed with the real time, a day behind the clock, and is still taken.
        (await client.PostAsync(Create, BodyOf(""))).ShouldBeOk();
    }

    [Fact]
    public async Task Moves_at_the_same_time_add_up()
    {
        var client = await server.NewClientAsync();
        var replies = await Task.WhenAll(
            Enumerable.Range(0, 4).Select(_ => client.PostAsync(Advance, """{"seconds":60}"""))
        );
        replies.ShouldAllBe(r => r.Status == HttpStatusCode.OK);
        (await ReadAsync(client)).ShouldBe((Real + 240, 240));
    }

    [Fact]
    public async Task A_session_goes_by_its_stores_clock_and_expires_when_that_shows_its_end()
    {
        var client = await server.NewClientAsync();
        (await client.PostAsync(Advance, """{"seconds":100000}""")).ShouldBeOk();
        var session = (await client.PostAsync(Create, BodyOf("\"expires_in\":600"))).ShouldBeOk();
        session.Json.GetProperty("created").GetInt64().ShouldBe(Real + 100_000);
        session.Json.GetProperty("expires_at").GetInt64().ShouldBe(Real + 100_600);
        await PassBlockAsync();
        (await StatusAsync(client, session.Id)).ShouldBe("pending");

        (await client.PostAsync(Advance, """{"seconds":601}""")).ShouldBeOk();
        await PassBlockAsync();
        (await StatusAsync(client, session.Id)).ShouldBe("expired");
        var told = (await client.GetAsync("/api/v1/events")).ShouldBeOk().Json.GetProperty("data")[0];
        told.GetProperty("type").GetString().ShouldBe("payment.expired");
        told.GetProperty("created").GetInt64().ShouldBeInRange(Real + 100_601, Real + 100_605);
    }

    [Fact]
    public async Task A_session_that_was_made_before_the_clock_was_moved_ends_with_it()
    {
        var client = await server.NewClientAsync();
        var session = (await client.PostAsync(Create, BodyOf("\"expires_in\":600"))).ShouldBeOk();
        await server.WorkAsync();
        (await client.PostAsync(Advance, """{"seconds":600}""")).ShouldBeOk();
        await server.WorkAsync();
        (await StatusAsync(client, session.Id)).ShouldBe("expired");
    }

    [Fact]
    public async Task A_payment_in_a_block_before_the_move_is_in_time_and_one_after_it_is_late()
    {
        var client = await server.NewClientAsync();
        await server.WatchAsync();
        var (early, late) = (await PaidAsync(client), "");
        await PassBlockAsync();
        late = (await client.PostAsync(Create, BodyOf("\"expires_in\":600"))).ShouldBeOk().Id;
        const string Shown = """{"scenario":"dust","network":"sandbox:tron"}""";
        (await client.PostAsync($"/api/v1/test/sessions/{late}/simulate", Shown)).ShouldBeOk();

        (await client.PostAsync(Advance, """{"seconds":700}""")).ShouldBeOk();
        (await client.PostAsync($"/api/v1/test/sessions/{late}/pay", Choice)).ShouldBeOk();
        for (var i = 0; i < 4; i++)
            await PassBlockAsync();
        (await StatusAsync(client, early)).ShouldBe("paid");
        var ended = (await client.GetAsync($"/api/v1/checkout/sessions/{late}")).Json;
        ended.GetProperty("payment_status").GetString().ShouldBe("expired");
        ended.GetProperty("exception").GetString().ShouldBe("paid_late");
    }

    [Fact]
    public async Task PAY_17_a_clock_belongs_to_one_store_and_to_test_mode_alone()
    {
        var store = await server.Engine.Provision.RunAsync("Owner", "Store", default);
        var (owner, live) = (server.ClientOf(store), server.ClientOf(store, live: true));
        var stranger = await server.NewClientAsync();
        var theirs = (await stranger.PostAsync(Create, BodyOf("\"expires_in\":600"))).ShouldBeOk();
        var ours = (await live.PostAsync(Create, BodyOf("\"expires_in\":600"))).ShouldBeOk();
        (await owner.PostAsync(Advance, """{"seconds":86400}""")).ShouldBeOk();
        await PassBlockAsync();

        (await ReadAsync(stranger)).ShouldBe((Real, 0));
        (await StatusAsync(stranger, theirs.Id)).ShouldBe("pending");
        (await StatusAsync(live, ours.Id)).ShouldBe("pending");
        (await live.PostAsync(Create, BodyOf(""))).Json.GetProperty("created").GetInt64().ShouldBe(Real);
        // Live mode has no such clock, whatever is asked.
        (await live.GetAsync(Clock)).ShouldBeRefused(ErrorCode.ResourceNotFound);
        foreach (var body in (string[])["""{"seconds":60}""", "{}", "[]"])
            (await live.PostAsync(Advance, body)).ShouldBeRefused(ErrorCode.ResourceNotFound);
        (await ReadAsync(owner)).ShouldBe((Real + 86_400, 86_400));
    }

    [Fact]
    public async Task The_page_counts_by_the_stores_clock_and_hears_that_it_was_moved()
    {
        var client = await server.NewClientAsync();
        await server.WatchAsync();
        var id = SessionId.From((await client.PostAsync(Create, BodyOf("\"expires_in\":900"))).ShouldBeOk().Id);
        await server.Engine.Checkout.ChooseAsync(id, new NetworkId("sandbox:tron"), Asset.Usdt, default);
        await PassBlockAsync();
        (await client.PostAsync(Advance, """{"seconds":300}""")).ShouldBeOk();
        var page = (await server.Engine.Checkout.PageAsync(id, default)).ShouldNotBeNull();
        page.Now.UnixSeconds.ShouldBe(Real + 300);
        page.ClockOffset.ShouldBe(TimeSpan.FromSeconds(300));
        // When the network was read is as long ago as it is, and not five minutes more.
        (page.Now - page.Watched!.ReadAt).ShouldBeLessThan(TimeSpan.FromSeconds(5));
        var status = (await server.Engine.Checkout.StatusAsync(id, default)).ShouldNotBeNull();
        (status.ClockMs, status.NowMs).ShouldBe((300_000, page.Now.UnixMs));
    }

    private async Task<string> PaidAsync(SignedClient client)
    {
        var id = (await client.PostAsync(Create, BodyOf("\"expires_in\":600"))).ShouldBeOk().Id;
        (await client.PostAsync($"/api/v1/test/sessions/{id}/pay", Choice)).ShouldBeOk();
        return id;
    }

    private async Task PassBlockAsync()
    {
        server.Clock.Advance(TimeSpan.FromSeconds(2));
        await server.WatchAsync();
        await server.WorkAsync();
    }

    private static async Task<(long Now, long Offset)> ReadAsync(SignedClient client)
    {
        var json = (await client.GetAsync(Clock)).ShouldBeOk().Json;
        return (json.GetProperty("now").GetInt64(), json.GetProperty("offset").GetInt64());
    }

    private static async Task<string> StatusAsync(SignedClient client, string id) =>
        (await client.GetAsync($"/api/v1/checkout/sessions/{id}"))
            .ShouldBeOk()
            .Json.GetProperty("payment_status")
            .GetString()!;
}
