namespace StablePay.Core.Networks;

/// <summary>A token at one address: what a balance is asked of.</summary>
/// <param name="Address">In the network's display form; on Solana the owner's, never the token account's.</param>
public readonly record struct TokenAt(Token Token, string Address);

/// <summary>What an address holds of a token, as a node tells it.</summary>
/// <param name="Atoms">2^128 - 1 stands for that and anything above.</param>
/// <param name="IsFrozen">The token's issuer lets nothing out of the address, or its token account.</param>
public readonly record struct Holding(UInt128 Atoms, bool IsFrozen);
