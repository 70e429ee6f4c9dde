using StablePay.Engine.Rates.Pegs;
using StablePay.Server.Commands;
using StablePay.Server.Options;

namespace StablePay.Server.Tests.Options;

public sealed class SettingsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("stablepay-settings-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static (Settings? Settings, IReadOnlyList<string> Mistakes) Read(params string[] args) =>
        SettingsCheck.Read(CommandLine.Read(args));

    [Fact]
    public void Without_any_setting_the_sandbox_starts()
    {
        var (settings, mistakes) = Read();
        mistakes.ShouldBeEmpty();
        settings.ShouldNotBeNull().HasDemo.ShouldBeTrue();
        settings.IsSandboxOnly.ShouldBeTrue();
        settings.Passphrase.ShouldBeNull();
        settings.Connection.ShouldEndWith(Path.Combine("data", "stablepay.db"));
    }

    [Fact]
    public void The_short_forms_and_every_kind_of_value_are_read()
    {
        var (settings, mistakes) = Read(
            "--port",
            "9000",
            "--data",
            _folder,
            "--no-demo",
            "--Sandbox:BlockTime",
            "00:00:00.500",
            "--Server:PublicUrl=https://pay.example/",
            "--Webhooks:ExtraPorts",
            "9443, 10443",
            "--Server:TrustedProxies",
            "10.0.0.0/8,2001:db8::1",
            "--server:LISTEN",
            "127.0.0.1",
            "--Server:Listen",
            "*",
            "--Webhooks:AllowLoopbackForTestMode",
            "true"
        );
        mistakes.ShouldBeEmpty();
        settings.ShouldNotBeNull();
        settings.Options.Server.Port.ShouldBe(9000);
        settings.Data.ShouldBe(_folder);
        settings.HasDemo.ShouldBeFalse();
        settings.Options.Sandbox.BlockTime.ShouldBe(TimeSpan.FromMilliseconds(500));
        settings.PublicUrl.ShouldBe("https://pay.example");
        settings.Options.Webhooks.ExtraPorts.ShouldBe([9443, 10443]);
        settings.TrustedProxies.Count.ShouldBe(2);
        settings.Options.Webhooks.AllowLoopbackForTestMode.ShouldBe(true);
    }

    [Theory]
    [InlineData("warn", BelowPeg.Warn)]
    [InlineData("pause", BelowPeg.Pause)]
    [InlineData("requote", BelowPeg.Requote)]
    public void TOK_21_what_becomes_of_a_coin_below_its_floor_is_what_the_setting_says(string text, BelowPeg below)
    {
        Read().Settings!.Peg.ShouldBe(PegPolicy.Default);
        Read("--Rates:Peg:Below", text, "--Rates:Peg:Floor", "0.9")
            .Settings!.Peg.ShouldBe(new PegPolicy(Rate.From(9, 10), below));
        Read("--Rates:Peg:Below", text + "s")
            .Mistakes.ShouldHaveSingleItem()
            .ShouldBe("Rates:Peg:Below must be one of warn, pause, requote.");
    }

    [Fact]
    public void Every_mistake_is_told_at_once()
    {
        var (settings, mistakes) = Read(
            "--Server:Prot",
            "1",
            "--port",
            "99999",
            "--Database:Provider",
            "mysql",
            "--Sandbox:BlockTime",
            "5",
            "--Rates:Enabled",
            "yes",
            "--Rates:Peg:Floor",
            "1.01",
            "--Rates:Peg:Below",
            "stop",
            "--Rates:Peg:Above",
            "1",
            "--Server:PublicUrl",
            "http://pay.example",
            "--Server:TrustedProxies",
            "proxy",
            "--Webhooks:ExtraPorts",
            "0,x",
            "--Server",
            "x",
            "nonsense",
            "--Keys:PassphraseFile",
            Path.Combine(_folder, "none"),
            "--Nothing:At",
            "all",
            "--Server:Listen:Deep",
            "1",
            "--Networks:base:Node",
            "http://x",
            "--Data"
        );
        settings.ShouldBeNull();
        string[] expected =
        [
            "Server:Prot is not a setting.",
            "Server:Port must be from 0 to 65535.",
            "Database:Provider must be one of sqlite, postgres.",
            "Sandbox:BlockTime is not a duration like 00:00:30.",
            "Rates:Enabled is not true or false.",
            "Rates:Peg:Floor must be plain digits from 0.5 to 1",
            "Rates:Peg:Below must be one of warn, pause, requote.",
            "Rates:Peg:Above is not a setting.",
            "Server:PublicUrl must be https",
            "Server:TrustedProxies has proxy",
            "Webhooks:ExtraPorts is not a list of whole numbers.",
            "Webhooks:ExtraPorts has 0",
            "--Server is not understood",
            "nonsense is not understood",
            "Keys:PassphraseFile: the file",
            "Nothing is not a setting.",
            "Server:Listen is one setting",
            "Networks:base:Node is not a setting.",
            "--Data is not understood",
        ];
        foreach (var start in expected)
            mistakes.ShouldContain(
                m => m.StartsWith(start, StringComparison.Ordinal),
                $"{start}\n{string.Join('\n', mistakes)}"
            );
    }

    [Fact]
    public void A_settings_file_is_read_and_the_command_line_wins()
    {
        var file = Path.Combine(_folder, "settings.json");
        File.WriteAllText(
            file,
            """{"Server":{"Port":1234,"StopWithin":"00:00:05","TrustedProxies":["10.0.0.1"]},"Typo":{"x":1}}"""
        );
        Read("--settings", file).Mistakes.ShouldBe(["Typo is not a setting."]);
        File.WriteAllText(file, """{"Server":{"Port":1234,"StopWithin":"00:00:05","TrustedProxies":["10.0.0.1"]}}""");
        var settings = Read("--settings", file, "--port", "1235").Settings.ShouldNotBeNull();
        settings.Options.Server.Port.ShouldBe(1235);
        settings.Options.Server.StopWithin.ShouldBe(TimeSpan.FromSeconds(5));
        settings.TrustedProxies.Count.ShouldBe(1);
        File.WriteAllText(file, "{");
        Read("--settings", file).Mistakes.Count.ShouldBe(1);
        Read("--settings", Path.Combine(_folder, "missing")).Mistakes.Single().ShouldContain("does not exist");
    }

    [Fact]
    public void A_live_network_needs_a_passphrase_of_the_operators_and_takes_its_facts_from_the_catalogue()
    {
        Read("--Networks:eth:Id", "eip155:1", "--Networks:eth:Nodes", "http://127.0.0.1:8545")
            .Mistakes.ShouldBe([
                "Keys:PassphraseFile must be set when live networks are configured: a file that holds the passphrase of "
                    + "the vault. The one of a first start without live networks is in the data directory (passphrase).",
            ]);
        var passphrase = Path.Combine(_folder, "passphrase");
        File.WriteAllText(passphrase, "correct horse battery\n");
        string[] keys = ["--Keys:PassphraseFile", passphrase];
        var settings = Read([.. keys, "--Networks:eth:Id", "eip155:1", "--Networks:eth:Nodes", "http://127.0.0.1:8545"])
            .Settings.ShouldNotBeNull();
        settings.Passphrase.ShouldBe("correct horse battery");
        settings.Networks.Single().Id.ShouldBe("eip155:1");
        settings.HasDemo.ShouldBeFalse();
        settings.ToString().ShouldNotContain("horse");
        Read([.. keys, "--Networks:base:Id", "eip155:8453", "--Networks:base:Nodes", "https://node.example"])
            .Mistakes.ShouldContain(m => m.Contains("needs a Name", StringComparison.Ordinal));
        var own = Read([
            .. keys,
            "--Networks:base:Id",
            "eip155:8453",
            "--Networks:base:Nodes",
            "https://node.example",
            "--Networks:base:Name",
            "Base",
            "--Networks:base:Tokens",
            "USDC 0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913 6",
        ]);
        own.Mistakes.ShouldBeEmpty();
        own.Settings!.Networks.Single().Tokens.Single().Decimals.ShouldBe(6);
    }

    [Theory]
    [InlineData("QuorumAbove", "500", "2 nodes must agree, but 1 is configured")]
    [InlineData("QuorumNodes", "1", "QuorumNodes must be from 2 to 16")]
    [InlineData("QuorumAbove", "-1", "QuorumAbove must be from 0 to")]
    [InlineData("NaturalFinalityDepth", "0", "NaturalFinalityDepth must be from 1")]
    public void Settings_of_a_quorum_that_cannot_be_are_refused(string setting, string value, string sentence)
    {
        var passphrase = Path.Combine(_folder, "passphrase");
        File.WriteAllText(passphrase, "correct horse battery\n");
        Read(
            "--Keys:PassphraseFile",
            passphrase,
            "--Networks:eth:Id",
            "eip155:1",
            "--Networks:eth:Nodes",
            "http://127.0.0.1:8545",
            $"--Networks:eth:{setting}",
            value
        )
            .Mistakes.ShouldContain(m => m.Contains(sentence, StringComparison.Ordinal));
    }

    [Fact]
    public void A_node_named_twice_would_agree_with_itself_and_two_make_a_quorum()
    {
        var passphrase = Path.Combine(_folder, "passphrase");
        File.WriteAllText(passphrase, "correct horse battery\n");
        string[] start = ["--Keys:PassphraseFile", passphrase, "--Networks:eth:Id", "eip155:1", "--Networks:eth:Nodes"];
        Read([.. start, "https://a.example,https://a.example"])
            .Mistakes.ShouldHaveSingleItem()
            .ShouldContain("a node is named twice");
        var two = Read([.. start, "https://a.example,https://b.example", "--Networks:eth:QuorumAbove", "250"]);
        two.Settings.ShouldNotBeNull().Networks.Single().QuorumAbove.ShouldBe(250);
        Read([.. start, "https://a.example,https://b.example", "--Networks:eth:QuorumNodes", "3"])
            .Mistakes.ShouldHaveSingleItem()
            .ShouldContain("3 nodes must agree, but 2 are configured");
    }

    [Fact]
    public void Tron_is_configured_by_its_id_and_its_gateways_key_is_shown_nowhere()
    {
        var (passphrase, key) = (Path.Combine(_folder, "passphrase"), Path.Combine(_folder, "key"));
        File.WriteAllText(passphrase, "correct horse battery\n");
        File.WriteAllText(key, "canary-key\n");
        string[] start =
        [
            "--Keys:PassphraseFile",
            passphrase,
            "--Networks:tron:Nodes",
            "https://gateway.example",
            "--Networks:tron:NodeKeyFile",
            key,
        ];
        Read(start).Mistakes.ShouldBe(["Networks:tron:Id is required, as eip155:1, tron:0x2b6653dc or the like."]);
        Read([.. start, "--Networks:tron:Id", "tron"])
            .Mistakes.ShouldHaveSingleItem()
            .ShouldStartWith("Networks:tron: 'tron' is no id of a network");
        var settings = Read([.. start, "--Networks:tron:Id", "tron:0x2b6653dc"]).Settings.ShouldNotBeNull();
        settings.Networks.Single().NodeKey.ShouldBe("canary-key");
        $"{settings} {settings.Networks.Single()}".ShouldNotContain("canary");
        Read([.. start, "--Networks:tron:Id", "tron:0x2b6653dc", "--Networks:tron:FinalityDepth", "3"])
            .Mistakes.ShouldHaveSingleItem()
            .ShouldContain("solidified");
    }

    [Fact]
    public void A_postgres_connection_comes_from_a_file_and_sqlite_takes_none()
    {
        Read("--Database:Provider", "postgres").Mistakes.Single().ShouldContain("ConnectionStringFile");
        var file = Path.Combine(_folder, "connection");
        File.WriteAllText(file, "Host=db;Password=hidden\n");
        Read("--Database:Provider", "postgres", "--Database:ConnectionStringFile", file)
            .Settings.ShouldNotBeNull()
            .Connection.ShouldBe("Host=db;Password=hidden");
        Read("--Database:ConnectionStringFile", file).Mistakes.Single().ShouldContain("PostgreSQL");
    }

    [Fact]
    public void The_command_check_config_is_understood_in_the_first_place_only()
    {
        CommandLine.Read(["check-config", "--port", "1"]).CheckOnly.ShouldBeTrue();
        CommandLine.Read(["--port", "1", "check-config"]).Mistakes.ShouldNotBeEmpty();
        CommandLine.Read(["--port"]).Mistakes.Single().ShouldContain("needs a value");
    }
}
