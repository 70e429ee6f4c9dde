using System.Collections.Frozen;
using StablePay.Engine.Rates.Sources;
using StablePay.Storage;

namespace StablePay.Engine.Rates.Pegs;

/// <summary>
/// What the coins are worth on the market now (TOK-21). A payment takes a coin at one dollar; one that is worth less
/// costs the merchant, so the operator hears of it, and may have it stopped for new payments or priced in them.
/// Payments that are open keep their price whatever happens here, and test payments have nothing to do with it.
/// </summary>
/// <param name="alert">Takes a sentence for the operator, once for each change.</param>
public sealed class PegBook(
    IReadOnlyList<IPegSource> sources,
    IRateFetch fetch,
    RateTable table,
    PegPolicy policy,
    TimeProvider clock,
    Action<string> alert
)
{
    private FrozenDictionary<Asset, Peg> _pegs = FrozenDictionary<Asset, Peg>.Empty;

    /// <summary>Coins that are below, with what was said to become of new payments.</summary>
    private readonly Dictionary<Asset, string> _told = [];

    /// <summary>What was refused at the last refresh, and why.</summary>
    public IReadOnlyList<RateFault> Faults { get; private set; } = [];

    /// <summary>The public sources over HTTP; none where the operator switched them off.</summary>
    public static PegBook Of(
        RateTable table,
        HttpClient http,
        bool read,
        PegPolicy policy,
        TimeProvider clock,
        Action<string> alert
    ) =>
        new(
            read
                ?
                [
                    new CoinGeckoPrices(),
                    .. Asset.All.Select(a => new BitstampTicker(a)),
                    .. Asset.All.Select(a => new CoinPaprikaTicker(a)),
                ]
                : [],
            new HttpRateFetch(http),
            table,
            policy,
            clock,
            alert
        );

    /// <summary>The coin's price; null where it is not known, or was known too long ago.</summary>
    public Peg? Find(Asset asset) =>
        Volatile.Read(ref _pegs).TryGetValue(asset, out var peg) && PegDecision.IsFresh(peg.AsOf, clock.Now)
            ? peg
            : null;

    /// <summary>
    /// Whether the coin is worth less than the floor. What is not known is not below: a feed that fails, or one voice
    /// alone, would otherwise stop every shop at once, and that is a better attack than any price.
    /// </summary>
    public bool IsBelow(Asset asset) => FindBelow(asset) is not null;

    /// <summary>
    /// What a new live payment locks: the prices of the coins below the floor, where they are to be priced. A price
    /// that is not known or not fresh is none.
    /// </summary>
    public IReadOnlyList<AssetPrice> Prices =>
        policy.Below == BelowPeg.Requote
            ?
            [
                .. from asset in Asset.All
                let peg = FindBelow(asset)
                where peg is not null
                select AssetPrice.Lock(asset, peg.Price),
            ]
            : [];

    /// <summary>
    /// Whether new payments may not choose the token because of its coin's price: it is below the floor and to be
    /// stopped then, or it is to be priced and worth too little for that.
    /// </summary>
    public bool Stops(Token token) =>
        !token.Network.IsSandbox
        && FindBelow(token.Asset) is { } peg
        && policy.Below switch
        {
            BelowPeg.Warn => false,
            BelowPeg.Pause => true,
            BelowPeg.Requote => AssetPrice.Lock(token.Asset, peg.Price).Price is null,
        };

    /// <summary>
    /// Takes the last prices from the database, so that a restart does not forget a coin that is stopped.
    /// </summary>
    public async Task LoadAsync(CancellationToken ct)
    {
        var pegs = new Dictionary<Asset, Peg>();
        foreach (var stored in await table.AllAsync(ct))
            if (Asset.All.Contains(new Asset(stored.Currency)))
                pegs[new Asset(stored.Currency)] = new Peg(stored.Rate, stored.Source, stored.AsOf);
        Volatile.Write(ref _pegs, pegs.ToFrozenDictionary());
        Tell();
    }

    /// <summary>One step: asks every source at the same time and keeps what is certain. Steps never overlap.</summary>
    public async Task RefreshAsync(CancellationToken ct)
    {
        var answers = await Task.WhenAll(
            sources.Select(s =>
                AskSource.RunAsync(fetch, s.Address, s.Parse, why => PegAnswer.Failed(s.Name, why), clock, ct)
            )
        );
        var now = clock.Now;
        var faults = answers.SelectMany(a => a.Faults).ToList();
        var pegs = Volatile.Read(ref _pegs).ToDictionary();
        var changed = new List<StoredRate>();
        foreach (var asset in Asset.All)
        {
            var readings = answers.SelectMany(a => a.Readings).Where(r => r.Asset == asset);
            if (PegDecision.Decide(readings, now, faults) is not { } peg)
                continue;
            pegs[asset] = peg;
            changed.Add(new StoredRate(asset.Code, peg.Price, peg.Source, peg.AsOf, now, ""));
        }
        if (changed.Count > 0)
            await table.SaveAsync(changed, ct);
        Volatile.Write(ref _pegs, pegs.ToFrozenDictionary());
        Faults = faults;
        Tell();
    }

    private Peg? FindBelow(Asset asset) =>
        Find(asset) is { } peg && peg.Price.Unscaled < policy.Floor.Unscaled ? peg : null;

    private void Tell()
    {
        foreach (var asset in Asset.All)
        {
            if (FindBelow(asset) is { } low)
            {
                var becomes = BecomesOf(asset, low);
                if (_told.GetValueOrDefault(asset) == becomes)
                    continue;
                _told[asset] = becomes;
                alert(
                    $"{asset} is worth {low.Price} US dollars ({low.Source}), below the floor of {policy.Floor}. "
                        + $"Payments that are open keep their price. {becomes}"
                );
            }
            else if (_told.Remove(asset))
                alert(
                    Find(asset) is { } peg
                        ? $"{asset} is worth {peg.Price} US dollars again ({peg.Source})."
                        : $"What {asset} is worth is not known any more, so it counts as a dollar again."
                );
        }
    }

    /// <summary>What becomes of new payments meanwhile.</summary>
    private string BecomesOf(Asset asset, Peg peg) =>
        policy.Below switch
        {
            BelowPeg.Warn => "New payments take it at one dollar as before (Rates:Peg:Below).",
            BelowPeg.Pause => "No new live payment may choose it until it is back.",
            BelowPeg.Requote when AssetPrice.Lock(asset, peg.Price).Price is null =>
                $"Below {AssetPrice.Least} nothing is priced, so no new live payment may choose it.",
            BelowPeg.Requote => "New live payments take it at its market price.",
        };
}
