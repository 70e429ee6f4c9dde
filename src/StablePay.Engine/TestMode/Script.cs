using StablePay.Chains.Sandbox;
using StablePay.Storage;

namespace StablePay.Engine.TestMode;

/// <summary>What a scenario is played on.</summary>
/// <param name="Token">The coin and network that the payer is shown.</param>
/// <param name="Siblings">Networks where the session's address is good too.</param>
public sealed record Stage(CheckoutSession Session, Token Token, Network Network, IReadOnlyList<Network> Siblings)
{
    public TokenAmount Missing => MissingIn(Token);

    public TokenAmount MissingIn(Token token) => Session.Quote.AskFor(Session.Remaining, token);

    public TimeSpan Blocks(int count) => Network.BlockTime * count;

    /// <summary>A part of what is missing, in whole cents; none if that is less than a cent.</summary>
    public UInt128 PartOf(uint numerator, uint denominator)
    {
        var part = Missing.Atoms * numerator / denominator;
        return part - (part % Token.AtomsPerCent);
    }

    /// <summary>Whether the payer was shown this token too, so that it counts.</summary>
    public bool WasShown(Token token) => Session.Choices.Any(c => c.Token == token);
}

/// <summary>One transaction of a script: to the session's address, and to others if it says so.</summary>
public sealed record Act(Token Token, UInt128 Atoms)
{
    public string From { get; init; } = PayInSandbox.TestWallet;

    public SandboxFate Fate { get; init; } = SandboxFate.Usual;

    /// <summary>How many others the same transaction pays.</summary>
    public int Others { get; init; }
}

/// <summary>What happens in a scenario, decided before anything does.</summary>
public sealed record Script(params IReadOnlyList<Act> Acts)
{
    /// <summary>What the store has with the network meanwhile, and for how long; null for nothing.</summary>
    public (TroubleKind Kind, TimeSpan For)? Trouble { get; init; }

    /// <summary>Whether the store's clock is moved past the session's end first.</summary>
    public bool PastEnd { get; init; }

    /// <summary>How long it takes until the last money has been sent.</summary>
    public TimeSpan Length => Acts.Max(a => a.Fate.Wait + (a.Fate.ComesAgain ?? TimeSpan.Zero));
}
