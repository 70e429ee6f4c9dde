using System.Numerics;
using System.Xml;

namespace StablePay.Engine.Rates.Sources;

/// <summary>
/// The European Central Bank's euro reference rates, XML, once on business days at about 16:00 in Frankfurt. Quoted per
/// euro, so a dollar rate is the cross of two of them. It lacks VND and the currencies of the Gulf.
/// </summary>
public sealed class EcbDailyRates : IRateSource
{
    public string Name => "ecb";

    public Uri Address { get; } = new("https://www.ecb.europa.eu/stats/eurofxref/eurofxref-daily.xml");

    public RateAnswer Parse(ReadOnlyMemory<byte> answer)
    {
        try
        {
            return Read(answer);
        }
        catch (XmlException e)
        {
            return RateAnswer.Failed(Name, $"not XML: {e.Message}");
        }
    }

    private RateAnswer Read(ReadOnlyMemory<byte> answer)
    {
        var settings = new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null };
        using var stream = new MemoryStream(answer.ToArray());
        using var xml = XmlReader.Create(stream, settings);
        Instant? asOf = null;
        var perEuro = new Dictionary<string, (BigInteger N, BigInteger D)>(StringComparer.Ordinal);
        var faults = new List<RateFault>();
        while (xml.Read())
        {
            if (xml.NodeType != XmlNodeType.Element || xml.LocalName != "Cube")
                continue;
            if (xml.GetAttribute("time") is { } day)
                asOf = EndOf(day);
            if (xml.GetAttribute("currency") is not { } code)
                continue;
            if (!RateNumber.TryRead(xml.GetAttribute("rate"), out var n, out var d))
                faults.Add(new RateFault(Name, $"{code}: \"{xml.GetAttribute("rate")}\" is not a rate"));
            else if (!perEuro.TryAdd(code, (n, d)))
                faults.Add(new RateFault(Name, $"{code} stands twice"));
        }
        if (asOf is null || !perEuro.TryGetValue("USD", out var dollar))
            return RateAnswer.Failed(Name, "no date, or no rate of the dollar");
        var readings = new List<RateReading>
        {
            new(Name, Currency.Find("EUR")!, Rate.From(dollar.N, dollar.D), asOf.Value),
        };
        foreach (var currency in Currency.All)
            if (currency != Currency.Usd && perEuro.TryGetValue(currency.Code, out var rate))
                readings.Add(new RateReading(Name, currency, Rate.From(dollar.N * rate.D, dollar.D * rate.N), asOf.Value));
        return new RateAnswer(readings, faults);
    }

    /// <summary>The fix of a day holds from 15:00 UTC, when it is made.</summary>
    private static Instant? EndOf(string day) =>
        DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            ? Instant.From(new DateTimeOffset(date.Year, date.Month, date.Day, 15, 0, 0, TimeSpan.Zero))
            : null;
}
