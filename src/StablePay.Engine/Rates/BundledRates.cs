using System.Collections.Frozen;

namespace StablePay.Engine.Rates;

/// <summary>
/// A dated table that ships with the program, for test mode without a network. Live mode never uses it as a price; it
/// only recognises nonsense when there is no last good rate yet.
/// </summary>
public sealed class BundledRates
{
    private readonly FrozenDictionary<Currency, Rate> _rates;

    private BundledRates(string date, Dictionary<Currency, Rate> rates) =>
        (Date, _rates) = (date, rates.ToFrozenDictionary());

    /// <summary>As in <c>2026-09-29</c>.</summary>
    public string Date { get; }

    public static BundledRates Read()
    {
        const string Name = "StablePay.Engine.Rates.bundled-rates.txt";
        using var resource =
            typeof(BundledRates).Assembly.GetManifestResourceStream(Name)
            ?? throw new InvariantBrokenException("the bundled rates are part of the program");
        using var reader = new StreamReader(resource);
        var date = "";
        var rates = new Dictionary<Currency, Rate>();
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#') || line.Length == 0)
                continue;
            var parts = line.Split(' ');
            if (parts is ["date", var day])
                date = day;
            else if (
                parts is [var code, var value]
                && Currency.Find(code) is { } currency
                && Rate.TryParse(value, out var rate)
            )
                rates.Add(currency, rate);
            else
                throw new InvariantBrokenException($"a bad line in the bundled rates: {line}");
        }
        return new BundledRates(date, rates);
    }

    public Rate? Find(Currency currency) => _rates.TryGetValue(currency, out var rate) ? rate : null;
}
