using System.Collections.Frozen;
using StablePay.Engine.Rates.Sources;
using StablePay.Storage;

namespace StablePay.Engine.Rates;

/// <summary>A rate for a new session.</summary>
/// <param name="Source">For people; stands in the session's quote.</param>
public sealed record LockedRate(Rate Rate, string Source);

/// <summary>What one refresh came to: a sentence for each currency, and what was refused and why.</summary>
public sealed record RefreshReport(IReadOnlyDictionary<string, string> Verdicts, IReadOnlyList<RateFault> Faults);

/// <summary>
/// The rates that new sessions may be priced at. Asking is instant and takes no lock; a background step refreshes.
/// Sessions that are open keep the rate they were locked at, whatever happens here.
/// </summary>
public sealed class RateBook(IReadOnlyList<IRateSource> sources, IRateFetch fetch, RateTable table, TimeProvider clock)
{
    private static readonly LockedRate Par = new(Rate.One, "par");

    private readonly BundledRates _bundled = BundledRates.Read();
    private FrozenDictionary<Currency, GoodRate> _good = FrozenDictionary<Currency, GoodRate>.Empty;
    private readonly Dictionary<Currency, HeldRate> _held = [];

    /// <summary>What the last refresh came to; null before the first.</summary>
    public RefreshReport? LastReport { get; private set; }

    /// <summary>The public sources over HTTP; none where the operator switched them off.</summary>
    public static RateBook Of(Database database, HttpClient http, bool read, TimeProvider clock) =>
        new(
            read ? [new EcbDailyRates(), new OpenExchangeRateApi(), new FloatRates(), new CurrencyApi()] : [],
            new HttpRateFetch(http),
            database.Rates,
            clock
        );

    /// <summary>The rate for a new session, or the refusal <c>rate_unavailable</c>: none is guessed (FX-02).</summary>
    public Result<LockedRate> For(Currency currency, bool live, Instant now)
    {
        if (currency == Currency.Usd)
            return Par;
        if (Volatile.Read(ref _good).TryGetValue(currency, out var good) && RateDecision.IsFresh(good.AsOf, now))
            return new LockedRate(good.Rate, good.Source);
        if (!live && _bundled.Find(currency) is { } rate)
            return new LockedRate(rate, $"bundled table of {_bundled.Date} (test mode only)");
        return new Rejection(
            ErrorCode.RateUnavailable,
            $"No rate of {currency} is fresh and certain enough now. Try again in a minute.",
            "currency"
        );
    }

    /// <summary>Takes the last good rates from the database, so that a restart prices without waiting.</summary>
    public async Task LoadAsync(CancellationToken ct)
    {
        var good = new Dictionary<Currency, GoodRate>();
        foreach (var stored in await table.AllAsync(ct))
        {
            if (Currency.Find(stored.Currency) is not { } currency)
                continue;
            good[currency] = new GoodRate(stored.Rate, stored.Source, stored.AsOf);
            if (HeldText.Read(stored.Detail) is { } held)
                _held[currency] = held;
        }
        Volatile.Write(ref _good, good.ToFrozenDictionary());
    }

    /// <summary>
    /// One step: asks every source at the same time, decides on every currency, keeps what is good. Steps follow one
    /// another; they never overlap.
    /// </summary>
    public async Task<RefreshReport> RefreshAsync(CancellationToken ct)
    {
        var answers = await Task.WhenAll(
            sources.Select(s =>
                AskSource.RunAsync(fetch, s.Address, s.Parse, why => RateAnswer.Failed(s.Name, why), clock, ct)
            )
        );
        var now = clock.Now;
        var readings = answers.SelectMany(a => a.Readings).ToLookup(r => r.Currency);
        var good = Volatile.Read(ref _good).ToDictionary();
        var verdicts = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var faults = answers.SelectMany(a => a.Faults).ToList();
        var changed = new List<StoredRate>();
        foreach (var currency in Currency.All)
        {
            if (currency == Currency.Usd)
                continue;
            var (last, held) = (good.GetValueOrDefault(currency), _held.GetValueOrDefault(currency));
            var anchor = last?.Rate ?? _bundled.Find(currency);
            var verdict = RateDecision.Decide([.. readings[currency]], last, held, anchor, now);
            verdicts[currency.Code] = verdict.Why;
            faults.AddRange(verdict.Refused);
            _held.Remove(currency);
            if (verdict.Held is { } jump)
                _held[currency] = jump;
            if ((verdict.Good ?? last) is not { } kept || (kept == last && verdict.Held == held))
                continue;
            good[currency] = kept;
            var detail = HeldText.Write(verdict.Held);
            changed.Add(new StoredRate(currency.Code, kept.Rate, kept.Source, kept.AsOf, now, detail));
        }
        if (changed.Count > 0)
            await table.SaveAsync(changed, ct);
        Volatile.Write(ref _good, good.ToFrozenDictionary());
        return LastReport = new RefreshReport(verdicts, faults);
    }
}
