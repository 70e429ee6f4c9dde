namespace StablePay.Engine.Rates.Pegs;

/// <summary>What happens while a coin is worth less than the floor (TOK-21).</summary>
/// <param name="Floor">US dollars for one coin.</param>
/// <param name="Pauses">
/// Whether no new payment may choose the coin on live networks meanwhile; without, the operator is told and no more.
/// </param>
public sealed record PegPolicy(Rate Floor, bool Pauses)
{
    public static PegPolicy Default { get; } = new(Rate.From(98, 100), false);
}
