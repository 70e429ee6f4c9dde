using System.Text;
using CsCheck;
using StablePay.Engine.Rates;
using StablePay.Engine.Rates.Sources;

namespace StablePay.Engine.Tests.Rates;

public sealed class RateSourceTests
{
    public static readonly string[] LackedByEcb = ["VND", "AED", "SAR", "QAR", "KWD", "OMR", "BHD"];

    private static readonly IRateSource Ecb = new EcbDailyRates();
    private static readonly IRateSource Open = new OpenExchangeRateApi();
    private static readonly IRateSource Float = new FloatRates();
    private static readonly IRateSource Api = new CurrencyApi();

    private static readonly (IRateSource Source, string Answer)[] All =
    [
        (Ecb, Answers.Ecb),
        (Open, Answers.OpenExchangeRateApi),
        (Float, Answers.FloatRates),
        (Api, Answers.CurrencyApi),
    ];

    [Fact]
    public void Ecb_is_crossed_over_the_euro()
    {
        var read = Parse(Ecb, Answers.Ecb);
        read.Faults.ShouldBeEmpty();
        read.Readings.Select(r => r.Currency.Code)
            .Order()
            .ShouldBe(Currency.All.Select(c => c.Code).Except(LackedByEcb).Except(["USD"]).Order());
        read.Readings.ShouldAllBe(r => r.Source == "ecb" && r.AsOf == At(2026, 11, 23, 15, 0, 0));
        RateOf(read, "EUR").ShouldBe(Rate.From(10846, 10000));
        RateOf(read, "JPY").ShouldBe(Rate.From(108460, 16793000)); // 1.0846 ÷ 167.93
    }

    [Fact]
    public void Open_exchange_rate_api_is_inverted()
    {
        var read = Parse(Open, Answers.OpenExchangeRateApi);
        WholeAndOf(read, "open.er-api", At(2026, 11, 24, 0, 2, 31));
        RateOf(read, "AUD").ShouldBe(Rate.From(100000, 153107));
    }

    [Fact]
    public void Float_rates_are_inverted_and_dated_each()
    {
        var read = Parse(Float, Answers.FloatRates);
        WholeAndOf(read, "floatrates", At(2026, 11, 23, 23, 55, 8));
        RateOf(read, "BRL").ShouldBe(Rate.From(10_000_000_000_000, 57_796_414_112_204));
    }

    [Fact]
    public void Currency_api_is_inverted_and_dated_by_the_start_of_its_day()
    {
        var read = Parse(Api, Answers.CurrencyApi);
        WholeAndOf(read, "currency-api", At(2026, 11, 24, 0, 0, 0));
        RateOf(read, "BRL").ShouldBe(Rate.From(100_000_000, 578_311_163));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("0.0")]
    [InlineData("-5.79179")]
    [InlineData("1e400")]
    [InlineData("1e99")]
    [InlineData("1e-99")]
    [InlineData("\"5.79179\"")]
    [InlineData("\"5,79179\"")]
    [InlineData("\"NaN\"")]
    [InlineData("null")]
    [InlineData("true")]
    [InlineData("[5.79179]")]
    [InlineData("{}")]
    [InlineData("0.00000000000000000000000000000000000000000001")]
    public void FX_03_a_number_that_is_no_rate_is_a_fault_and_the_others_stand(string number)
    {
        foreach (
            var (source, text) in new[]
            {
                (Open, Answers.OpenExchangeRateApi.Replace("\"BRL\":5.79179", $"\"BRL\":{number}")),
                (Float, Answers.FloatRates.Replace("\"rate\":5.7796414112204", $"\"rate\":{number}")),
                (Api, Answers.CurrencyApi.Replace("\"brl\": 5.78311163", $"\"brl\": {number}")),
            }
        )
        {
            var read = Parse(source, text);
            read.Readings.Count.ShouldBe(20, source.Name);
            read.Readings.ShouldNotContain(r => r.Currency.Code == "BRL");
            read.Faults.ShouldHaveSingleItem().Reason.ShouldStartWith("BRL: ");
        }
    }

    [Theory]
    [InlineData("NaN")]
    [InlineData("5,79179")]
    [InlineData("+5.79")]
    [InlineData("05.79")]
    [InlineData("Infinity")]
    public void FX_03_a_word_or_a_comma_in_place_of_a_number_breaks_the_whole_answer(string number)
    {
        var read = Parse(Open, Answers.OpenExchangeRateApi.Replace("\"BRL\":5.79179", $"\"BRL\":{number}"));
        read.Readings.ShouldBeEmpty();
        read.Faults.ShouldHaveSingleItem().Reason.ShouldContain("cannot be read");
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-6.2811")]
    [InlineData("6,2811")]
    [InlineData("NaN")]
    [InlineData("1e400")]
    [InlineData("1e-30")]
    [InlineData("1e40")]
    [InlineData(" 6.2811")]
    [InlineData("")]
    public void FX_03_ecb_a_number_that_is_no_rate_is_a_fault_and_the_others_stand(string number)
    {
        var read = Parse(Ecb, Answers.Ecb.Replace("6.2811", number));
        read.Readings.ShouldNotContain(r => r.Currency.Code == "BRL");
        read.Readings.Count.ShouldBe(13);
        read.Faults.ShouldHaveSingleItem().Reason.ShouldStartWith("BRL");
    }

    [Theory]
    [InlineData("5.79179e0", 579179, 100000)]
    [InlineData("57.9179E-1", 579179, 100000)]
    [InlineData("0.0579179e+2", 579179, 100000)]
    [InlineData("6", 6, 1)]
    public void An_exponent_is_read_exactly(string number, long units, long per)
    {
        var read = Parse(Open, Answers.OpenExchangeRateApi.Replace("\"BRL\":5.79179", $"\"BRL\":{number}"));
        RateOf(read, "BRL").ShouldBe(Rate.From(per, units));
    }

    /// <summary>A number that no floating type holds comes through digit by digit.</summary>
    [Fact]
    public void A_number_never_passes_through_a_floating_type()
    {
        var read = Parse(
            Open,
            Answers.OpenExchangeRateApi.Replace("\"BRL\":5.79179", "\"BRL\":1.0000000000000000000000000001")
        );
        RateOf(read, "BRL").ShouldBe(Rate.One);
        var swapped = Parse(
            Open,
            Answers.OpenExchangeRateApi.Replace("\"BRL\":5.79179", "\"BRL\":0.00012345678901234567")
        );
        RateOf(swapped, "BRL").ShouldBe(Rate.From(System.Numerics.BigInteger.Pow(10, 20), 12_345_678_901_234_567));
    }

    [Fact]
    public void FX_03_a_wrong_base_is_refused()
    {
        Refused(Open, Answers.OpenExchangeRateApi.Replace("\"base_code\":\"USD\"", "\"base_code\":\"EUR\""))
            .ShouldContain("base");
        Refused(Open, Answers.OpenExchangeRateApi.Replace("\"USD\":1,", "\"USD\":1.0846,")).ShouldContain("base");
        Refused(Float, Answers.FloatRates.Replace("\"chf\":", "\"usd\":")).ShouldContain("base");
        Refused(Api, Answers.CurrencyApi.Replace("\"usd\": {", "\"eur\": {")).ShouldContain("base");
        Refused(Api, Answers.CurrencyApi.Replace("\"usd\": 1,", "\"usd\": 1.0846,")).ShouldContain("base");
        Refused(Ecb, Answers.Ecb.Replace("currency='ZAR'", "currency='EUR'")).ShouldContain("base");
        Refused(Ecb, Answers.Ecb.Replace("currency='USD'", "currency='USX'")).ShouldContain("dollar");
    }

    [Fact]
    public void FX_03_a_missing_or_mangled_date_is_refused()
    {
        Refused(Open, Answers.OpenExchangeRateApi.Replace("time_last_update_unix", "time")).ShouldContain("date");
        Refused(Open, Answers.OpenExchangeRateApi.Replace("1795478551", "17954785510000")).ShouldContain("date");
        Refused(Open, Answers.OpenExchangeRateApi.Replace("1795478551", "-1")).ShouldContain("date");
        Refused(Api, Answers.CurrencyApi.Replace("2026-11-24", "24.11.2026")).ShouldContain("date");
        Refused(Ecb, Answers.Ecb.Replace("time='2026-11-23'", "")).ShouldContain("date");
        Refused(Ecb, Answers.Ecb.Replace("2026-11-23", "2026-13-23")).ShouldContain("date");
        Refused(Ecb, Answers.Ecb.Replace("<Cube>", "<Cube time='2026-11-20'>")).ShouldContain("more than one");
        var float1 = Parse(Float, Answers.FloatRates.Replace("Mon, 23 Nov 2026", "Tue, 23 Nov 2026"));
        float1.Readings.ShouldBeEmpty();
        float1.Faults.Count.ShouldBe(21);
    }

    [Fact]
    public void FX_03_a_swapped_key_is_refused()
    {
        var read = Parse(Float, Answers.FloatRates.Replace("\"brl\":{\"code\":\"BRL\"", "\"brl\":{\"code\":\"MXN\""));
        read.Readings.Count.ShouldBe(20);
        read.Faults.ShouldHaveSingleItem().Reason.ShouldContain("another currency");
    }

    [Fact]
    public void FX_03_a_currency_that_stands_twice_is_refused()
    {
        Refused(Ecb, Answers.Ecb.Replace("currency='ZAR'", "currency='BRL'")).ShouldContain("twice");
        Refused(Open, Answers.OpenExchangeRateApi.Replace("\"ZAR\"", "\"BRL\"")).ShouldContain("cannot be read");
        Refused(Api, Answers.CurrencyApi.Replace("\"zwl\"", "\"brl\"")).ShouldContain("cannot be read");
    }

    [Fact]
    public void An_answer_that_says_it_failed_or_hides_a_document_type_is_refused()
    {
        Refused(Open, """{"result":"error","error-type":"quota-reached"}""").ShouldContain("no result");
        Refused(
                Ecb,
                "<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\">]>\n"
                    + Answers.Ecb[(Answers.Ecb.IndexOf('\n') + 1)..]
            )
            .ShouldContain("cannot be read");
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("<html><body>502 Bad Gateway</body></html>")]
    [InlineData("{\"result\":1,\"date\":2,\"usd\":3,\"brl\":4}")]
    [InlineData("\uFEFF")]
    public void An_answer_of_another_kind_gives_no_reading(string text)
    {
        foreach (var (source, _) in All)
            Parse(source, text).Readings.ShouldBeEmpty(source.Name);
    }

    /// <summary>Cut, overwritten, repeated and shuffled bytes: readings or faults, and never an exception.</summary>
    [Fact]
    public void FX_03_no_mutation_of_an_answer_makes_a_parser_throw() =>
        Gen.Select(
                Gen.Int[0, All.Length - 1],
                Gen.Select(Gen.Int[0, 20_000], Gen.Int[0, 5], Gen.Byte, Gen.Int[0, 40]).Array[1, 6]
            )
            .Sample(
                (which, edits) =>
                {
                    var (source, text) = All[which];
                    var bytes = Encoding.UTF8.GetBytes(text).ToList();
                    foreach (var edit in edits)
                        Mutate(bytes, edit.Item1, edit.Item2, edit.Item3, edit.Item4);
                    var read = source.Parse(bytes.ToArray());
                    return read.Readings.All(r =>
                            r.Rate.Unscaled.Sign > 0 && r.Source == source.Name && r.Currency != Currency.Usd
                        )
                        && read.Readings.Select(r => r.Currency).Distinct().Count() == read.Readings.Count
                        && read.Readings.All(r => r.Rate.ToString().Length > 0);
                },
                iter: 20_000
            );

    [Fact]
    public void Answers_are_read_alike_in_every_culture()
    {
        var before = CultureInfo.CurrentCulture;
        var plain = All.Select(a => Parse(a.Source, a.Answer)).ToList();
        foreach (var culture in new[] { "de-DE", "tr-TR", "fa-IR", "ar-SA" })
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
            try
            {
                for (var i = 0; i < All.Length; i++)
                    Parse(All[i].Source, All[i].Answer).Readings.ShouldBe(plain[i].Readings, culture);
            }
            finally
            {
                CultureInfo.CurrentCulture = before;
            }
        }
    }

    private static void Mutate(List<byte> bytes, int at, int how, byte value, int length)
    {
        if (bytes.Count == 0)
            return;
        at %= bytes.Count;
        length = Math.Min(length, bytes.Count - at);
        switch (how)
        {
            case 0:
                bytes[at] = value;
                break;
            case 1:
                bytes.RemoveRange(at, length);
                break;
            case 2:
                bytes.InsertRange(at, bytes.GetRange(at, length));
                break;
            case 3:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            // Stays text more often than an arbitrary byte does, and so gets deeper.
            case 4:
                bytes[at] = (byte)"0123456789.-+eE,\"'<>{}[]: nul"[value % 29];
                break;
            default:
                bytes.Insert(at, (byte)('0' + (value % 10)));
                break;
        }
    }

    private static void WholeAndOf(RateAnswer read, string source, Instant asOf)
    {
        read.Faults.ShouldBeEmpty();
        read.Readings.Select(r => r.Currency).ShouldBe(Currency.All.Where(c => c != Currency.Usd));
        read.Readings.ShouldAllBe(r => r.Source == source && r.AsOf == asOf);
    }

    private static string Refused(IRateSource source, string text)
    {
        var read = Parse(source, text);
        read.Readings.ShouldBeEmpty(source.Name);
        return read.Faults[0].Reason;
    }

    private static Rate RateOf(RateAnswer read, string code) => read.Readings.Single(r => r.Currency.Code == code).Rate;

    private static RateAnswer Parse(IRateSource source, string text) => source.Parse(Encoding.UTF8.GetBytes(text));

    private static Instant At(int year, int month, int day, int hour, int minute, int second) =>
        Instant.From(new DateTimeOffset(year, month, day, hour, minute, second, TimeSpan.Zero));
}
