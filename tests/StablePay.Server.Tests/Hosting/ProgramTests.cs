using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using StablePay.Chains.Keys;
using StablePay.Chains.Solana;

namespace StablePay.Server.Tests.Hosting;

/// <summary>The program as its operator runs it: its exit codes are a promise.</summary>
public sealed partial class ProgramTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("stablepay-program-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Check_config_says_good_or_lists_every_mistake_and_starts_nothing()
    {
        (await RunAsync("check-config", "--data", _folder)).Code.ShouldBe(0);
        var (code, _, errors) = await RunAsync("check-config", "--Server:Prot", "1", "--Rates:Enabled", "perhaps");
        code.ShouldBe(2);
        errors.ShouldContain("Server:Prot is not a setting.");
        errors.ShouldContain("Rates:Enabled is not true or false.");
        Directory.GetFiles(_folder).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_start_that_cannot_be_ends_with_three_and_one_sentence()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
        var (code, _, errors) = await RunAsync("--port", port, "--data", _folder, "--Rates:Enabled", "false");
        code.ShouldBe(3);
        errors.Trim().Split('\n').Length.ShouldBe(1, errors);
        errors.ShouldContain(port);
    }

    [Fact]
    public async Task Addresses_of_solana_are_printed_from_the_vault_that_there_is()
    {
        var (vault, passphrase) = (Path.Combine(_folder, "vault.json"), Path.Combine(_folder, "passphrase"));
        await File.WriteAllTextAsync(passphrase, "correct horse battery\n");
        string[] keys = ["--data", _folder, "--Keys:PassphraseFile", passphrase];
        var (code, output, errors) = await RunAsync(["addresses", "solana", "--from", "0", "--count", "3", .. keys]);
        (code, output).ShouldBe((3, ""));
        errors.ShouldContain($"There is no vault at {vault}");
        File.Exists(vault).ShouldBeFalse();

        List<string> expected;
        using (
            var made = SeedVault.Create(vault, "correct horse battery", "test", RandomNumberGenerator.Fill, new(64, 1))
        )
        using (var deriver = new SolanaDeriver(made.Seed.Ed25519KeyAt(SolanaDeriver.Path)))
            expected = [.. Enumerable.Range(0, 4).Select(i => deriver.AddressAt(i))];
        (code, output, errors) = await RunAsync(["addresses", "solana", "--from", "1", "--count", "3", .. keys]);
        code.ShouldBe(0, errors);
        output
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .ShouldBe(expected[1..]);
    }

    [Fact]
    public async Task Addresses_are_asked_for_with_a_family_a_first_index_and_a_count()
    {
        var (code, output, errors) = await RunAsync("addresses", "tron", "--from", "-1", "--count", "0");
        (code, output).ShouldBe((2, ""));
        errors.ShouldContain("for solana only");
        errors.ShouldContain("--from must be an index");
        errors.ShouldContain("--count must be from 1 to 1000000.");
    }

    [Fact]
    public async Task Solana_address_file_with_a_wrong_line_is_named_and_nothing_starts()
    {
        var (file, passphrase) = (Path.Combine(_folder, "addresses.txt"), Path.Combine(_folder, "passphrase"));
        await File.WriteAllTextAsync(passphrase, "correct horse battery\n");
        await File.WriteAllTextAsync(file, "7dLQvC7Nnc5saacmQbKsfZdx3pJz1pRH8gSZmmC3J94x\nnone\n");
        var (code, _, errors) = await RunAsync(
            "--data",
            _folder,
            "--Rates:Enabled",
            "false",
            "--Keys:PassphraseFile",
            passphrase,
            "--Keys:SolanaAddressFile",
            file,
            "--Networks:solana:Id",
            "solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp",
            "--Networks:solana:Nodes:0",
            "http://127.0.0.1:1"
        );
        code.ShouldBe(3);
        errors.ShouldContain($"Keys:SolanaAddressFile: {file}: line 2 is no Solana address");
    }

    [Fact]
    public async Task Reconcile_compares_the_ledger_and_each_network_once_and_says_what_is_open()
    {
        var (vault, passphrase) = (Path.Combine(_folder, "vault.json"), Path.Combine(_folder, "passphrase"));
        await using var node = await AnvilNode.StartAsync();
        var token = await TestToken.DeployAsync(node, "Tether USD", "USDT", 6);
        await node.MineAsync(10);
        await File.WriteAllTextAsync(passphrase, "correct horse battery\n");
        string[] settings =
        [
            "reconcile",
            "--data",
            _folder,
            "--Rates:Enabled",
            "false",
            "--Keys:PassphraseFile",
            passphrase,
            "--Networks:local:Id",
            "eip155:31337",
            "--Networks:local:Name",
            "Local",
            "--Networks:local:Nodes:0",
            node.Url.ToString(),
            "--Networks:local:Tokens:0",
            $"USDT {token.Address} 6",
        ];
        var (code, output, errors) = await RunAsync(settings);
        (code, output).ShouldBe((3, ""));
        errors.ShouldContain($"There is no vault at {vault}");

        SeedVault.Create(vault, "correct horse battery", "test", RandomNumberGenerator.Fill, new(64, 1)).Dispose();
        (code, output, errors) = await RunAsync(settings);
        code.ShouldBe(0, errors);
        output.ShouldContain("Local: 0 addresses compared with the chain, 0 differences are open.");
        output.ShouldContain("Ledger: its sums were checked, 0 of them are wrong.");
        output.ShouldContain("0 differences are open; 0 sums of the ledger are wrong.");
    }

    [Fact]
    public async Task A_signal_stops_it_cleanly()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "signals are a matter of Unix");
        using var process = Start("--port", "0", "--data", _folder, "--Rates:Enabled", "false");
        string? line;
        do
        {
            line = await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60));
        } while (line is not null && !line.StartsWith("StablePay answers at", StringComparison.Ordinal));
        line.ShouldNotBeNull();
        const int Sigterm = 15;
        Kill(process.Id, Sigterm).ShouldBe(0);
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        process.ExitCode.ShouldBe(0);
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);

    private static Process Start(params string[] args)
    {
        var start = new ProcessStartInfo(
            "dotnet",
            [Path.Combine(AppContext.BaseDirectory, "StablePay.Server.dll"), .. args]
        )
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return Process.Start(start)!;
    }

    private static async Task<(int Code, string Output, string Errors)> RunAsync(params string[] args)
    {
        using var process = Start(args);
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(90));
        return (process.ExitCode, await output, await errors);
    }
}
