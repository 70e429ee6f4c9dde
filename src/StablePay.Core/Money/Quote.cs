namespace StablePay.Core.Money;

/// <summary>
/// A rate locked for one payment: what one unit of its currency is worth in US dollars, and so in coins, until the
/// session ends. A coin counts as a dollar, unless it was worth less then and the operator wants it priced. Open locks
/// are kept whatever the market does (FX-02, TOK-21).
/// </summary>
/// <param name="Source">
/// Where the rate came from, for people: <c>par</c>, <c>median of 3 sources</c>, <c>bundled table of …</c>.
/// </param>
public sealed record Quote(FiatAmount Amount, Rate Rate, string Source, Instant LockedAt, long DueCents)
{
    /// <summary>Coins that do not count as a dollar in this payment, each once; nearly always none.</summary>
    public IReadOnlyList<AssetPrice> Prices { get; init; } = [];

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

    /// <summary>US dollars for one coin in this payment; null where the payment does not take the coin.</summary>
    public Rate? PriceOf(Asset asset) => Prices.FirstOrDefault(p => p.Asset == asset) is { } own ? own.Price : Rate.One;

    /// <summary>What an amount counts for in this payment, rounded down; nothing in a coin that is not taken.</summary>
    public Coverage WorthOf(TokenAmount amount) =>
        PriceOf(amount.Token.Asset) is { } price ? Coverage.Of(amount, price) : Coverage.Zero;

    /// <summary>The least amount of a token that counts for so much; one atom less does not.</summary>
    public TokenAmount LeastFor(Coverage worth, Token token) => worth.In(token, TakenAt(token), Rounding.Up);

    /// <summary>
    /// What to ask a payer for: the least amount, and of a coin with a price the least in whole cents (contract section
    /// 7). Not every wallet and exchange can send six decimals, and none eighteen.
    /// </summary>
    public TokenAmount AskFor(Coverage worth, Token token) => WholeCents(LeastFor(worth, token), Rounding.Up);

    /// <summary>What a worth comes to in a token, for people: rounded down as <see cref="AskFor"/> rounds up.</summary>
    public TokenAmount ShownIn(Coverage worth, Token token) =>
        WholeCents(worth.In(token, TakenAt(token), Rounding.Down), Rounding.Down);

    private Rate TakenAt(Token token)
    {
        var price = PriceOf(token.Asset);
        Invariant.Holds(price is not null, "nothing is asked for in a coin that the payment does not take");
        return price.Value;
    }

    /// <summary>Coins at a dollar keep their atoms: what is due in them is whole cents anyhow.</summary>
    private TokenAmount WholeCents(TokenAmount amount, Rounding rounding)
    {
        var rest = amount.Atoms % amount.Token.AtomsPerCent;
        if (rest == 0 || PriceOf(amount.Token.Asset) == Rate.One)
            return amount;
        var down = amount.Atoms - rest;
        return amount with { Atoms = rounding == Rounding.Up ? down + amount.Token.AtomsPerCent : down };
    }
}
