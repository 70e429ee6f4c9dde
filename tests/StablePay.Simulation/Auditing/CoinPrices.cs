using System.Numerics;
using StablePay.Simulation.World;

namespace StablePay.Simulation.Auditing;

/// <summary>
/// F1 for coins (TOK-21): a payment counts a coin for less than a dollar only if two sources told so at one time, and
/// counts it for a dollar only if its process had not been told otherwise for minutes.
/// </summary>
internal sealed class CoinPrices(SimWorld world)
{
    /// <summary>A dollar in 10^-12 dollars, as prices are kept.</summary>
    public static readonly BigInteger Dollar = BigInteger.Pow(10, 12);

    private static readonly Dictionary<string, BigInteger> None = [];

    private const decimal Floor = 0.98m;
    private const decimal Least = 0.05m;

    /// <summary>Prices are locked with so many decimals, the rest is cut.</summary>
    private const decimal LastDigit = 0.0001m;

    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(30);

    /// <summary>Between what is decided and what is written: a pause of the process, and clocks that differ.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(90);

    /// <summary>A process that was told so three times in this time has read it once, whatever its disk did.</summary>
    private static readonly TimeSpan Known = TimeSpan.FromMinutes(3);

    /// <summary>Reads what the database keeps: <c>USDC:0.8712,USDT:none</c>.</summary>
    public static IReadOnlyDictionary<string, BigInteger> Read(string text) =>
        text.Length == 0
            ? None
            : text.Split(',', StringSplitOptions.RemoveEmptyEntries)
                .Select(pair => pair.Split(':'))
                .ToDictionary(
                    pair => pair[0],
                    pair =>
                        pair[1] == "none"
                            ? BigInteger.Zero
                            : new BigInteger(decimal.Parse(pair[1], CultureInfo.InvariantCulture) * (decimal)Dollar)
                );

    /// <summary>A session that has just been written.</summary>
    public void Check(SessionRow session)
    {
        foreach (var coin in Asset.All)
        {
            if (session.Prices.TryGetValue(coin.Code, out var price))
            {
                var dollars = (decimal)price / (decimal)Dollar;
                if (!session.IsLive || !WasTold(coin, dollars))
                    throw new AuditException(
                        "F1",
                        $"{session.Id} counts {coin} for {dollars}, which no two sources told"
                    );
            }
            else if (session.IsLive && IsKnownToBeLow(coin))
            {
                throw new AuditException("F1", $"{session.Id} counts {coin} for a dollar, and it is known not to be");
            }
        }
    }

    /// <summary>Whether two sources at one time told a price like this one: one not above, one not below.</summary>
    private bool WasTold(Asset coin, decimal price) =>
        TimesOf(coin, world.Agenda.Now - Fresh - Settling, world.Agenda.Now)
            .Any(time =>
                time.Count(t => t.Price < (price == 0 ? Least : Floor)) >= 2
                && (price == 0 || time.Min(t => t.Price) < price + LastDigit && time.Max(t => t.Price) >= price)
            );

    /// <summary>Whether two of its three sources told the process that writes, each time for minutes.</summary>
    private bool IsKnownToBeLow(Asset coin)
    {
        var now = world.Agenda.Now;
        var times = TimesOf(coin, now - Known, now).Where(t => t.First().Process == world.Auditor.Writer).ToList();
        return times.Count(t => t.First().At < now - Settling) >= 3
            && times.All(t => t.Count(p => p.Price < Floor) >= 2);
    }

    /// <summary>What fresh sources told of a coin, by process and time of asking.</summary>
    private IEnumerable<IGrouping<(string, long), ToldPrice>> TimesOf(Asset coin, Instant from, Instant until) =>
        world
            .Coins.Told.Where(t => t.Coin == coin && t.At >= from && t.At <= until && t.At - t.AsOf < Fresh)
            .GroupBy(t => (t.Process, t.At.UnixMs));
}
