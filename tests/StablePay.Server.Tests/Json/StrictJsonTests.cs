using System.Diagnostics;
using CsCheck;
using StablePay.Server.Api.Json;

namespace StablePay.Server.Tests.Json;

/// <summary>The reader of raw bytes, without a server around it.</summary>
public sealed class StrictJsonTests
{
    private static Rejection? Refusal(string json) => Refusal(Encoding.UTF8.GetBytes(json));

    private static Rejection? Refusal(byte[] json) => JsonBody.Read(json).Rejection;

    [Theory]
    [InlineData("""{"amount":1,"amount":100}""", "amount")]
    [InlineData("""{"a":{"b":1,"c":2,"b":3}}""", "a.b")]
    [InlineData("""{"a":[{},{"x":1,"\u0078":2}]}""", "a[1].x")]
    [InlineData("""{"\u0061mount":1,"amount":2}""", "amount")]
    public void API_05_duplicate_members_are_refused_with_their_name(string json, string param)
    {
        var refusal = Refusal(json).ShouldNotBeNull();
        refusal.Code.ShouldBe(ErrorCode.JsonInvalid);
        refusal.Param.ShouldBe(param);
    }

    [Fact]
    public void API_05_a_duplicate_among_many_members_is_found()
    {
        var many = string.Join(",", Enumerable.Range(0, 900).Select(i => $"\"m{i}\":{i}"));
        Refusal($"{{{many},\"m7\":0}}").ShouldNotBeNull().Param.ShouldBe("m7");
        Refusal($"{{{many}}}").ShouldBeNull();
    }

    [Fact]
    public void API_05_names_that_differ_in_case_are_two_members() =>
        Refusal("""{"amount":1,"AMOUNT":2}""").ShouldBeNull();

    [Theory]
    [InlineData("1.0")]
    [InlineData("1e2")]
    [InlineData("1E2")]
    [InlineData("\"1\"")]
    [InlineData("\"+1\"")]
    [InlineData("-0")]
    [InlineData("0.5")]
    [InlineData("12345678901234567890")]
    [InlineData("9223372036854775808")]
    [InlineData("-9223372036854775809")]
    [InlineData("true")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("\"١\"")]
    public void API_07_what_is_not_a_plain_integer_is_refused(string value)
    {
        var body = JsonBody.Read(Encoding.UTF8.GetBytes($$"""{"amount":{{value}}}""")).Value;
        body.Root.Integer("amount", long.MinValue);
        body.Rejection.ShouldNotBeNull().Code.ShouldBe(ErrorCode.ParameterInvalid);
        body.Rejection.Param.ShouldBe("amount");
    }

    [Theory]
    [InlineData("+1")]
    [InlineData("01")]
    [InlineData("NaN")]
    [InlineData("-")]
    [InlineData("١")]
    [InlineData("１")]
    [InlineData("0x1")]
    [InlineData("1_000")]
    [InlineData(".5")]
    public void API_07_what_is_no_json_number_is_refused(string value) =>
        Refusal($$"""{"amount":{{value}}}""").ShouldNotBeNull().Code.ShouldBe(ErrorCode.JsonInvalid);

    [Fact]
    public void API_07_every_integer_of_64_bits_is_read_exactly() =>
        Gen.Long.Sample(number =>
        {
            var json = string.Create(CultureInfo.InvariantCulture, $"{{\"n\":{number}}}");
            var body = JsonBody.Read(Encoding.UTF8.GetBytes(json)).Value;
            return body.Root.Integer("n", long.MinValue) == number && body.Rejection is null;
        });

    public static TheoryData<string, byte[]> BrokenBytes =>
        new()
        {
            { "a lone continuation byte", [0x22, 0x80, 0x22] },
            { "an overlong slash", [0x22, 0xC0, 0xAF, 0x22] },
            { "an overlong NUL", [0x22, 0xC0, 0x80, 0x22] },
            { "a surrogate in UTF-8", [0x22, 0xED, 0xA0, 0x80, 0x22] },
            { "above U+10FFFF", [0x22, 0xF4, 0x90, 0x80, 0x80, 0x22] },
            { "a cut sequence", [0x22, 0xE2, 0x82, 0x22] },
            { "0xFF", [0x22, 0xFF, 0x22] },
            { "Latin-1", [0x22, 0xE9, 0x22] },
            { "a raw NUL", [0x22, 0x00, 0x22] },
        };

    [Theory]
    [MemberData(nameof(BrokenBytes))]
    public void API_08_text_that_is_not_utf8_is_refused(string what, byte[] text)
    {
        byte[] value = [.. "{\"a\":"u8, .. text, .. "}"u8];
        Refusal(value).ShouldNotBeNull(what).Code.ShouldBe(ErrorCode.JsonInvalid, what);
        byte[] name = [.. "{"u8, .. text, .. ":1}"u8];
        Refusal(name).ShouldNotBeNull(what).Code.ShouldBe(ErrorCode.JsonInvalid, what);
    }

    [Fact]
    public void API_08_a_byte_order_mark_and_utf16_are_refused()
    {
        Refusal([0xEF, 0xBB, 0xBF, .. "{}"u8]).ShouldNotBeNull().Code.ShouldBe(ErrorCode.JsonInvalid);
        Refusal(Encoding.Unicode.GetBytes("{}")).ShouldNotBeNull().Code.ShouldBe(ErrorCode.JsonInvalid);
        Refusal([0xFE, 0xFF, .. Encoding.BigEndianUnicode.GetBytes("{}")]).ShouldNotBeNull();
    }

    [Theory]
    [InlineData("""{"a":"\uD800"}""", "a")]
    [InlineData("""{"a":"x\uDC00y"}""", "a")]
    [InlineData("""{"a":"\uD800\uD800"}""", "a")]
    [InlineData("""{"a":"\uD83D\n"}""", "a")]
    [InlineData("""{"a":"\u0000"}""", "a")]
    [InlineData("""{"a":{"b":["x","\ud800"]}}""", "a.b[1]")]
    public void API_08_half_surrogates_and_nul_are_refused_with_their_place(string json, string param)
    {
        var refusal = Refusal(json).ShouldNotBeNull();
        refusal.Code.ShouldBe(ErrorCode.JsonInvalid);
        refusal.Param.ShouldBe(param);
    }

    [Fact]
    public void API_08_half_a_surrogate_in_a_name_is_refused() =>
        Refusal("""{"\uD800":1}""").ShouldNotBeNull().Code.ShouldBe(ErrorCode.JsonInvalid);

    [Fact]
    public void API_08_whole_pairs_and_backslashes_before_u_are_fine()
    {
        Refusal("""{"a":"\uD83D\uDE00","b":"\\uD800","c":"\\\\u0000","d":"茶杯😀"}""").ShouldBeNull();
        var body = JsonBody.Read("""{"a":"\uD83D\uDE00"}"""u8.ToArray()).Value;
        body.Root.Text("a", 1).ShouldBe("😀");
        body.Rejection.ShouldBeNull();
    }

    [Theory]
    [InlineData("{")]
    [InlineData("{}{}")]
    [InlineData("{} x")]
    [InlineData("{\"a\":1,}")]
    [InlineData("{/* */}")]
    [InlineData("{'a':1}")]
    [InlineData("{a:1}")]
    [InlineData("{\"a\":}")]
    [InlineData("[]")]
    [InlineData("\"a\"")]
    [InlineData("null")]
    [InlineData("1")]
    [InlineData(" ")]
    [InlineData("{\"a\":\"\t\"}")]
    [InlineData("{\"a\":\"\\x\"}")]
    [InlineData("{\"a\":\"\\u12\"}")]
    public void What_is_not_one_json_object_is_refused(string json) =>
        Refusal(json).ShouldNotBeNull().Code.ShouldBe(ErrorCode.JsonInvalid);

    [Fact]
    public void No_body_reads_as_no_members() => Refusal("").ShouldBeNull();

    [Fact]
    public void API_09_depth_members_and_text_have_limits()
    {
        Refusal(Nested(JsonTape.MaxDepth)).ShouldBeNull();
        Refusal(Nested(JsonTape.MaxDepth + 1)).ShouldNotBeNull().Code.ShouldBe(ErrorCode.JsonInvalid);
        Refusal($"{{\"a\":[{Numbers(JsonTape.MaxMembers)}]}}").ShouldBeNull();
        Refusal($"{{\"a\":[{Numbers(JsonTape.MaxMembers + 1)}]}}").ShouldNotBeNull().Param.ShouldBe("a");
        Refusal($"{{\"a\":\"{new string('x', JsonTape.MaxText)}\"}}").ShouldBeNull();
        Refusal($"{{\"a\":\"{new string('x', JsonTape.MaxText + 1)}\"}}").ShouldNotBeNull().Param.ShouldBe("a");
        Refusal($"{{\"a\":\"{new string('茶', JsonTape.MaxText)}\"}}").ShouldBeNull();
    }

    [Fact]
    public void API_09_no_body_of_the_allowed_size_takes_long()
    {
        const int Size = 256 * 1024;
        string[] bombs =
        [
            "{\"a\":[" + string.Join(",", Enumerable.Repeat($"[{Numbers(999)}]", Size / 2000)) + "]}",
            "{\"a\":" + new string('9', Size - 10) + "}",
            "{\"a\":[" + string.Join(",", Enumerable.Repeat(Object(999, "\\u006d"), Size / 14_000)) + "]}",
            "{\"a\":" + new string('[', Size / 2) + new string(']', Size / 2) + "}",
        ];
        foreach (var bomb in bombs)
        {
            var bytes = Encoding.UTF8.GetBytes(bomb);
            JsonBody.Read(bytes);
            // Read in 5 ms on a quiet machine. Anything quadratic takes seconds; a busy machine does not.
            var best = Enumerable
                .Range(0, 10)
                .Min(_ =>
                {
                    var start = Stopwatch.GetTimestamp();
                    JsonBody.Read(bytes);
                    return Stopwatch.GetElapsedTime(start);
                });
            best.ShouldBeLessThan(TimeSpan.FromMilliseconds(250), bomb[..20]);
        }
    }

    [Theory]
    [InlineData("""{"ammount":1}""", "ammount")]
    [InlineData("""{"amount":1,"nested":{"known":1,"status":"paid"}}""", "nested.status")]
    public void API_06_unknown_members_are_refused_with_their_dotted_name(string json, string param)
    {
        var body = JsonBody.Read(Encoding.UTF8.GetBytes(json)).Value;
        body.Root.Integer("amount", 1);
        if (body.Root.OptionalObject("nested") is { } nested)
        {
            nested.OptionalInteger("known", 1);
            nested.End();
        }
        body.Root.End();
        body.Rejection.ShouldNotBeNull().Code.ShouldBe(ErrorCode.ParameterUnknown);
        body.Rejection.Param.ShouldBe(param);
    }

    [Fact]
    public void A_null_is_the_same_as_no_member()
    {
        var body = JsonBody.Read("""{"a":null,"b":null}"""u8.ToArray()).Value;
        body.Root.OptionalText("a", 10).ShouldBeNull();
        body.Rejection.ShouldBeNull();
        body.Root.Integer("b", 1);
        body.Rejection.ShouldNotBeNull().Code.ShouldBe(ErrorCode.ParameterMissing);
    }

    [Fact]
    public void Members_that_are_not_strings_come_back_as_their_json()
    {
        var body = JsonBody
            .Read("""{"m":{"a":1.50,"b":true,"c":null,"d":{"x":[1, 2]},"e":"t\u0041"}}"""u8.ToArray())
            .Value;
        var pairs = body.Root.OptionalObject("m")!.Value.TakeAll(40, 500).ToDictionary();
        body.Root.End();
        body.Rejection.ShouldBeNull();
        pairs.ShouldBe(
            new Dictionary<string, string>
            {
                ["a"] = "1.50",
                ["b"] = "true",
                ["c"] = "null",
                ["d"] = """{"x":[1, 2]}""",
                ["e"] = "tA",
            }
        );
    }

    private static string Nested(int depth) =>
        string.Concat(Enumerable.Repeat("{\"a\":", depth - 1)) + "{}" + new string('}', depth - 1);

    private static string Numbers(int count) => string.Join(",", Enumerable.Repeat("1", count));

    private static string Object(int members, string prefix) =>
        "{" + string.Join(",", Enumerable.Range(0, members).Select(i => $"\"{prefix}{i}\":1")) + "}";
}
