using System.Security.Cryptography;

namespace StablePay.Chains.Solana;

/// <summary>The programs that hold tokens, and the addresses that follow from them.</summary>
public static class SolanaPrograms
{
    /// <summary>The Token program, of which every token of the catalogue is.</summary>
    public static readonly SolanaAddress Token = SolanaAddress.Parse("TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA");

    /// <summary>Its successor, whose mints may have extensions that change what a transfer means (SOL-05).</summary>
    public static readonly SolanaAddress Token2022 = SolanaAddress.Parse("TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb");

    public static readonly SolanaAddress AssociatedToken = SolanaAddress.Parse(
        "ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL"
    );

    /// <summary>It makes accounts; its address is nothing but zeros.</summary>
    public static readonly SolanaAddress System = SolanaAddress.Parse("11111111111111111111111111111111");

    private const int LongestSeed = 32;
    private const int MostSeeds = 16;

    /// <summary>
    /// The address of a program for these seeds: off the curve, with the highest bump that makes it so.
    /// </summary>
    /// <exception cref="ArgumentException">There are more than 15 seeds, or one is longer than 32 bytes.</exception>
    public static (SolanaAddress Address, byte Bump) FindProgramAddress(
        SolanaAddress program,
        params ReadOnlySpan<byte[]> seeds
    )
    {
        if (seeds.Length >= MostSeeds)
            throw new ArgumentException("At most 15 seeds, and the bump.", nameof(seeds));
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var owner = program.ToArray();
        var digest = new byte[SolanaAddress.Length];
        for (int bump = byte.MaxValue; bump >= 0; bump--)
        {
            foreach (var seed in seeds)
                hash.AppendData(
                    seed.Length <= LongestSeed
                        ? seed
                        : throw new ArgumentException("A seed is at most 32 bytes long.", nameof(seeds))
                );
            hash.AppendData([(byte)bump]);
            hash.AppendData(owner);
            hash.AppendData("ProgramDerivedAddress"u8);
            hash.GetHashAndReset(digest);
            if (new SolanaAddress(digest) is { IsOnCurve: false } address)
                return (address, (byte)bump);
        }
        // Half of all hashes are off the curve.
        throw new InvariantBrokenException("all 256 hashes are on the curve");
    }

    /// <summary>The token account that wallets and exchanges pay an owner's token to.</summary>
    /// <param name="tokenProgram">The program that the mint is of; the address depends on it.</param>
    public static SolanaAddress AssociatedAccountOf(
        SolanaAddress owner,
        SolanaAddress mint,
        SolanaAddress tokenProgram
    ) => FindProgramAddress(AssociatedToken, owner.ToArray(), tokenProgram.ToArray(), mint.ToArray()).Address;
}
