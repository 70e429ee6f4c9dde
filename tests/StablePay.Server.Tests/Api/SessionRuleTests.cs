using System.Net;
using System.Text.Json;
using static StablePay.Server.Tests.Api.SessionBodies;

namespace StablePay.Server.Tests.Api;

/// <summary>What a request to create a session may say, and how its text and numbers come back.</summary>
public sealed class SessionRuleTests(TestServer server) : IClassFixture<TestServer>
{
    [Theory]
    [InlineData("""{"currency":"USD","order_id":"x"}""", "parameter_missing", "amount")]
    [InlineData("""{"amount":1,"order_id":"x"}""", "parameter_missing", "currency")]
    [InlineData("""{"amount":1,"currency":"USD"}""", "parameter_missing", "order_id")]
    [InlineData("", "parameter_missing", "amount")]
    [InlineData("""{"amount":0,"currency":"USD","order_id":"x"}""", "amount_too_small", "amount")]
    [InlineData("""{"amount":-1,"currency":"USD","order_id":"x"}""", "amount_too_small", "amount")]
    [InlineData("""{"amount":9223372036854775807,"currency":"USD","order_id":"x"}""", "amount_too_large", "amount")]
    [InlineData("""{"amount":1.0,"currency":"USD","order_id":"x"}""", "parameter_invalid", "amount")]
    [InlineData("""{"amount":"1","currency":"USD","order_id":"x"}""", "parameter_invalid", "amount")]
    [InlineData("""{"amount":1,"currency":"XAU","order_id":"x"}""", "currency_not_supported", "currency")]
    [InlineData("""{"amount":1,"currency":"ＵＳＤ","order_id":"x"}""", "currency_not_supported", "currency")]
    [InlineData("""{"amount":1,"currency":"","order_id":"x"}""", "parameter_invalid", "currency")]
    [InlineData("""{"amount":1,"currency":840,"order_id":"x"}""", "parameter_invalid", "currency")]
    [InlineData("""{"amount":1,"currency":"USD","order_id":""}""", "parameter_invalid", "order_id")]
    [InlineData("""{"amount":1,"currency":"USD","order_id":"a\nb"}""", "parameter_invalid", "order_id")]
    [InlineData("""{"amount":1,"currency":"USD","order_id":7}""", "parameter_invalid", "order_id")]
    [InlineData("""{"ammount":1,"currency":"USD","order_id":"x"}""", "parameter_unknown", "ammount")]
    [InlineData("""{"AMOUNT":1,"currency":"USD","order_id":"x"}""", "parameter_unknown", "AMOUNT")]
    public async Task A_request_that_breaks_a_rule_is_refused_with_its_member(string body, string code, string param)
    {
        var client = await server.NewClientAsync();
        var reply = await client.PostAsync(Create, body.Length == 0 ? null : body);
        reply.Code.ShouldBe(code, reply.Text);
        reply.Param.ShouldBe(param);
        reply.Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("\"tax_amount\":-1", "tax_amount")]
    [InlineData("\"expires_in\":299", "expires_in")]
    [InlineData("\"expires_in\":86401", "expires_in")]
    [InlineData("\"success_url\":\"http://shop.example\"", "success_url")]
    [InlineData("\"success_url\":\"//evil.example\"", "success_url")]
    [InlineData("\"success_url\":\"https:evil.example\"", "success_url")]
    [InlineData("\"success_url\":\"/\\\\evil.example\"", "success_url")]
    [InlineData("\"success_url\":\"javascript:alert(1)\"", "success_url")]
    [InlineData("\"success_url\":\" https://shop.example\"", "success_url")]
    [InlineData("\"success_url\":\"https://shop.example/\\r\\nX: y\"", "success_url")]
    [InlineData("\"success_url\":\"https://user@shop.example\"", "success_url")]
    [InlineData("\"success_url\":\"https://[6:0:0:0:0:0:0:e:/1]\"", "success_url")]
    [InlineData("\"success_url\":\"http://localhost.evil.example\"", "success_url")]
    [InlineData("\"cancel_url\":\"https://\"", "cancel_url")]
    [InlineData("\"email\":\"nobody\"", "email")]
    [InlineData("\"metadata\":[]", "metadata")]
    [InlineData("\"metadata\":{\"\":\"x\"}", "metadata.")]
    [InlineData("\"line_items\":{}", "line_items")]
    [InlineData("\"line_items\":[1]", "line_items[0]")]
    [InlineData("\"line_items\":[{\"quantity\":1}]", "line_items[0].price_data")]
    [InlineData(
        "\"line_items\":[{\"quantity\":0,\"price_data\":{\"currency\":\"USD\",\"unit_amount\":1,\"product_data\":{\"name\":\"n\"}}}]",
        "line_items[0].quantity"
    )]
    [InlineData(
        "\"line_items\":[{\"quantity\":1,\"price_data\":{\"currency\":\"EUR\",\"unit_amount\":1,\"product_data\":{\"name\":\"n\"}}}]",
        "line_items[0].price_data.currency"
    )]
    [InlineData(
        "\"line_items\":[{\"quantity\":1,\"price_data\":{\"currency\":\"USD\",\"unit_amount\":1,\"product_data\":{\"name\":\"n\",\"sku\":1}}}]",
        "line_items[0].price_data.product_data.sku"
    )]
    [InlineData("\"status\":\"paid\"", "status")]
    [InlineData("\"merchant_id\":\"mer_1\"", "merchant_id")]
    [InlineData("\"livemode\":true", "livemode")]
    public async Task API_17_optional_members_are_checked_and_foreign_ones_refused(string member, string param)
    {
        var client = await server.NewClientAsync();
        var reply = await client.PostAsync(Create, BodyOf(member));
        reply.Status.ShouldBe(HttpStatusCode.BadRequest, reply.Text);
        reply.Param.ShouldBe(param, reply.Text);
    }

    [Fact]
    public async Task Lengths_are_counted_in_characters_and_reach_their_limits()
    {
        var client = await server.NewClientAsync();
        foreach (var (member, most) in new[] { ("description", 500), ("order_id", 64) })
        {
            foreach (var letter in new[] { "x", "茶", "😀" })
            {
                var fits = string.Concat(Enumerable.Repeat(letter, most - 10)) + Guid.NewGuid().ToString("N")[..10];
                (await client.PostAsync(Create, Body(member, fits))).ShouldBeOk();
                (await client.PostAsync(Create, Body(member, fits + letter))).ShouldBeRefused(
                    ErrorCode.ParameterInvalid,
                    member
                );
            }
        }
        var url = "https://shop.example/" + new string('a', 512 - 21);
        (await client.PostAsync(Create, BodyOf($"\"success_url\":\"{url}\""))).ShouldBeOk();
        (await client.PostAsync(Create, BodyOf($"\"success_url\":\"{url}a\""))).ShouldBeRefused(
            ErrorCode.ParameterInvalid,
            "success_url"
        );
        var metadata = string.Join(",", Enumerable.Range(0, 50).Select(i => $"\"k{i}\":\"v\""));
        (await client.PostAsync(Create, BodyOf($"\"metadata\":{{{metadata}}}"))).ShouldBeOk();
        (await client.PostAsync(Create, BodyOf($"\"metadata\":{{{metadata},\"k\":1}}"))).ShouldBeRefused(
            ErrorCode.ParameterInvalid,
            "metadata"
        );

        static string Body(string member, string value) =>
            member == "order_id" ? BodyOf("", value) : BodyOf($"\"{member}\":\"{value}\"");
    }

    [Theory]
    [InlineData(2599, 1000, 2, 399, 200, true)]
    [InlineData(2598, 1000, 2, 399, 200, false)]
    [InlineData(2599, 9223372036854775807, 9223372036854775807, 0, 0, false)]
    [InlineData(1, 9223372036854775807, 2, 3, 0, false)]
    public async Task Line_items_with_tax_and_shipping_add_up_to_the_amount(
        long amount,
        long unit,
        long quantity,
        long tax,
        long shipping,
        bool fits
    )
    {
        var client = await server.NewClientAsync();
        var line =
            $$$"""{"price_data":{"currency":"usd","unit_amount":{{{unit}}},"product_data":{"name":"n"}},"quantity":{{{quantity}}}}""";
        var body =
            $$"""{"amount":{{amount}},"currency":"USD","order_id":"{{NewOrder()}}","line_items":[{{line}}],"tax_amount":{{tax}},"shipping_amount":{{shipping}}}""";
        var reply = await client.PostAsync(Create, body);
        if (fits)
            reply.ShouldBeOk();
        else
            reply.ShouldBeRefused(ErrorCode.AmountMismatch, "amount");
    }

    [Fact]
    public async Task API_10_text_in_any_script_comes_back_as_it_was_given()
    {
        string[] naughty =
        [
            "\u202Etxt.exe",
            "a\u200Bb\u200D\uFEFFc",
            "е\u0301é e\u0301",
            "<script>alert(1)</script>",
            "'; drop table sessions; --",
            "Ω≈ç√∫˜µ≤≥÷",
            "田中さんにあげて下さい",
            "😀👩‍👩‍👧‍👧🏳️‍🌈",
            "הָיְתָה",
            "﷽",
            "\u0007\u001b[31m",
            "\t\r\n",
            "${jndi:ldap://x}",
            "{{7*7}}",
            "\"\\/\b\f",
        ];
        var client = await server.NewClientAsync();
        foreach (var text in naughty)
        {
            var body = BodyOf(
                $"\"description\":{JsonSerializer.Serialize(text)},\"metadata\":{{\"k\":{JsonSerializer.Serialize(text)}}}"
            );
            var created = (await client.PostAsync(Create, body)).ShouldBeOk();
            var read = (await client.GetAsync($"/api/v1/checkout/sessions/{created.Id}")).ShouldBeOk();
            read.Json.GetProperty("metadata").GetProperty("k").GetString().ShouldBe(text);
            read.Json.GetProperty("metadata").GetProperty("description").GetString().ShouldBe(text);
        }
    }

    [Theory]
    [InlineData("JPY", 1000)]
    [InlineData("EUR", 1999)]
    [InlineData("KWD", 1500)]
    public async Task API_22_a_converted_amount_is_rounded_up_and_written_without_any_culture(
        string currency,
        long amount
    )
    {
        var client = await server.NewClientAsync();
        var created = (
            await client.PostAsync(
                Create,
                $$"""{"amount":{{amount}},"currency":"{{currency.ToLowerInvariant()}}","order_id":"{{NewOrder()}}"}"""
            )
        )
            .ShouldBeOk()
            .Json;
        var rate = created.GetProperty("exchange_rate").GetString()!;
        rate.ShouldMatch("^(0|[1-9][0-9]*)\\.[0-9]{1,12}$");
        var units = Currency.Find(currency)!.MinorUnits;
        var cents = decimal.Parse(rate, CultureInfo.InvariantCulture) * amount * 100 / (decimal)Math.Pow(10, units);
        created.GetProperty("target_amount_total").GetInt64().ShouldBe((long)decimal.Ceiling(cents));
        var quote = (await client.PostAsync("/api/v1/quotes", $$"""{"amount":{{amount}},"currency":"{{currency}}"}"""))
            .ShouldBeOk()
            .Json;
        quote.GetProperty("exchange_rate").GetString().ShouldBe(rate);
    }
}
