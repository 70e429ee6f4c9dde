using System.Text.Json;
using StablePay.Engine.Rates;
using StablePay.Engine.Rates.Pegs;

namespace StablePay.Simulation.World;

/// <summary>
/// What the coins are worth on the market, and three sources that tell it, in a format of their own. Nearly always a
/// dollar; now and then one falls.
/// </summary>
internal sealed class SimCoins(Agenda agenda)
{
    /// <summary>Both coins were down then.</summary>
    private const decimal TwoHoursAgo = 0.91m;

    public static readonly string[] Names = ["bourse", "broker", "ticker"];

    private readonly Dictionary<Asset, decimal> _worth = Asset.All.ToDictionary(a => a, _ => 1m);
    private readonly Dictionary<string, RateTrouble> _troubles = [];
    private readonly List<ToldPrice> _told = [];

    public static IReadOnlyList<IPegSource> Sources { get; } = [.. Names.Select(n => new Source(n))];

    /// <summary>Below it a coin is priced in new payments.</summary>
    public static PegPolicy Policy { get; } = PegPolicy.Default with { Below = BelowPeg.Requote };

    /// <summary>Everything that any source has ever told, oldest first.</summary>
    public IReadOnlyList<ToldPrice> Told => _told;

    /// <summary>A coin falls, and is worth its dollar again after a while, unless it has fallen once more.</summary>
    public void Fall(Asset coin, decimal worth, TimeSpan time)
    {
        _worth[coin] = worth;
        agenda.After(time, () => _worth[coin] = _worth[coin] == worth ? 1 : _worth[coin]);
    }

    public void Set(string source, RateTrouble trouble) => _troubles[source] = trouble;

    /// <summary>The sources are well; what the coins are worth is no trouble, and stays.</summary>
    public void Heal() => _troubles.Clear();

    /// <summary>The way of one process to the sources.</summary>
    public IRateFetch FetchFor(SimProcess process) => new SimFetch(new Fetch(this, process.Name), process);

    private byte[] Tell(string source, string process)
    {
        var trouble = _troubles.GetValueOrDefault(source);
        if (trouble == RateTrouble.Down)
            throw new HttpRequestException("the source is down");
        var asOf = trouble == RateTrouble.Stale ? agenda.Now - TimeSpan.FromHours(2) : agenda.Now;
        var told = new SortedDictionary<string, decimal>(StringComparer.Ordinal);
        foreach (var (coin, worth) in _worth)
        {
            var price = trouble switch
            {
                RateTrouble.Stale => TwoHoursAgo,
                RateTrouble.Wrong => worth * 0.67m,
                RateTrouble.Inverted => 1 / worth,
                _ => worth,
            };
            told[coin.Code] = Math.Round(price, 12);
            _told.Add(new ToldPrice(source, process, coin, told[coin.Code], asOf, agenda.Now));
        }
        return JsonSerializer.SerializeToUtf8Bytes(new SimAnswer(asOf.UnixMs, told));
    }

    private sealed record SimAnswer(long AsOf, SortedDictionary<string, decimal> Prices);

    private sealed class Fetch(SimCoins coins, string process) : IRateFetch
    {
        public Task<byte[]> GetAsync(Uri address, CancellationToken ct) =>
            Task.FromResult(coins.Tell(address.Host.Split('.')[0], process));
    }

    private sealed class Source(string name) : IPegSource
    {
        public string Name => name;

        public Uri Address { get; } = new($"https://{name}.coins.example/");

        public PegAnswer Parse(ReadOnlyMemory<byte> answer)
        {
            var told = JsonSerializer.Deserialize<SimAnswer>(answer.Span)!;
            return new PegAnswer(
                [
                    .. told.Prices.Select(p => new PegReading(
                        name,
                        new Asset(p.Key),
                        Rate.TryParse(p.Value.ToString(CultureInfo.InvariantCulture), out var rate) ? rate : Rate.One,
                        new Instant(told.AsOf)
                    )),
                ],
                []
            );
        }
    }
}

/// <summary>What a source told a process of a coin: US dollars for one, as of when, and when it was told.</summary>
internal sealed record ToldPrice(string Source, string Process, Asset Coin, decimal Price, Instant AsOf, Instant At);
