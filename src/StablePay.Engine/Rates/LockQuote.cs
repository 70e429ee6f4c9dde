using StablePay.Engine.Rates.Pegs;

namespace StablePay.Engine.Rates;

/// <summary>
/// Prices an amount as a payment of this moment: the rate of its currency, and of live payments what the coins count
/// for. Sessions and quotes are priced here and nowhere else.
/// </summary>
public sealed class LockQuote(RateBook rates, PegBook? pegs)
{
    /// <summary>Refused as <see cref="RateBook.For"/> and <see cref="Quote.Lock"/> refuse.</summary>
    /// <param name="shown">What the store's clock shows now.</param>
    public Result<Quote> Run(FiatAmount amount, bool live, Instant now, Instant shown)
    {
        var rate = rates.For(amount.Currency, live, now);
        if (!rate.IsOk)
            return rate.Rejection;
        var quote = Quote.Lock(amount, rate.Value.Rate, rate.Value.Source, shown);
        return quote.IsOk && live && pegs?.Prices is { Count: > 0 } prices
            ? quote.Value with
            {
                Prices = prices,
            }
            : quote;
    }
}
