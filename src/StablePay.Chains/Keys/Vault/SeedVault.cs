using System.Diagnostics;
using System.Security.Cryptography;

namespace StablePay.Chains.Keys;

/// <summary>
/// The one file that holds an instance's secrets: the seed of its receiving addresses and the key of its
/// <see cref="SecretBox"/>, each sealed with AES-256-GCM under a key that Argon2id makes from a passphrase, and bound
/// to the instance, the key and the purpose, so that parts of two files cannot be mixed.
/// </summary>
[DebuggerDisplay("***")]
public sealed class SeedVault : IDisposable
{
    /// <summary>Shorter passphrases are refused.</summary>
    public const int ShortestPassphrase = 8;

    private const string KdfName = "argon2id";
    private const string CipherName = "aes-256-gcm";

    private SeedVault(VaultFile file, byte[] entropy, byte[] dataKey)
    {
        InstanceId = file.InstanceId;
        KeyId = file.KeyId;
        Seed = new Seed(entropy);
        Secrets = SecretBox.FromKey(dataKey);
    }

    /// <summary>The instance that the vault was made for.</summary>
    public string InstanceId { get; }

    /// <summary>A public name for this seed; it stays when the passphrase changes.</summary>
    public string KeyId { get; }

    /// <summary>The seed, open until the vault is disposed of.</summary>
    public Seed Seed { get; }

    /// <summary>Seals the small secrets that are kept in the database.</summary>
    public SecretBox Secrets { get; }

    /// <summary>Makes a new seed and a new data key and keeps them in a new file.</summary>
    /// <param name="path">Where; nothing may be there.</param>
    /// <param name="passphrase">What opens it.</param>
    /// <param name="instanceId">The instance it belongs to.</param>
    /// <param name="dice">Fills a buffer at random; in production <see cref="RandomNumberGenerator.Fill"/>.</param>
    /// <param name="kdf">The price of a guess; <see cref="KdfSettings.Default"/> when it is not given.</param>
    /// <exception cref="VaultException">A file is there, the passphrase is short, or the dice are stuck.</exception>
    public static SeedVault Create(
        string path,
        string passphrase,
        string instanceId,
        Action<Span<byte>> dice,
        KdfSettings? kdf = null
    )
    {
        ArgumentNullException.ThrowIfNull(dice);
        return Make(path, passphrase, instanceId, Sealing.Draw(dice, Seed.Length), dice, kdf);
    }

    /// <summary>Makes a vault around a seed that exists already, from its 24 words.</summary>
    /// <exception cref="FormatException">The words are not a mnemonic of 256 bits.</exception>
    /// <exception cref="VaultException">As with <see cref="Create"/>; also for words that no dice made.</exception>
    public static SeedVault Restore(
        string path,
        string passphrase,
        string instanceId,
        string mnemonic,
        Action<Span<byte>> dice,
        KdfSettings? kdf = null
    )
    {
        ArgumentNullException.ThrowIfNull(dice);
        var entropy = Bip39.ToEntropy(mnemonic);
        if (entropy.Length != Seed.Length)
            throw new FormatException("The seed of an instance has 24 words.");
        if (Sealing.LooksMade(entropy))
            throw new VaultException(VaultFault.WeakEntropy, "These words follow a pattern that anybody can guess.");
        return Make(path, passphrase, instanceId, entropy, dice, kdf);
    }

    /// <summary>Opens the file; this takes as long as the stored settings demand.</summary>
    /// <exception cref="VaultException">It is missing, damaged, too new, or the passphrase is wrong.</exception>
    public static SeedVault Open(string path, string passphrase)
    {
        ArgumentNullException.ThrowIfNull(passphrase);
        var file = VaultFile.Read(path);
        var (entropy, dataKey) = Unseal(file, passphrase);
        return Opened(file, entropy, dataKey);
    }

    /// <summary>
    /// Seals the same seed and data key under another passphrase. The old file is replaced in one step.
    /// </summary>
    public static void ChangePassphrase(
        string path,
        string passphrase,
        string next,
        Action<Span<byte>> dice,
        KdfSettings? kdf = null
    )
    {
        ArgumentNullException.ThrowIfNull(dice);
        CheckPassphrase(next);
        var file = VaultFile.Read(path);
        var (entropy, dataKey) = Unseal(file, passphrase);
        var sealing = new Contents(file.InstanceId, file.KeyId, entropy, dataKey);
        sealing.Seal(next, dice, kdf ?? KdfSettings.Default).Write(path, replace: true);
        CryptographicOperations.ZeroMemory(entropy);
        CryptographicOperations.ZeroMemory(dataKey);
    }

    public void Dispose()
    {
        Seed.Dispose();
        Secrets.Dispose();
    }

    public override string ToString() => "***";

    private static SeedVault Make(
        string path,
        string passphrase,
        string instanceId,
        byte[] entropy,
        Action<Span<byte>> dice,
        KdfSettings? kdf
    )
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        CheckPassphrase(passphrase);
        if (File.Exists(path))
            throw VaultFile.Exists();
        var dataKey = Sealing.Draw(dice, Sealing.KeyLength);
        Span<byte> id = stackalloc byte[8];
        dice(id);
        var contents = new Contents(instanceId, "key_" + Convert.ToHexStringLower(id), entropy, dataKey);
        var file = contents.Seal(passphrase, dice, kdf ?? KdfSettings.Default);
        file.Write(path, replace: false);
        return Opened(file, entropy, dataKey);
    }

    private static SeedVault Opened(VaultFile file, byte[] entropy, byte[] dataKey)
    {
        var vault = new SeedVault(file, entropy, dataKey);
        CryptographicOperations.ZeroMemory(entropy);
        CryptographicOperations.ZeroMemory(dataKey);
        return vault;
    }

    private static (byte[] Entropy, byte[] DataKey) Unseal(VaultFile file, string passphrase)
    {
        var settings = new KdfSettings(file.MemoryKib, file.Passes);
        var known = file is { Format: VaultFile.FormatName, Kdf: KdfName, Cipher: CipherName } && settings.IsSane;
        if (!known)
            throw VaultFile.Damaged();
        var salt = Bytes(file.Salt, KdfSettings.SaltLength);
        var key = settings.Derive(passphrase, salt);
        var seedOpens = Sealing.TryOpen(key, Bytes(file.Seed), Bound(file, "seed"), out var entropy);
        var dataKeyOpens = Sealing.TryOpen(key, Bytes(file.DataKey), Bound(file, "data_key"), out var dataKey);
        CryptographicOperations.ZeroMemory(key);
        if (!seedOpens && !dataKeyOpens)
            throw new VaultException(VaultFault.WrongPassphrase, "The passphrase does not open this vault.");
        // One opens and the other does not: the passphrase is right and the file was put together from pieces.
        var whole = seedOpens && dataKeyOpens && entropy.Length == Seed.Length && dataKey.Length == Sealing.KeyLength;
        return whole ? (entropy, dataKey) : throw VaultFile.Damaged();
    }

    private static byte[] Bound(VaultFile file, string purpose) =>
        Sealing.Bind(file.InstanceId, file.KeyId, purpose, file.Version.ToString(CultureInfo.InvariantCulture));

    private static byte[] Bytes(string base64, int? length = null)
    {
        var bytes = new byte[base64.Length];
        var read = Convert.TryFromBase64String(base64, bytes, out var count);
        return read && (length is null || length == count) ? bytes[..count] : throw VaultFile.Damaged();
    }

    private static void CheckPassphrase(string passphrase)
    {
        ArgumentNullException.ThrowIfNull(passphrase);
        if (passphrase.Length < ShortestPassphrase || passphrase.AsSpan().IsWhiteSpace())
            throw new VaultException(VaultFault.WeakPassphrase, "The vault's passphrase has at least 8 characters.");
    }

    /// <summary>What goes into a file.</summary>
    private sealed class Contents(string instanceId, string keyId, byte[] entropy, byte[] dataKey)
    {
        public VaultFile Seal(string passphrase, Action<Span<byte>> dice, KdfSettings kdf)
        {
            if (!kdf.IsSane)
                throw new ArgumentException("Memory or passes are out of range.", nameof(kdf));
            var salt = new byte[KdfSettings.SaltLength];
            dice(salt);
            var file = new VaultFile
            {
                Format = VaultFile.FormatName,
                Version = VaultFile.CurrentVersion,
                InstanceId = instanceId,
                KeyId = keyId,
                Kdf = KdfName,
                MemoryKib = kdf.MemoryKib,
                Passes = kdf.Passes,
                Salt = Convert.ToBase64String(salt),
                Cipher = CipherName,
                Seed = "",
                DataKey = "",
                Checksum = "",
            };
            var key = kdf.Derive(passphrase, salt);
            var full = file with
            {
                Seed = Convert.ToBase64String(Sealing.Seal(key, entropy, Bound(file, "seed"), dice)),
                DataKey = Convert.ToBase64String(Sealing.Seal(key, dataKey, Bound(file, "data_key"), dice)),
            };
            CryptographicOperations.ZeroMemory(key);
            return full.WithChecksum();
        }
    }
}
