using System.Collections.Concurrent;
using System.Text;
using StablePay.Engine.Rates;
using StablePay.Engine.Rates.Sources;

namespace StablePay.Engine.Tests.Rates;

/// <summary>Answers what the test put behind an address; an address without one refuses, as a dead host does.</summary>
internal sealed class FakeFetch : IRateFetch
{
    private readonly ConcurrentDictionary<Uri, Func<CancellationToken, Task<byte[]>>> _answers = new();

    public static IReadOnlyList<IRateSource> Sources { get; } =
    [new EcbDailyRates(), new OpenExchangeRateApi(), new FloatRates(), new CurrencyApi()];

    /// <summary>All four sources with the answers of 2026-11-23.</summary>
    public static FakeFetch Whole()
    {
        var fetch = new FakeFetch();
        foreach (
            var (source, text) in Sources.Zip([
                Answers.Ecb,
                Answers.OpenExchangeRateApi,
                Answers.FloatRates,
                Answers.CurrencyApi,
            ])
        )
            fetch.Put(source, text);
        return fetch;
    }

    public void Put(IRateSource source, string text) => Put(source, _ => Task.FromResult(Encoding.UTF8.GetBytes(text)));

    public void Put(IRateSource source, Func<CancellationToken, Task<byte[]>> answer) =>
        _answers[source.Address] = answer;

    public void Drop(IRateSource source) => _answers.TryRemove(source.Address, out _);

    public Task<byte[]> GetAsync(Uri address, CancellationToken ct) =>
        _answers.TryGetValue(address, out var answer)
            ? answer(ct)
            : throw new HttpRequestException("connection refused");
}

/// <summary>A source that says what the test tells it to.</summary>
internal sealed class ToldSource(string name) : IRateSource
{
    public Func<RateAnswer> Says { get; set; } = () => RateAnswer.Failed(name, "nothing to say");

    public string Name => name;

    public Uri Address { get; } = new($"https://{name}.example/");

    public RateAnswer Parse(ReadOnlyMemory<byte> answer) => Says();
}
