using System.Numerics;
using StablePay.Engine.Rates;
using StablePay.Engine.Rates.Sources;

namespace StablePay.Engine.Tests.Rates;

/// <summary>The sources against answers of real days (see the folder's README).</summary>
public sealed class RecordedAnswerTests
{
    [Fact]
    public void Ecb_of_a_real_day_is_crossed_to_the_dollar()
    {
        var answer = Read(new EcbDailyRates(), "ecb-2025-10-09.xml");
        answer.Faults.ShouldBeEmpty();
        answer
            .Readings.Select(r => r.Currency.Code)
            .ShouldBe(
                Currency.All.Select(c => c.Code).Except([.. RateSourceTests.LackedByEcb, "USD"]),
                ignoreOrder: true
            );
        answer.Readings.ShouldAllBe(r => r.AsOf.ToString() == "2025-10-09T15:00:00.000Z");
        Text(answer, "EUR").ShouldBe("1.1611");
        Text(answer, "GBP").ShouldBe("1.337210641483"); // 1.1611 ÷ 0.86830
        Text(answer, "IDR").ShouldBe("0.000060387026"); // 1.1611 ÷ 19227.64
    }

    [Fact]
    public void Open_er_api_of_a_real_day_holds_every_currency()
    {
        var answer = Read(new OpenExchangeRateApi(), "open.er-api-2024-08-19.json");
        ShouldBeComplete(answer, "2024-08-19T00:02:31.000Z");
        Text(answer, "EUR").ShouldBe("1.101881021091"); // 1 ÷ 0.907539
        Text(answer, "VND").ShouldBe("0.000039922562"); // 1 ÷ 25048.492735
    }

    [Fact]
    public void Floatrates_of_a_real_day_holds_every_currency()
    {
        var answer = Read(new FloatRates(), "floatrates-2024-01-13.json");
        ShouldBeComplete(answer, "2024-01-13T11:55:01.000Z");
        Text(answer, "EUR").ShouldBe("1.096047595472"); // its own inverse rate is 1.0960475954722
        Text(answer, "VND").ShouldBe("0.00004098334"); // 4.0983340281865e-5
    }

    [Fact]
    public void Currency_api_of_a_real_day_holds_every_currency()
    {
        var answer = Read(new CurrencyApi(), "currency-api-2026-09-29.json");
        ShouldBeComplete(answer, "2026-09-29T00:00:00.000Z");
        Text(answer, "EUR").ShouldBe("1.13607202733"); // 1 ÷ 0.88022588
        Text(answer, "KWD").ShouldBe("3.239266544538"); // 1 ÷ 0.30871186
    }

    [Fact]
    public void Bundled_table_is_what_its_day_was_recorded_as()
    {
        var bundled = BundledRates.Read();
        bundled.Date.ShouldBe("2026-09-29");
        foreach (var reading in Read(new CurrencyApi(), "currency-api-2026-09-29.json").Readings)
        {
            var rate = bundled.Find(reading.Currency).ShouldNotBeNull().Unscaled;
            // Six digits: off by half of the sixth at most.
            (BigInteger.Abs(rate - reading.Rate.Unscaled) * 200_000).ShouldBeLessThanOrEqualTo(reading.Rate.Unscaled);
        }
    }

    [Theory]
    [InlineData("Sun, 1 Nov 2026 11:55:01 GMT", "2026-11-01T11:55:01.000Z")]
    [InlineData("Sun, 01 Nov 2026 11:55:01 GMT", "2026-11-01T11:55:01.000Z")]
    [InlineData("Tue, 24 Nov 2026 23:55:01 GMT", "2026-11-24T23:55:01.000Z")]
    public void Floatrates_writes_the_day_with_one_digit_or_two(string date, string time) =>
        Float("0.88", date, "1.1363636").Readings.ShouldHaveSingleItem().AsOf.ToString().ShouldBe(time);

    [Theory]
    [InlineData("1.1363636", "1.1363636")]
    [InlineData("0.88", "1.2")]
    [InlineData("0.88", "0")]
    [InlineData("0.88", "\"1.1363636\"")]
    public void FX_03_floatrates_entry_that_contradicts_itself_is_refused(string rate, string inverse)
    {
        var answer = Float(rate, "Tue, 24 Nov 2026 23:55:01 GMT", inverse);
        answer.Readings.ShouldBeEmpty();
        answer
            .Faults.ShouldHaveSingleItem()
            .Reason.ShouldBe("EUR: its rate and its inverse rate contradict each other");
    }

    private static RateAnswer Float(string rate, string date, string inverse)
    {
        var entry = $$$"""{"eur":{"code":"EUR","rate":{{{rate}}},"date":"{{{date}}}","inverseRate":{{{inverse}}}}}""";
        return new FloatRates().Parse(System.Text.Encoding.UTF8.GetBytes(entry));
    }

    private static RateAnswer Read(IRateSource source, string file) =>
        source.Parse(
            File.ReadAllBytes(RepositoryRoot.Of("tests", "StablePay.Engine.Tests", "Rates", "Recorded", file))
        );

    private static void ShouldBeComplete(RateAnswer answer, string asOf)
    {
        answer.Faults.ShouldBeEmpty();
        answer.Readings.Select(r => r.Currency).ShouldBe(Currency.All.Where(c => c != Currency.Usd), ignoreOrder: true);
        answer.Readings.ShouldAllBe(r => r.AsOf.ToString() == asOf);
    }

    private static string Text(RateAnswer answer, string code) =>
        answer.Readings.Single(r => r.Currency.Code == code).Rate.ToString();
}
