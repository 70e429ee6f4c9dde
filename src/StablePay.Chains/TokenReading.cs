using StablePay.Chains.Evm;

namespace StablePay.Chains;

/// <summary>
/// What a pinned token's contract says of itself (TOK-12, TOK-14). Null is what no node could tell: it proves nothing,
/// and never that a token moves again.
/// </summary>
public sealed record TokenReading(Token Token)
{
    /// <summary>What <c>paused()</c> answers; false where the contract has no such function.</summary>
    public bool? IsPaused { get; init; }

    /// <summary>What <c>deprecated()</c> answers; false where the contract has no such function.</summary>
    public bool? IsDeprecated { get; init; }

    /// <summary>
    /// What <c>basisPointsRate()</c> answers: the fee that the contract keeps of a transfer, in hundredths of a
    /// percent; 0 where it has no such function.
    /// </summary>
    public UInt256? FeeBasisPoints { get; init; }

    /// <summary>
    /// The contract whose code a proxy runs, in the network's display form; empty where it is no proxy.
    /// </summary>
    public string? Implementation { get; init; }

    /// <summary>This reading, and where it says nothing what an earlier one said.</summary>
    public TokenReading Over(TokenReading earlier) =>
        new(Token)
        {
            IsPaused = IsPaused ?? earlier.IsPaused,
            IsDeprecated = IsDeprecated ?? earlier.IsDeprecated,
            FeeBasisPoints = FeeBasisPoints ?? earlier.FeeBasisPoints,
            Implementation = Implementation ?? earlier.Implementation,
        };
}
