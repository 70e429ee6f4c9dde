using System.Net;
using Microsoft.Extensions.Time.Testing;
using StablePay.Engine.Rates;
using StablePay.Storage;

namespace StablePay.Engine.Tests.Rates;

public sealed class RateBookTests
{
    private static readonly Currency Eur = Currency.Find("EUR")!;
    private static readonly Currency Kwd = Currency.Find("KWD")!;

    // A Tuesday morning: Monday's fix is the newest of the European bank.
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 24, 10, 0, 0, TimeSpan.Zero));
    private readonly FakeFetch _fetch = FakeFetch.Whole();

    private Instant Now => Instant.From(_clock.GetUtcNow());

    [Fact]
    public async Task FX_01_every_currency_has_a_rate_from_at_least_three_sources()
    {
        await using var db = await OpenAsync();
        var book = BookOf(db);
        var report = await book.RefreshAsync(default);
        report.Faults.ShouldBeEmpty();
        report.Verdicts.Count.ShouldBe(21);
        book.LastReport.ShouldBe(report);
        foreach (var currency in Currency.All.Where(c => c != Currency.Usd))
        {
            var ecb = RateSourceTests.LackedByEcb.Contains(currency.Code) ? "" : "ecb, ";
            book.For(currency, live: true, Now)
                .Value.Source.ShouldBe(
                    $"median of {(ecb == "" ? 3 : 4)} sources: currency-api, {ecb}floatrates, open.er-api"
                );
        }
        book.For(Eur, live: true, Now).Value.Rate.ToString().ShouldStartWith("1.08");
    }

    [Fact]
    public async Task The_dollar_is_at_par_without_any_source()
    {
        await using var db = await OpenAsync();
        var book = new RateBook([], _fetch, db.Rates, _clock);
        book.For(Currency.Usd, live: true, Now).Value.ShouldBe(new LockedRate(Rate.One, "par"));
    }

    [Fact]
    public async Task FX_01_without_sources_live_mode_is_refused_and_test_mode_says_where_its_rate_is_from()
    {
        await using var db = await OpenAsync();
        var book = new RateBook([], _fetch, db.Rates, _clock);
        await book.RefreshAsync(default);
        foreach (var currency in Currency.All.Where(c => c != Currency.Usd))
        {
            var refusal = book.For(currency, live: true, Now).Rejection.ShouldNotBeNull();
            refusal.Code.ShouldBe(ErrorCode.RateUnavailable);
            refusal.Message.ShouldContain(currency.Code);
            book.For(currency, live: false, Now).Value.Source.ShouldBe("bundled table of 2026-09-29 (test mode only)");
        }
    }

    [Fact]
    public async Task Test_mode_prefers_a_real_rate()
    {
        await using var db = await OpenAsync();
        var book = BookOf(db);
        await book.RefreshAsync(default);
        book.For(Eur, live: false, Now).Value.ShouldBe(book.For(Eur, live: true, Now).Value);
    }

    [Fact]
    public async Task FX_01_two_currencies_of_one_dead_source_still_have_three()
    {
        await using var db = await OpenAsync();
        var book = BookOf(db);
        _fetch.Drop(FakeFetch.Sources[1]);
        var report = await book.RefreshAsync(default);
        report
            .Faults.ShouldHaveSingleItem()
            .ShouldBe(new RateFault("open.er-api", "HttpRequestException: connection refused"));
        book.For(Eur, live: true, Now).Value.Source.ShouldStartWith("median of 3");
        book.For(Kwd, live: true, Now).Value.Source.ShouldStartWith("mean of 2");
    }

    [Fact]
    public async Task FX_01_the_last_good_rate_serves_until_it_is_stale_and_then_live_mode_is_refused()
    {
        await using var db = await OpenAsync();
        var book = BookOf(db);
        await book.RefreshAsync(default);
        var locked = book.For(Eur, live: true, Now).Value;
        foreach (var source in FakeFetch.Sources)
            _fetch.Drop(source);
        _clock.Advance(TimeSpan.FromHours(10));
        (await book.RefreshAsync(default)).Verdicts["EUR"].ShouldBe("no source has a fresh, plausible rate");
        book.For(Eur, live: true, Now).Value.ShouldBe(locked);
        _clock.Advance(TimeSpan.FromHours(20));
        book.For(Eur, live: true, Now).Rejection.ShouldNotBeNull().Code.ShouldBe(ErrorCode.RateUnavailable);
        book.For(Eur, live: false, Now).Value.Source.ShouldContain("bundled");
    }

    [Fact]
    public async Task FX_01_one_feed_off_a_thousandfold_changes_nothing()
    {
        await using var db = await OpenAsync();
        _fetch.Put(FakeFetch.Sources[1], Answers.OpenExchangeRateApi.Replace("\"BRL\":5.79179", "\"BRL\":0.00579179"));
        var book = BookOf(db);
        var report = await book.RefreshAsync(default);
        report.Faults.ShouldHaveSingleItem().Reason.ShouldContain("another unit, or inverted");
        book.For(Currency.Find("BRL")!, live: true, Now).Value.Source.ShouldStartWith("median of 3");
    }

    /// <summary>The limit is the fake clock's; a source that heeds no token cannot hold the others up either.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_source_that_hangs_is_left_behind(bool heeds)
    {
        await using var db = await OpenAsync();
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _fetch.Put(
            FakeFetch.Sources[0],
            ct =>
            {
                asked.SetResult();
                return new TaskCompletionSource<byte[]>().Task.WaitAsync(heeds ? ct : CancellationToken.None);
            }
        );
        var book = BookOf(db);
        var refresh = book.RefreshAsync(default);
        await asked.Task;
        refresh.IsCompleted.ShouldBeFalse();
        _clock.Advance(TimeSpan.FromSeconds(15));
        var report = await refresh.WaitAsync(TimeSpan.FromSeconds(30));
        report.Faults.ShouldHaveSingleItem().ShouldBe(new RateFault("ecb", "no answer within 00:00:15"));
        book.For(Eur, live: true, Now).Value.Source.ShouldStartWith("median of 3");
    }

    [Fact]
    public async Task Stopping_the_program_ends_a_refresh()
    {
        await using var db = await OpenAsync();
        using var stop = new CancellationTokenSource();
        _fetch.Put(
            FakeFetch.Sources[0],
            ct =>
            {
                stop.Cancel();
                return new TaskCompletionSource<byte[]>().Task.WaitAsync(ct);
            }
        );
        await Should.ThrowAsync<OperationCanceledException>(() => BookOf(db).RefreshAsync(stop.Token));
    }

    [Fact]
    public async Task A_source_whose_parser_breaks_hurts_no_other()
    {
        await using var db = await OpenAsync();
        var broken = new ToldSource("broken") { Says = () => throw new InvalidCastException("a fault of ours") };
        _fetch.Put(broken, "");
        var book = new RateBook([broken, .. FakeFetch.Sources], _fetch, db.Rates, _clock);
        var report = await book.RefreshAsync(default);
        report.Faults.ShouldHaveSingleItem().ShouldBe(new RateFault("broken", "InvalidCastException: a fault of ours"));
        book.For(Eur, live: true, Now).IsOk.ShouldBeTrue();
    }

    [Fact]
    public async Task FX_04_a_jump_is_held_until_three_refreshes_in_a_row_confirm_it()
    {
        await using var db = await OpenAsync();
        var sources = new[] { "a", "b", "c" }.Select(n => new ToldSource(n)).ToList();
        sources.ForEach(s => _fetch.Put(s, ""));
        var book = new RateBook(sources, _fetch, db.Rates, _clock);
        await SayAsync(Rate.From(108, 100));
        var before = book.For(Eur, live: true, Now).Value.Rate;
        var jumped = Rate.From(130, 100);
        for (var i = 1; i <= 2; i++)
        {
            (await SayAsync(jumped)).Verdicts["EUR"].ShouldBe($"a jump to 1.3 is held, seen {i} of 3 times");
            book.For(Eur, live: true, Now).Value.Rate.ShouldBe(before);
        }
        await SayAsync(jumped);
        book.For(Eur, live: true, Now).Value.Rate.ShouldBe(jumped);

        Task<RefreshReport> SayAsync(Rate rate)
        {
            foreach (var source in sources)
                source.Says = () => new RateAnswer([new RateReading(source.Name, Eur, rate, Now)], []);
            return book.RefreshAsync(default);
        }
    }

    [Fact]
    public async Task FX_04_a_restart_does_not_begin_to_count_a_jump_again()
    {
        await using var db = await OpenAsync();
        var sources = new[] { "a", "b", "c" }.Select(n => new ToldSource(n)).ToList();
        sources.ForEach(s => _fetch.Put(s, ""));
        await RestartAndSayAsync(Rate.From(108, 100));
        (await RestartAndSayAsync(Rate.From(130, 100))).Verdicts["EUR"].ShouldEndWith("seen 1 of 3 times");
        (await RestartAndSayAsync(Rate.From(130, 100))).Verdicts["EUR"].ShouldEndWith("seen 2 of 3 times");
        (await RestartAndSayAsync(Rate.From(130, 100))).Verdicts["EUR"].ShouldEndWith("confirmed 3 times");
        (await db.Rates.AllAsync(default)).ShouldHaveSingleItem().Detail.ShouldBe("");

        async Task<RefreshReport> RestartAndSayAsync(Rate rate)
        {
            var book = new RateBook(sources, _fetch, db.Rates, _clock);
            await book.LoadAsync(default);
            foreach (var source in sources)
                source.Says = () => new RateAnswer([new RateReading(source.Name, Eur, rate, Now)], []);
            return await book.RefreshAsync(default);
        }
    }

    [Fact]
    public async Task A_restart_keeps_the_last_good_rates_and_their_age()
    {
        var folder = Directory.CreateTempSubdirectory("stablepay-rates-");
        try
        {
            var options = new DatabaseOptions("sqlite", Path.Combine(folder.FullName, "stablepay.db"));
            LockedRate locked;
            await using (var db = await Database.OpenAsync(options, _clock, default))
            {
                var book = BookOf(db);
                await book.RefreshAsync(default);
                locked = book.For(Eur, live: true, Now).Value;
            }
            await using (var db = await Database.OpenAsync(options, _clock, default))
            {
                var book = new RateBook([], _fetch, db.Rates, _clock);
                book.For(Eur, live: true, Now).IsOk.ShouldBeFalse();
                await book.LoadAsync(default);
                book.For(Eur, live: true, Now).Value.ShouldBe(locked);
                _clock.Advance(TimeSpan.FromDays(2));
                book.For(Eur, live: true, Now).IsOk.ShouldBeFalse();
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Friday's fix serves until Monday's, and not an hour longer, when every source rests over the weekend.</summary>
    [Fact]
    public async Task FX_02_over_a_weekend_the_last_fix_serves_until_monday_s()
    {
        await using var db = await OpenAsync();
        _clock.SetUtcNow(new DateTimeOffset(2026, 11, 27, 15, 0, 0, TimeSpan.Zero));
        var friday = Now;
        var sources = new[] { "a", "b", "c" }.Select(n => new ToldSource(n)).ToList();
        foreach (var source in sources)
        {
            source.Says = () => new RateAnswer([new RateReading(source.Name, Eur, Rate.From(108, 100), friday)], []);
            _fetch.Put(source, "");
        }
        var book = new RateBook(sources, _fetch, db.Rates, _clock);
        for (var hour = 0; hour <= 80; hour++)
        {
            await book.RefreshAsync(default);
            book.For(Eur, live: true, Now).IsOk.ShouldBe(hour <= 74, $"hour {hour}");
            _clock.Advance(TimeSpan.FromHours(1));
        }
    }

    [Fact]
    public void The_bundled_table_has_every_currency_and_no_other()
    {
        var bundled = BundledRates.Read();
        bundled.Date.ShouldBe("2026-09-29");
        Currency.All.Where(c => bundled.Find(c) is null).ShouldBe([Currency.Usd]);
    }

    [Fact]
    public async Task An_answer_larger_than_a_mebibyte_is_left()
    {
        using var http = new HttpClient(
            new Canned(() => new HttpResponseMessage { Content = new ByteArrayContent(new byte[1024 * 1024 + 1]) })
        );
        await Should.ThrowAsync<HttpRequestException>(() =>
            new HttpRateFetch(http).GetAsync(new Uri("https://x.example/"), default)
        );
        using var fits = new HttpClient(
            new Canned(() => new HttpResponseMessage { Content = new ByteArrayContent(new byte[1024 * 1024]) })
        );
        (await new HttpRateFetch(fits).GetAsync(new Uri("https://x.example/"), default)).Length.ShouldBe(1024 * 1024);
    }

    [Theory]
    [InlineData(HttpStatusCode.Found)]
    [InlineData(HttpStatusCode.TooManyRequests)]
    [InlineData(HttpStatusCode.BadGateway)]
    public async Task An_answer_that_is_not_a_success_is_a_failure(HttpStatusCode status)
    {
        using var http = new HttpClient(new Canned(() => new HttpResponseMessage(status)));
        await Should.ThrowAsync<HttpRequestException>(() =>
            new HttpRateFetch(http).GetAsync(new Uri("https://x.example/"), default)
        );
    }

    private RateBook BookOf(Database db) => new(FakeFetch.Sources, _fetch, db.Rates, _clock);

    private Task<Database> OpenAsync() =>
        Database.OpenAsync(new DatabaseOptions("sqlite", ":memory:"), _clock, default);

    private sealed class Canned(Func<HttpResponseMessage> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken ct) =>
            Task.FromResult(answer());
    }
}
