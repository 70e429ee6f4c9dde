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
            return RateAnswer.Failed(Name, $"the answer cannot be read: {e.Message}");
        }
    }

    private RateAnswer Read(ReadOnlyMemory<byte> answer)
    {
        var settings = new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null };
        using var stream = new MemoryStream(answer.ToArray());
        using var xml = XmlReader.Create(stream, settings);
        var days = new List<string>();
        var perEuro = new Dictionary<string, (BigInteger N, BigInteger D)>(StringComparer.Ordinal);
        var faults = new List<RateFault>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (xml.Read())
        {
            if (xml.NodeType != XmlNodeType.Element || xml.LocalName != "Cube")
                continue;
            if (xml.GetAttribute("time") is { } day)
                days.Add(day);
            if (xml.GetAttribute("currency") is not { } code)
                continue;
            // What we have no use for can be wrong as often as it likes.
            if (!Currency.All.Any(c => c.Code == code))
                continue;
            if (!seen.Add(code))
                return RateAnswer.Failed(Name, $"{code} stands twice");
            if (RateNumber.TryRead(xml.GetAttribute("rate"), out var n, out var d))
                perEuro.Add(code, (n, d));
            else
                faults.Add(new RateFault(Name, $"{code}: \"{xml.GetAttribute("rate")}\" is not a rate"));
        }
        if (days is not [var only] || TimeOf(only) is not { } asOf)
            return RateAnswer.Failed(Name, "it has no date, or more than one");
        if (perEuro.ContainsKey("EUR"))
            return RateAnswer.Failed(Name, "the base is not the euro");
        if (!perEuro.TryGetValue("USD", out var dollar))
            return RateAnswer.Failed(Name, "it has no rate of the dollar");
        perEuro.Add("EUR", (1, 1));
        return Cross(perEuro, dollar, asOf, faults);
    }

    /// <summary>Dollars for a unit: dollars for a euro, divided by units for a euro.</summary>
    private RateAnswer Cross(
        Dictionary<string, (BigInteger N, BigInteger D)> perEuro,
        (BigInteger N, BigInteger D) dollar,
        Instant asOf,
        List<RateFault> faults
    )
    {
        var readings = new List<RateReading>();
        foreach (var currency in Currency.All)
        {
            if (currency == Currency.Usd || !perEuro.TryGetValue(currency.Code, out var units))
                continue;
            if (RateNumber.TryRate(dollar.N * units.D, dollar.D * units.N, out var rate))
                readings.Add(new RateReading(Name, currency, rate, asOf));
            else
                faults.Add(new RateFault(Name, $"{currency}: its rate to the dollar is beyond belief"));
        }
        return new RateAnswer(readings, faults);
    }

    /// <summary>The fix of a day holds from 15:00 UTC, when it is made.</summary>
    private static Instant? TimeOf(string day) =>
        DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            ? Instant.From(new DateTimeOffset(date.Year, date.Month, date.Day, 15, 0, 0, TimeSpan.Zero))
            : null;
}
