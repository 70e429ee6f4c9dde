using System.Numerics;
using StablePay.Engine.Rates;
using StablePay.Engine.Rates.Pegs;
using StablePay.Engine.Rates.Sources;

namespace StablePay.Fuzz.Targets;

/// <summary>
/// What rate sources answer. Whatever it is, a source gives readings of rates that can be, each currency once, with a
/// time that can be shown, or says what is wrong; it never throws.
/// </summary>
internal sealed class RateTarget : IFuzzTarget
{
    private static readonly IRateSource[] Sources =
    [
        new EcbDailyRates(),
        new OpenExchangeRateApi(),
        new FloatRates(),
        new CurrencyApi(),
    ];

    private static readonly IPegSource[] Pegs =
    [
        new CoinGeckoPrices(),
        new CoinPaprikaTicker(Asset.Usdt),
        new CoinPaprikaTicker(Asset.Usdc),
        new BitstampTicker(Asset.Usdt),
        new BitstampTicker(Asset.Usdc),
    ];

    private static readonly BigInteger Most = 1_000_000_000 * Rate.One.Unscaled;
    private static readonly BigInteger Least = Rate.One.Unscaled / 1_000_000_000;

    public string Name => "rates";

    public void Run(byte[] input)
    {
        foreach (var source in Sources)
        {
            var answer = source.Parse(input);
            foreach (var reading in answer.Readings)
            {
                Check(source.Name, reading.Source, reading.Rate, reading.AsOf);
                Must.Hold(reading.Currency != Currency.Usd, "a dollar needs no rate");
            }
            var different = answer.Readings.DistinctBy(r => r.Currency).Count();
            Must.Equal(different, answer.Readings.Count, $"currencies of {source.Name}, each once");
            Faults(source.Name, answer.Faults, answer.Readings.Count);
        }
        foreach (var source in Pegs)
        {
            var answer = source.Parse(input);
            foreach (var reading in answer.Readings)
                Check(source.Name, reading.Source, reading.Price, reading.AsOf);
            var different = answer.Readings.DistinctBy(r => r.Asset).Count();
            Must.Equal(different, answer.Readings.Count, $"coins of {source.Name}, each once");
            Faults(source.Name, answer.Faults, answer.Readings.Count);
        }
    }

    private static void Check(string name, string source, Rate rate, Instant asOf)
    {
        Must.Equal(source, name, "the source of a reading");
        Must.Hold(rate.Unscaled >= Least && rate.Unscaled <= Most, $"{name}: a rate that can be, not {rate}");
        Must.Hold(asOf.ToString().Length == 24, $"{name}: a time that can be shown");
    }

    private static void Faults(string name, IReadOnlyList<RateFault> faults, int readings)
    {
        foreach (var fault in faults)
        {
            Must.Equal(fault.Source, name, "the source of a fault");
            Must.Hold(
                fault.Reason.Length is > 0 and <= 300,
                $"{name}: a reason, and a short one: {fault.Reason.Length}"
            );
        }
        var most = Currency.All.Count;
        Must.Hold(faults.Count + readings <= most, $"{name}: {faults.Count} faults of {most} currencies");
    }
}
