namespace StablePay.Core.Money;

/// <summary>
/// What a coin that is worth less than its dollar counts for in one payment, locked with the payment's quote (TOK-21).
/// A coin without one counts as a dollar.
/// </summary>
public sealed record AssetPrice
{
    /// <summary>Below it no payment is priced: nobody means to be asked for more than twenty coins a dollar.</summary>
    public static readonly Rate Least = Rate.From(5, 100);

    /// <summary>What is shown is what is computed with, so a price is as short as people read one.</summary>
    private const int Decimals = 4;

    /// <param name="price">US dollars for one coin, from <see cref="Least"/> to below 1; null for none.</param>
    public AssetPrice(Asset asset, Rate? price)
    {
        Invariant.Holds(
            price is not { } p || (p.Unscaled >= Least.Unscaled && p.Unscaled < Rate.One.Unscaled),
            "a coin's price in a payment is from 0.05 to below 1"
        );
        (Asset, Price) = (asset, price);
    }

    public Asset Asset { get; }

    /// <summary>US dollars for one coin; null where the payment does not take the coin.</summary>
    public Rate? Price { get; }

    /// <summary>
    /// Locks a market price of less than a dollar: cut to four decimals, in the merchant's favour. Where it is too low
    /// to be quoted, the payment does not take the coin, whatever becomes of the price later.
    /// </summary>
    public static AssetPrice Lock(Asset asset, Rate market)
    {
        var cut = market.Unscaled / Money.Decimals.PowerOfTen(Rate.Scale - Decimals);
        var isTooLow = market.Unscaled < Least.Unscaled;
        return new AssetPrice(asset, isTooLow ? null : Rate.From(cut, Money.Decimals.PowerOfTen(Decimals)));
    }
}
