using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

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
