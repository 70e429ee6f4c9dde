using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using StablePay.Chains.Evm;
using StablePay.Chains.Keys;

namespace StablePay.Chains.Tests.Keys;

[Heavy]
public sealed class SeedVaultTests : IDisposable
{
    private const string Passphrase = "correct horse battery staple";
    private const string Next = "a new passphrase";
    private const string TwelveWords = "legal winner thank year wave sausage worth useful legal winner thank yellow";

    private static readonly KdfSettings Cheap = new(64, 1);

    private readonly string _folder = Directory.CreateTempSubdirectory("vault").FullName;

    private string File1 => Path.Combine(_folder, "vault.json");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_vault_opens_with_the_same_seed_and_the_same_data_key()
    {
        string xpub,
            sealedText,
            words;
        using (var made = Create())
        {
            xpub = made.Seed.AccountPublicKey(60, 0);
            words = made.Seed.ExportMnemonic();
            sealedText = made.Secrets.Seal("api_key:ak_1", "secret"u8);
        }

        using var opened = SeedVault.Open(File1, Passphrase);
        opened.InstanceId.ShouldBe("inst_1");
        opened.KeyId.ShouldStartWith("key_");
        opened.Seed.AccountPublicKey(60, 0).ShouldBe(xpub);
        opened.Seed.ExportMnemonic().ShouldBe(words);
        opened.Secrets.Open("api_key:ak_1", sealedText).ShouldBe("secret"u8.ToArray());
        Directory.GetFiles(_folder).Length.ShouldBe(1);
    }

    [Fact]
    public void The_seed_is_what_wallets_make_of_its_words()
    {
        using var vault = Create();
        using var master = ExtendedPrivateKey.FromSeed(Bip39.ToSeed(vault.Seed.ExportMnemonic()));
        using var account = master.Derive(KeyPath.Parse("m/44'/60'/3'"));
        vault.Seed.AccountPublicKey(60, 3).ShouldBe(account.ToPublic().ExportText());
        using var key = vault.Seed.PrivateKeyAt(KeyPath.Parse("m/44'/60'/3'"));
        key.ExportText().ShouldBe(account.ExportText());
        EvmDeposits.FromAccountKey(vault.Seed.AccountPublicKey(60, 3)).AddressAt(0).ShouldNotBe(default);
    }

    [Fact]
    public void Two_vaults_share_nothing()
    {
        using var one = Create();
        using var two = SeedVault.Create(File1 + "2", Passphrase, "inst_1", RandomNumberGenerator.Fill, Cheap);
        one.Seed.AccountPublicKey(60, 0).ShouldNotBe(two.Seed.AccountPublicKey(60, 0));
        one.KeyId.ShouldNotBe(two.KeyId);
        Should.Throw<SecretBoxException>(() => two.Secrets.Open("a", one.Secrets.Seal("a", [])));
    }

    [Theory]
    [InlineData("correct horse battery stapl")]
    [InlineData("correct horse battery staple ")]
    [InlineData("Correct horse battery staple")]
    [InlineData("")]
    public void A_wrong_passphrase_is_said_to_be_wrong(string passphrase)
    {
        Create().Dispose();
        Fault(() => SeedVault.Open(File1, passphrase)).ShouldBe(VaultFault.WrongPassphrase);
    }

    [Fact]
    public void A_passphrase_is_the_same_however_its_accents_are_typed()
    {
        SeedVault.Create(File1, "passw\u00f6rt \u00e9t\u00e9", "inst_1", RandomNumberGenerator.Fill, Cheap).Dispose();
        SeedVault.Open(File1, "passwo\u0308rt e\u0301te\u0301").Dispose();
    }

    [Fact]
    public void Any_changed_byte_is_noticed()
    {
        Create().Dispose();
        var bytes = File.ReadAllBytes(File1);
        for (var at = 0; at < bytes.Length; at++)
        {
            foreach (var flip in new byte[] { 1, 0x20, 0x80, 0x2a })
            {
                var changed = (byte[])bytes.Clone();
                changed[at] ^= flip;
                File.WriteAllBytes(File1, changed);
                Fault(() => SeedVault.Open(File1, Passphrase)).ShouldBeOneOf(VaultFault.Damaged, VaultFault.TooNew);
            }
        }
    }

    [Fact]
    public void A_cut_or_longer_file_is_noticed()
    {
        Create().Dispose();
        var bytes = File.ReadAllBytes(File1);
        for (var length = 0; length < bytes.Length; length++)
        {
            File.WriteAllBytes(File1, bytes[..length]);
            Fault(() => SeedVault.Open(File1, Passphrase)).ShouldBe(VaultFault.Damaged);
        }

        File.WriteAllBytes(File1, [.. bytes, (byte)'\n']);
        Fault(() => SeedVault.Open(File1, Passphrase)).ShouldBe(VaultFault.Damaged);
        File.WriteAllBytes(File1, new byte[1 << 20]);
        Fault(() => SeedVault.Open(File1, Passphrase)).ShouldBe(VaultFault.Damaged);
    }

    [Theory]
    [InlineData("instance_id", "inst_2")]
    [InlineData("key_id", "key_0000000000000000")]
    [InlineData("kdf", "scrypt")]
    [InlineData("cipher", "aes-128-gcm")]
    [InlineData("format", "another")]
    [InlineData("salt", "AAAAAAAAAAAAAAAAAAAAAA==")]
    [InlineData("salt", "AAAA")]
    [InlineData("salt", "?")]
    [InlineData("seed", "")]
    [InlineData("seed", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("data_key", "")]
    [InlineData("memory_kib", 128)]
    [InlineData("memory_kib", 7)]
    [InlineData("memory_kib", int.MaxValue)]
    [InlineData("memory_kib", -1)]
    [InlineData("passes", 2)]
    [InlineData("passes", 0)]
    [InlineData("passes", int.MaxValue)]
    [InlineData("version", 0)]
    public void A_forger_who_mends_the_checksum_still_opens_nothing(string field, object value)
    {
        Create().Dispose();
        Forge(json => json[field] = JsonSerializer.SerializeToNode(value));
        Fault(() => SeedVault.Open(File1, Passphrase)).ShouldBeOneOf(VaultFault.Damaged, VaultFault.WrongPassphrase);
    }

    [Fact]
    public void Parts_cannot_be_exchanged_within_a_file_or_between_files()
    {
        Create().Dispose();
        Forge(json => (json["seed"], json["data_key"]) = (json["data_key"]!.DeepClone(), json["seed"]!.DeepClone()));
        Fault(() => SeedVault.Open(File1, Passphrase)).ShouldBe(VaultFault.WrongPassphrase);

        File.Delete(File1);
        Create().Dispose();
        var first = JsonNode.Parse(File.ReadAllText(File1))!;
        File.Delete(File1);
        Create().Dispose();
        Forge(json => json["seed"] = first["seed"]!.DeepClone());
        Fault(() => SeedVault.Open(File1, Passphrase)).ShouldBe(VaultFault.Damaged);
    }

    [Fact]
    public void A_file_of_a_newer_version_says_so()
    {
        Create().Dispose();
        Forge(json => json["version"] = 2);
        Fault(() => SeedVault.Open(File1, Passphrase)).ShouldBe(VaultFault.TooNew);
    }

    [Fact]
    public void A_vault_is_never_overwritten_and_a_missing_one_never_made_by_opening()
    {
        Fault(() => SeedVault.Open(File1, Passphrase)).ShouldBe(VaultFault.Missing);
        Fault(() => SeedVault.Open(Path.Combine(_folder, "no", "where"), Passphrase)).ShouldBe(VaultFault.Missing);
        using var made = Create();
        var before = File.ReadAllBytes(File1);
        Fault(() => Create()).ShouldBe(VaultFault.Exists);
        File.ReadAllBytes(File1).ShouldBe(before);
    }

    [Fact]
    public void Of_many_that_create_at_once_one_wins_and_its_seed_is_in_the_file()
    {
        for (var round = 0; round < 20; round++)
        {
            var keys = RaceToCreate(8);
            using var opened = SeedVault.Open(File1, Passphrase);
            keys.ShouldBe([opened.Seed.AccountPublicKey(60, 0)]);
            Directory.GetFiles(_folder).ShouldBe([File1]);
            File.Delete(File1);
        }
    }

    private List<string> RaceToCreate(int racers)
    {
        using var line = new Barrier(racers);
        var keys = new List<string>();
        var threads = Enumerable.Range(0, racers).Select(_ => new Thread(Race)).ToArray();
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        return keys;

        void Race()
        {
            line.SignalAndWait();
            try
            {
                using var vault = Create();
                lock (keys)
                    keys.Add(vault.Seed.AccountPublicKey(60, 0));
            }
            catch (VaultException e) when (e.Fault == VaultFault.Exists)
            {
                return;
            }
        }
    }

    [Fact]
    public void Only_the_owner_may_read_the_file()
    {
        if (OperatingSystem.IsWindows())
            return;
        Create().Dispose();
        File.GetUnixFileMode(File1).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public void Neither_the_file_nor_any_text_form_holds_a_secret()
    {
        using var vault = Create();
        var text = File.ReadAllText(File1);
        foreach (var word in vault.Seed.ExportMnemonic().Split(' '))
            text.ShouldNotContain($" {word} ");
        text.ShouldNotContain("xprv", Case.Sensitive);
        text.ShouldNotContain(Passphrase);
        $"{vault} {vault.Seed} {vault.Secrets}".ShouldBe("*** *** ***");
        JsonSerializer.Serialize(vault.Seed).ShouldBe("{}");
        JsonSerializer.Serialize(vault).ShouldNotContain("xp");
    }

    [Fact]
    public void A_new_passphrase_leaves_seed_and_data_key_as_they_were()
    {
        string xpub,
            sealedText,
            keyId;
        using (var made = Create())
            (xpub, sealedText, keyId) = (made.Seed.AccountPublicKey(60, 0), made.Secrets.Seal("a", [7]), made.KeyId);
        var before = File.ReadAllBytes(File1);
        Fault(() => SeedVault.ChangePassphrase(File1, "wrong wrong", Next, RandomNumberGenerator.Fill, Cheap))
            .ShouldBe(VaultFault.WrongPassphrase);
        File.ReadAllBytes(File1).ShouldBe(before);

        SeedVault.ChangePassphrase(File1, Passphrase, Next, RandomNumberGenerator.Fill, new KdfSettings(128, 2));
        Fault(() => SeedVault.Open(File1, Passphrase)).ShouldBe(VaultFault.WrongPassphrase);
        using var opened = SeedVault.Open(File1, Next);
        opened.Seed.AccountPublicKey(60, 0).ShouldBe(xpub);
        opened.Secrets.Open("a", sealedText).ShouldBe([7]);
        opened.KeyId.ShouldBe(keyId);
        if (!OperatingSystem.IsWindows())
            File.GetUnixFileMode(File1).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public void Words_restore_the_same_keys_under_a_new_data_key()
    {
        using var made = Create();
        var words = made.Seed.ExportMnemonic();
        using var restored = Restore(words);
        restored.Seed.AccountPublicKey(60, 0).ShouldBe(made.Seed.AccountPublicKey(60, 0));
        Should.Throw<SecretBoxException>(() => restored.Secrets.Open("a", made.Secrets.Seal("a", [])));
        Fault(() => Restore(words)).ShouldBe(VaultFault.Exists);
        Should.Throw<FormatException>(() => Restore(TwelveWords));
        Fault(() => Restore(Bip39.ToMnemonic(new byte[32]))).ShouldBe(VaultFault.WeakEntropy);
    }

    [Fact]
    public void REF_16_dice_that_are_stuck_make_no_key()
    {
        var counter = 0;
        var draws = 0;
        Action<Span<byte>>[] broken =
        [
            _ => { },
            bytes => bytes.Fill(0xff),
            bytes => bytes.Fill((byte)++draws),
            bytes =>
            {
                for (var i = 0; i < bytes.Length; i++)
                    bytes[i] = (byte)++counter;
            },
            bytes =>
            {
                for (var i = 0; i < bytes.Length; i++)
                    bytes[i] = (byte)(++counter % 5);
            },
            bytes => SHA512.HashData("the same each time"u8)[..bytes.Length].CopyTo(bytes),
        ];
        foreach (var dice in broken)
        {
            Fault(() => SeedVault.Create(File1, Passphrase, "inst_1", dice, Cheap)).ShouldBe(VaultFault.WeakEntropy);
            File.Exists(File1).ShouldBeFalse();
        }
    }

    [Fact]
    public void Real_dice_are_not_called_stuck()
    {
        for (var i = 0; i < 100_000; i++)
            Sealing.LooksMade(RandomNumberGenerator.GetBytes(32)).ShouldBeFalse();
    }

    [Theory]
    [InlineData("")]
    [InlineData("1234567")]
    [InlineData("          ")]
    public void A_short_passphrase_is_refused(string passphrase) =>
        Fault(() => SeedVault.Create(File1, passphrase, "inst_1", RandomNumberGenerator.Fill, Cheap))
            .ShouldBe(VaultFault.WeakPassphrase);

    [Fact]
    public void A_vault_that_was_disposed_of_gives_nothing_away()
    {
        var vault = Create();
        vault.Dispose();
        Should.Throw<ObjectDisposedException>(() => vault.Seed.ExportMnemonic());
        Should.Throw<ObjectDisposedException>(() => vault.Seed.AccountPublicKey(60, 0));
        Should.Throw<ObjectDisposedException>(() => vault.Seed.PrivateKeyAt(KeyPath.Parse("m")));
        Should.Throw<ObjectDisposedException>(() => vault.Secrets.Seal("a", []));
    }

    [Fact]
    public void The_default_price_of_a_guess_is_256_MiB_and_three_passes()
    {
        SeedVault.Create(File1, Passphrase, "inst_1", RandomNumberGenerator.Fill).Dispose();
        var json = JsonNode.Parse(File.ReadAllText(File1))!;
        json["memory_kib"]!.GetValue<int>().ShouldBe(262_144);
        json["passes"]!.GetValue<int>().ShouldBe(3);
        SeedVault.Open(File1, Passphrase).Dispose();
    }

    private SeedVault Create() => SeedVault.Create(File1, Passphrase, "inst_1", RandomNumberGenerator.Fill, Cheap);

    private SeedVault Restore(string words) =>
        SeedVault.Restore(File1 + "2", Passphrase, "inst_2", words, RandomNumberGenerator.Fill, Cheap);

    private static VaultFault Fault(Action act) => Should.Throw<VaultException>(act).Fault;

    private void Forge(Action<JsonNode> change)
    {
        var json = JsonNode.Parse(File.ReadAllText(File1))!;
        change(json);
        json["checksum"] = "";
        var options = new JsonSerializerOptions { WriteIndented = true, NewLine = "\n" };
        var sum = SHA256.HashData(Encoding.UTF8.GetBytes(json.ToJsonString(options)));
        json["checksum"] = Convert.ToHexStringLower(sum);
        File.WriteAllText(File1, json.ToJsonString(options) + "\n");
    }
}
