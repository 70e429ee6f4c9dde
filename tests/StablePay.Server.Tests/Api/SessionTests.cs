using System.Net;
using System.Text.Json;
using static StablePay.Server.Tests.Api.SessionBodies;

namespace StablePay.Server.Tests.Api;

public sealed class SessionTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task A_new_session_is_answered_as_the_contract_writes_it()
    {
        var client = await server.NewClientAsync();
        var reply = (
            await client.PostAsync(
                Create,
                """
                {"amount":2599,"currency":"usd","order_id":"A-1001","description":"A mug","email":"payer@shop.example",
                 "line_items":[{"price_data":{"currency":"USD","unit_amount":1000,"product_data":{"name":"Mug","description":"Blue"}},"quantity":2}],
                 "tax_amount":399,"shipping_amount":200,"success_url":"https://shop.example/ok?x=1","cancel_url":"http://localhost:3000/no",
                 "metadata":{"cart":"7","count":2,"gift":true},"expires_in":600}
                """
            )
        ).ShouldBeOk();
        var json = reply.Json;
        // Tests of this class share a server, and some move its clock.
        var made = server.Clock.GetUtcNow().ToUnixTimeSeconds();
        static string Text(long seconds) => seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        json.GetProperty("id").GetString()!.ShouldStartWith("sess_");
        var id = reply.Id;
        reply
            .Text.Replace(id, "ID", StringComparison.Ordinal)
            .ShouldBe(
                """
                {"id":"ID","amount_total":2599,"currency":"usd","payment_status":"pending","created":1777500000,
                "expires_at":1777500600,"url":"https://pay.example/checkout/ID",
                "line_items":[{"price_data":{"currency":"usd","unit_amount":1000,"product_data":{"name":"Mug","description":"Blue"}},"quantity":2}],
                "tax_amount":399,"shipping_amount":200,"target_currency":"USD","target_amount_total":2599,"rate_locked_at":1777500000,
                "subscription_id":null,"invoice_id":null,
                "metadata":{"cart":"7","count":"2","gift":"true","email":"payer@shop.example","description":"A mug"},
                "order_id":"A-1001","livemode":false,"rate_source":"par",
                "success_url":"https://shop.example/ok?x=1","cancel_url":"http://localhost:3000/no",
                "amount_received":0,"amount_remaining":2599,"exception":null,"paid_at":null,"network":null,"deposit_address":null,
                "transfers":[],"refunds":[],"version":1}
                """.ReplaceLineEndings("").Replace("1777500600", Text(made + 600), StringComparison.Ordinal).Replace(
                    "1777500000",
                    Text(made),
                    StringComparison.Ordinal
                )
            );
        (await client.GetAsync($"/api/v1/checkout/sessions/{id}")).ShouldBeOk().Text.ShouldBe(reply.Text);
    }

    [Fact]
    public async Task The_order_id_makes_creation_idempotent()
    {
        var client = await server.NewClientAsync();
        var order = NewOrder();
        var first = (await client.PostAsync(Create, BodyOf("", order))).ShouldBeOk();
        (await client.PostAsync(Create, BodyOf("", order))).ShouldBeOk().Text.ShouldBe(first.Text);
        (
            await client.PostAsync(Create, $$"""{"amount":2600,"currency":"USD","order_id":"{{order}}"}""")
        ).ShouldBeRefused(ErrorCode.OrderIdDuplicate, "order_id");
        (await client.PostAsync($"/api/v1/checkout/sessions/{first.Id}/cancel")).ShouldBeOk();
        (await client.PostAsync(Create, BodyOf("", order))).ShouldBeOk().Id.ShouldNotBe(first.Id);
    }

    [Fact]
    public async Task Cancel_marks_expired_and_sends_the_event_and_an_unknown_id_gets_the_short_success()
    {
        var client = await server.NewClientAsync();
        var id = (await client.PostAsync(Create, BodyOf(""))).ShouldBeOk().Id;
        (await client.PostAsync($"/api/v1/checkout/sessions/{id}/cancel", "{}"))
            .ShouldBeOk()
            .Json.GetProperty("payment_status")
            .GetString()
            .ShouldBe("expired");
        var events = (await client.GetAsync("/api/v1/events")).ShouldBeOk().Json.GetProperty("data");
        events.EnumerateArray().Single().GetProperty("type").GetString().ShouldBe("payment.expired");
        var unknown = "sess_" + new string('0', 36);
        (await client.PostAsync($"/api/v1/checkout/sessions/{unknown}/cancel"))
            .ShouldBeOk()
            .Text.ShouldBe($$"""{"id":"{{unknown}}","payment_status":"expired"}""");
        (await client.PostAsync("/api/v1/checkout/sessions/other-text/cancel"))
            .ShouldBeOk()
            .Text.ShouldBe("""{"id":"other-text","payment_status":"expired"}""");
        (await client.PostAsync($"/api/v1/checkout/sessions/{id}/cancel", """{"force":true}""")).ShouldBeRefused(
            ErrorCode.ParameterUnknown,
            "force"
        );
    }

    [Fact]
    public async Task Pages_of_any_size_are_together_the_whole_list_once()
    {
        var client = await server.NewClientAsync();
        var ids = new List<string>();
        for (var i = 0; i < 11; i++)
        {
            ids.Insert(0, (await client.PostAsync(Create, BodyOf("", $"page-{i}"))).ShouldBeOk().Id);
            // Some are made in the same millisecond: only the id tells them apart.
            if (i % 3 == 0)
                server.Clock.Advance(TimeSpan.FromSeconds(1));
        }
        var whole = IdsOf((await client.GetAsync("/api/v1/checkout/sessions?limit=100")).ShouldBeOk().Json);
        whole.Order().ShouldBe(ids.Order());
        for (var limit = 1; limit <= 12; limit++)
        {
            var (found, more, after) = (new List<string>(), true, "");
            while (more)
            {
                var path = string.Create(
                    CultureInfo.InvariantCulture,
                    $"/api/v1/checkout/sessions?limit={limit}{after}"
                );
                var page = (await client.GetAsync(path)).ShouldBeOk().Json;
                var part = IdsOf(page);
                more = page.GetProperty("has_more").GetBoolean();
                part.Count.ShouldBe(more ? limit : whole.Count - found.Count);
                found.AddRange(part);
                after = $"&starting_after={part[^1]}";
            }
            found.ShouldBe(whole);
        }
    }

    [Fact]
    public async Task Lists_are_newest_first_with_cursors_and_filters()
    {
        var client = await server.NewClientAsync();
        var ids = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            ids.Add((await client.PostAsync(Create, BodyOf("", $"list-{i}"))).ShouldBeOk().Id);
            server.Clock.Advance(TimeSpan.FromSeconds(1));
        }
        ids.Reverse();
        var first = (await client.GetAsync("/api/v1/checkout/sessions?limit=2")).ShouldBeOk().Json;
        first.GetProperty("object").GetString().ShouldBe("list");
        first.GetProperty("url").GetString().ShouldBe("/api/v1/checkout/sessions");
        first.GetProperty("has_more").GetBoolean().ShouldBeTrue();
        IdsOf(first).ShouldBe(ids[..2]);
        var rest = (await client.GetAsync($"/api/v1/checkout/sessions/?limit=3&starting_after={ids[1]}"))
            .ShouldBeOk()
            .Json;
        IdsOf(rest).ShouldBe(ids[2..]);
        rest.GetProperty("has_more").GetBoolean().ShouldBeFalse();
        IdsOf((await client.GetAsync("/api/v1/checkout/sessions?order_id=list-3")).Json).ShouldBe([ids[1]]);
        IdsOf((await client.GetAsync("/api/v1/checkout/sessions?status=paid")).Json).ShouldBeEmpty();
        IdsOf((await client.GetAsync("/api/v1/checkout/sessions?status=pending&limit=100")).Json).ShouldBe(ids);
        var created = (await client.GetAsync($"/api/v1/checkout/sessions/{ids[2]}"))
            .Json.GetProperty("created")
            .GetInt64();
        IdsOf(
                (
                    await client.GetAsync(
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"/api/v1/checkout/sessions?created_from={created}&created_to={created}"
                        )
                    )
                ).Json
            )
            .ShouldBe([ids[2]]);
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=101", "limit")]
    [InlineData("limit=1e1", "limit")]
    [InlineData("limit=+1", "limit")]
    [InlineData("limit=", "limit")]
    [InlineData("limit=1&limit=2", "limit")]
    [InlineData("limit=%D9%A1", "limit")]
    [InlineData("starting_after=sess_1", "starting_after")]
    [InlineData("starting_after=evt_000000000000000000000000000000000000", "starting_after")]
    [InlineData("starting_after=' or 1=1 --", "starting_after")]
    [InlineData("status=PAID", "status")]
    [InlineData("created_from=-1", "created_from")]
    [InlineData("created_from=2026-01-01", "created_from")]
    [InlineData("order_id=%00", "order_id")]
    [InlineData("page=2", "page")]
    public async Task API_21_lists_take_nothing_but_what_they_know(string query, string param)
    {
        var client = await server.NewClientAsync();
        var reply = await client.GetAsync($"/api/v1/checkout/sessions?{query}");
        reply.Status.ShouldBe(HttpStatusCode.BadRequest, reply.Text);
        reply.Param.ShouldBe(param);
    }

    [Fact]
    public async Task A_test_payment_is_found_by_the_watcher_and_told_by_events()
    {
        var client = await server.NewClientAsync();
        await server.WatchAsync();
        var id = (await client.PostAsync(Create, BodyOf(""))).ShouldBeOk().Id;
        var paid = (
            await client.PostAsync(
                $"/api/v1/test/sessions/{id}/pay",
                """{"network":"sandbox:tron","token":"USDT","amount":"25.99"}"""
            )
        )
            .ShouldBeOk()
            .Json;
        paid.GetProperty("amount").GetString().ShouldBe("25.99");
        for (var i = 0; i < 5; i++)
        {
            server.Clock.Advance(TimeSpan.FromSeconds(2));
            await server.WatchAsync();
        }
        var session = (await client.GetAsync($"/api/v1/checkout/sessions/{id}")).ShouldBeOk().Json;
        session.GetProperty("payment_status").GetString().ShouldBe("paid");
        session
            .GetProperty("transfers")[0]
            .GetProperty("transaction_hash")
            .GetString()
            .ShouldBe(paid.GetProperty("transaction_hash").GetString());
        var list = (await client.GetAsync("/api/v1/events?limit=1")).ShouldBeOk().Json;
        list.GetProperty("has_more").GetBoolean().ShouldBeTrue();
        var first = list.GetProperty("data")[0];
        first.GetProperty("sequence").GetInt64().ShouldBe(1);
        var single = (await client.GetAsync($"/api/v1/events/{first.GetProperty("id").GetString()}")).ShouldBeOk();
        single.Text.ShouldBe(first.GetRawText());
        var next = (await client.GetAsync("/api/v1/events?after=1&limit=100")).ShouldBeOk().Json.GetProperty("data");
        next.EnumerateArray().Last().GetProperty("type").GetString().ShouldBe("payment.completed");
        var hash = paid.GetProperty("transaction_hash").GetString();
        IdsOf((await client.GetAsync($"/api/v1/checkout/sessions?transaction_hash={hash}")).Json).ShouldBe([id]);
    }

    [Theory]
    [InlineData("""{"amount":25.99}""", "amount")]
    [InlineData("""{"amount":"1,5"}""", "amount")]
    [InlineData("""{"amount":"1.0000001","network":"sandbox:tron"}""", "amount")]
    [InlineData("""{"amount":"-1"}""", "amount")]
    [InlineData("""{"network":"eip155:1"}""", "network")]
    [InlineData("""{"token":"DAI"}""", "token")]
    [InlineData("""{"token":"USDC","network":"sandbox:tron"}""", "token")]
    [InlineData("""{"memo":"x"}""", "memo")]
    public async Task A_test_payment_that_cannot_be_is_refused(string body, string param)
    {
        var client = await server.NewClientAsync();
        await server.WatchAsync();
        var id = (await client.PostAsync(Create, BodyOf(""))).ShouldBeOk().Id;
        var reply = await client.PostAsync($"/api/v1/test/sessions/{id}/pay", body);
        reply.Status.ShouldBe(HttpStatusCode.BadRequest, reply.Text);
        reply.Param.ShouldBe(param);
    }

    [Fact]
    public async Task A_quote_creates_nothing_and_networks_show_the_keys_mode()
    {
        var client = await server.NewClientAsync();
        var quote = (await client.PostAsync("/api/v1/quotes", """{"amount":2599,"currency":"usd"}"""))
            .ShouldBeOk()
            .Json;
        quote.GetProperty("target_amount_total").GetInt64().ShouldBe(2599);
        quote.TryGetProperty("exchange_rate", out _).ShouldBeFalse();
        quote.GetProperty("tokens")[0].GetProperty("amount").GetString().ShouldBe("25.99");
        IdsOf((await client.GetAsync("/api/v1/checkout/sessions")).Json).ShouldBeEmpty();
        (await client.PostAsync("/api/v1/quotes", """{"amount":0,"currency":"usd"}""")).ShouldBeRefused(
            ErrorCode.AmountTooSmall,
            "amount"
        );
        var networks = (await client.GetAsync("/api/v1/networks/")).ShouldBeOk().Json.GetProperty("data");
        networks.EnumerateArray().ShouldAllBe(n => n.GetProperty("id").GetString()!.StartsWith("sandbox:"));
        networks.GetArrayLength().ShouldBe(4);
    }

    private static List<string> IdsOf(JsonElement list) =>
        [.. list.GetProperty("data").EnumerateArray().Select(item => item.GetProperty("id").GetString()!)];
}
