using System.Collections.Concurrent;
using StablePay.Chains;
using StablePay.Chains.Evm;
using StablePay.Engine.Rates.Pegs;

namespace StablePay.Engine.Offering;

/// <summary>Why no new payment may choose a token.</summary>
public enum TokenStop
{
    /// <summary>Its contract says that nobody can move it.</summary>
    Paused,

    /// <summary>Its contract says that another one has taken its place.</summary>
    Deprecated,

    /// <summary>
    /// Its coin is worth less than the floor, and the operator wants it stopped then; or too little to be priced.
    /// </summary>
    Depegged,
}

/// <summary>
/// What is known of the tokens' contracts, and so which tokens new payments may choose (TOK-14, TOK-21). A stop touches
/// nothing else: payments that have the token are watched and credited as before, and so is everything on its network.
/// </summary>
/// <param name="alert">Takes a sentence for the operator, once for each change.</param>
public sealed class TokenBook(Action<string> alert)
{
    private readonly ConcurrentDictionary<Token, TokenReading> _known = [];

    /// <summary>What the coins are worth; null where nobody asks.</summary>
    public PegBook? Pegs { get; init; }

    /// <summary>Why no new payment may choose this token; null if it may.</summary>
    public TokenStop? WhyNot(Token token) =>
        _known.GetValueOrDefault(token) switch
        {
            { IsDeprecated: true } => TokenStop.Deprecated,
            { IsPaused: true } => TokenStop.Paused,
            _ => Pegs?.Stops(token) == true ? TokenStop.Depegged : null,
        };

    /// <summary>
    /// Why a payment may not choose this token; null if it may. One that was made while the coin was worth too little
    /// to be priced has no price for it, so it never takes it.
    /// </summary>
    public TokenStop? WhyNot(Token token, Quote quote) =>
        WhyNot(token) ?? (quote.PriceOf(token.Asset) is null ? TokenStop.Depegged : null);

    /// <summary>A token's contract was read again. Only the watcher of its network tells of it.</summary>
    public void Report(Network network, TokenReading told)
    {
        var before = _known.GetValueOrDefault(told.Token) ?? new TokenReading(told.Token);
        var after = told.Over(before);
        _known[told.Token] = after;
        var name = $"{network.Name}: {told.Token.Asset} ({told.Token.Contract})";
        foreach (var change in ChangesOf(before, after))
            alert($"{name} {change}");
    }

    private static IEnumerable<string> ChangesOf(TokenReading before, TokenReading after)
    {
        const string goesOn = "No new payment may choose it; those that have it are watched and credited as before.";
        if (after.IsPaused == true && before.IsPaused != true)
            yield return $"is paused by its issuer: nobody can send it. {goesOn}";
        if (after.IsPaused == false && before.IsPaused == true)
            yield return "is not paused any more: new payments may choose it again.";
        if (after.IsDeprecated == true && before.IsDeprecated != true)
            yield return $"is deprecated by its issuer: another contract takes its place, which is not watched. {goesOn}";
        if (after.IsDeprecated == false && before.IsDeprecated == true)
            yield return "is not deprecated any more: new payments may choose it again.";
        if (after.FeeBasisPoints is { } fee && fee != (before.FeeBasisPoints ?? default(UInt256)))
            yield return $"keeps {fee} hundredths of a percent of a transfer now. Payments are credited with what arrives.";
        if (after.Implementation is { } code && before.Implementation is { } old && code != old)
            yield return $"runs other code than before: {Named(code)} in place of {Named(old)}. "
                + "Payments go on; see what its issuer says of it.";
    }

    private static string Named(string code) => code.Length == 0 ? "its own" : code;
}
