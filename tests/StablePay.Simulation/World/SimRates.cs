using System.Text;
using System.Text.Json;
using StablePay.Engine.Rates;

namespace StablePay.Simulation.World;

/// <summary>How a source of rates fails.</summary>
internal enum RateTrouble
{
    None,
    Down,

    /// <summary>It tells what it told a day ago, with that date.</summary>
    Stale,

    /// <summary>It is wrong by a third.</summary>
    Wrong,

    /// <summary>It tells the inverse.</summary>
    Inverted,
}

/// <summary>
/// The sources of rates: four of them, a world price that walks, and what each has told when. In a format of their own:
/// the public sources' formats are read from recorded answers elsewhere.
/// </summary>
internal sealed class SimRates(Agenda agenda, Chance chance) : IRateFetch
{
    public static readonly string[] Names = ["north", "east", "south", "west"];

    private readonly Dictionary<string, decimal> _prices = new()
    {
        ["EUR"] = 1.08m,
        ["GBP"] = 1.27m,
        ["JPY"] = 0.0067m,
    };
    private readonly Dictionary<string, RateTrouble> _troubles = [];
    private readonly List<ToldRate> _told = [];

    public static IReadOnlyList<IRateSource> Sources { get; } = [.. Names.Select(n => new Source(n))];

    public static IReadOnlyList<string> Currencies { get; } = ["EUR", "GBP", "JPY"];

    /// <summary>Everything that any source has ever told.</summary>
    public IReadOnlyList<ToldRate> Told => _told;

    public void Set(string source, RateTrouble trouble) => _troubles[source] = trouble;

    public void Heal() => _troubles.Clear();

    public Task<byte[]> GetAsync(Uri address, CancellationToken ct)
    {
        var source = address.Host.Split('.')[0];
        var trouble = _troubles.GetValueOrDefault(source);
        if (trouble == RateTrouble.Down)
            throw new HttpRequestException("the source is down");
        var asOf = trouble == RateTrouble.Stale ? agenda.Now - TimeSpan.FromHours(30) : agenda.Now;
        var told = new SortedDictionary<string, decimal>(StringComparer.Ordinal);
        foreach (var (currency, price) in _prices.ToList())
        {
            _prices[currency] = price * (1 + ((chance.Between(-5, 5)) / 10_000m));
            told[currency] = Math.Round(
                trouble switch
                {
                    RateTrouble.Wrong => price * 1.33m,
                    RateTrouble.Inverted => 1 / price,
                    _ => price,
                },
                12
            );
            _told.Add(new ToldRate(source, currency, told[currency], asOf, agenda.Now));
        }
        return Task.FromResult(JsonSerializer.SerializeToUtf8Bytes(new SimAnswer(asOf.UnixMs, told)));
    }

    private sealed record SimAnswer(long AsOf, SortedDictionary<string, decimal> Rates);

    private sealed class Source(string name) : IRateSource
    {
        public string Name => name;

        public Uri Address { get; } = new($"https://{name}.rates.example/");

        public RateAnswer Parse(ReadOnlyMemory<byte> answer)
        {
            var told = JsonSerializer.Deserialize<SimAnswer>(answer.Span)!;
            return new RateAnswer(
                [
                    .. told.Rates.Select(r => new RateReading(
                        name,
                        Currency.Find(r.Key)!,
                        Rate.TryParse(r.Value.ToString(CultureInfo.InvariantCulture), out var rate) ? rate : Rate.One,
                        new Instant(told.AsOf)
                    )),
                ],
                []
            );
        }
    }
}

/// <summary>What a source told of a currency: US dollars for one unit, and when.</summary>
internal sealed record ToldRate(string Source, string Currency, decimal Price, Instant AsOf, Instant At);

/// <summary>A process's way to the sources of rates.</summary>
internal sealed class SimFetch(IRateFetch sources, SimProcess process) : IRateFetch
{
    public Task<byte[]> GetAsync(Uri address, CancellationToken ct)
    {
        var answer = new TaskCompletionSource<byte[]>();
        try
        {
            var told = sources.GetAsync(address, ct);
            process.Later(() => answer.SetResult(told.GetAwaiter().GetResult()));
        }
        catch (HttpRequestException e)
        {
            process.Later(() => answer.SetException(e));
        }
        return answer.Task;
    }
}
