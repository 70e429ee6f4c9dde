namespace StablePay.Engine.Rates.Pegs;

/// <summary>What becomes of new live payments while a coin is worth less than the floor (TOK-21).</summary>
public enum BelowPeg
{
    /// <summary>They take it at one dollar as before; the operator is told and no more.</summary>
    Warn,

    /// <summary>They may not choose it.</summary>
    Pause,

    /// <summary>They take it at its market price, which they lock when they are created.</summary>
    Requote,
}

/// <summary>When a coin is worth too little, and what happens then.</summary>
/// <param name="Floor">US dollars for one coin, above <see cref="AssetPrice.Least"/> and at most 1.</param>
public sealed record PegPolicy(Rate Floor, BelowPeg Below)
{
    public static PegPolicy Default { get; } = new(Rate.From(98, 100), BelowPeg.Warn);
}
