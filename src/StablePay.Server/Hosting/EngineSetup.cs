using StablePay.Server.Options;

namespace StablePay.Server.Hosting;

/// <summary>Turns the checked settings into what the engine takes, and makes what a first start needs.</summary>
internal static class EngineSetup
{
    /// <summary>The price of a guess at a passphrase that a person chose (threats E3): 256 MiB, three passes.</summary>
    private static readonly (int MemoryKib, int Passes) Chosen = (262_144, 3);

    /// <summary>A passphrase of 128 random bits cannot be guessed at any price.</summary>
    private static readonly (int MemoryKib, int Passes) Made = (19_456, 2);

    public static EngineSettings Of(Settings settings, string publicUrl, Dice dice, Action<string> say)
    {
        Directory.CreateDirectory(settings.Data);
        var options = settings.Options;
        return new EngineSettings
        {
            DatabaseProvider = options.Database.Provider,
            DatabaseConnection = settings.Connection,
            PublicUrl = publicUrl,
            Keys = KeysOf(settings, dice, say),
            HighWaterPath = Path.Combine(settings.Data, "addresses.json"),
            Sandbox = options.Sandbox.Enabled
                ? new SandboxSettings(options.Sandbox.BlockTime, options.Sandbox.Confirmations)
                : null,
            Networks = settings.Networks,
            ExtraWebhookPorts = [.. options.Webhooks.ExtraPorts],
            AllowLoopbackForTestMode = options.Webhooks.AllowLoopbackForTestMode ?? settings.IsSandboxOnly,
            ReadRates = options.Rates.Enabled,
            ReconcileEvery = options.Reconciliation.Every,
            Peg = settings.Peg,
        };
    }

    internal static KeySettings KeysOf(Settings settings, Dice dice, Action<string> say)
    {
        var keys = settings.Passphrase is { } passphrase
            ? new KeySettings(settings.VaultPath, passphrase, Chosen.MemoryKib, Chosen.Passes)
            : new KeySettings(settings.VaultPath, MadePassphrase(settings, dice, say), Made.MemoryKib, Made.Passes);
        var options = settings.Options.Keys;
        return keys with
        {
            AccountKey = OrNull(options.AccountKey),
            TronAccountKey = OrNull(options.TronAccountKey),
            SolanaAddressFile = OrNull(options.SolanaAddressFile),
        };
    }

    private static string? OrNull(string text) => text.Length == 0 ? null : text;

    /// <summary>The sandbox's default: a passphrase of our own, kept beside the vault and said aloud.</summary>
    private static string MadePassphrase(Settings settings, Dice dice, Action<string> say)
    {
        var path = Path.Combine(settings.Data, "passphrase");
        if (File.Exists(path))
            return File.ReadAllText(path).TrimEnd('\r', '\n');
        if (File.Exists(settings.VaultPath))
            throw new EngineRefusedException(
                $"The vault {settings.VaultPath} needs its passphrase: set Keys:PassphraseFile."
            );
        Span<byte> random = stackalloc byte[16];
        dice.Fill(random);
        var made = Convert.ToHexStringLower(random);
        SecretFile.Write(path, made + "\n");
        say(
            $"A passphrase for the vault was made and lies beside it in {path}: good for trying out. "
                + "For real money choose your own and set Keys:PassphraseFile."
        );
        return made;
    }
}
