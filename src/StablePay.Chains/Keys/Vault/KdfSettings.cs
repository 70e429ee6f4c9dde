using System.Security.Cryptography;
using System.Text;
using NSec.Cryptography;

namespace StablePay.Chains.Keys;

/// <summary>
/// How dear one guess at a vault's passphrase is: Argon2id with this much memory and this many passes. The values are
/// stored in the vault, so that they can be raised later without losing old files.
/// </summary>
/// <param name="MemoryKib">Memory in KiB.</param>
/// <param name="Passes">How often the memory is walked.</param>
public sealed record KdfSettings(int MemoryKib, int Passes)
{
    internal const int SaltLength = 16;

    // A file can ask for any number; more than this would stop the server instead of opening the vault.
    private const int MostMemoryKib = 4 * 1024 * 1024;
    private const int MostPasses = 64;

    /// <summary>256 MiB, three passes: about a second, paid once at start.</summary>
    public static KdfSettings Default { get; } = new(256 * 1024, 3);

    internal bool IsSane => MemoryKib is >= 8 and <= MostMemoryKib && Passes is >= 1 and <= MostPasses;

    internal byte[] Derive(string passphrase, ReadOnlySpan<byte> salt)
    {
        var parameters = new Argon2Parameters
        {
            DegreeOfParallelism = 1,
            MemorySize = MemoryKib,
            NumberOfPasses = Passes,
        };
        // The same passphrase typed on two systems may come composed or decomposed.
        var password = Encoding.UTF8.GetBytes(passphrase.Normalize(NormalizationForm.FormKD));
        var key = new byte[32];
        new Argon2id(parameters).DeriveBytes(password, salt, key);
        CryptographicOperations.ZeroMemory(password);
        return key;
    }
}
