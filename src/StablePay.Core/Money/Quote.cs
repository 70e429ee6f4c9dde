namespace StablePay.Core.Money;

/// <summary>
/// A rate locked for one payment: what one unit of its currency is worth in US dollars, and so in coins (1:1), until
/// the session ends. Open locks are kept whatever the market does (FX-02, TOK-21).
/// </summary>
/// <param name="Source">
/// Where the rate came from, for people: <c>par</c>, <c>median of 3 sources</c>, <c>bundled table of …</c>.
/// </param>
public sealed record Quote(FiatAmount Amount, Rate Rate, string Source, Instant LockedAt, long DueCents)
{
    /// <summary>What is owed, in coverage.</summary>
    public Coverage Due => Coverage.FromCents(DueCents);

    /// <summary>Whether a conversion took place: false for US dollars.</summary>
    public bool IsConverted => Amount.Currency != Currency.Usd;

    /// <summary>
    /// Locks a rate: the amount due is rounded up to the coin's cent, so it is never nothing. Refused when the amount
    /// is not above zero, or when what is due leaves the range that every token can hold.
    /// </summary>
    public static Result<Quote> Lock(FiatAmount amount, Rate rate, string source, Instant now)
    {
        if (amount.Minor <= 0)
            return new Rejection(ErrorCode.AmountTooSmall, "The amount is not above zero.", "amount");
        Invariant.Holds(rate.Unscaled.Sign > 0, "a price is locked at a rate, never at none");
        var cents = rate.ToUsCents(amount, Rounding.Up);
        if (cents > Coverage.MaxCents)
            return new Rejection(ErrorCode.AmountTooLarge, "The amount is above what a payment can hold.", "amount");
        return new Quote(amount, rate, source, now, (long)cents);
    }
}
