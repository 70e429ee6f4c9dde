using System.Diagnostics;
using System.Text.Json;

namespace StablePay.Browser.Tests;

/// <summary>
/// Runs one script of tests/js/browser in node, which drives Chromium; gives it its input as JSON and takes its answer as
/// JSON. Tests that need a browser are skipped, and say so, where there is none.
/// </summary>
internal static class Chromium
{
    public static string Root { get; } = FindRoot();

    private static string Scripts => Path.Combine(Root, "tests/js/browser");

    public static string? WhyNot { get; } =
        Find("chromium") is null ? "chromium is not installed"
        : !Directory.Exists(Path.Combine(Root, "tests/js/node_modules/playwright-core")) ? "run npm ci in tests/js"
        : null;

    public static async Task<JsonElement> RunAsync(string script, object input)
    {
        if (WhyNot is not null)
            Assert.Skip(WhyNot);
        var (exit, output, errors) = await ProgramAsync(
            "node",
            Path.Combine(Scripts, script),
            JsonSerializer.Serialize(input),
            Find("chromium")!
        );
        exit.ShouldBe(0, $"{script}: {errors}");
        return JsonDocument.Parse(output).RootElement.Clone();
    }

    /// <summary>Runs a program to its end, within ten minutes.</summary>
    public static async Task<(int Exit, string Output, string Errors)> ProgramAsync(
        string program,
        params string[] arguments
    )
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true }
        )!;
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(10));
        var output = process.StandardOutput.ReadToEndAsync(limit.Token);
        var errors = process.StandardError.ReadToEndAsync(limit.Token);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
        return (process.ExitCode, await output, await errors);
    }

    /// <summary>Where a program is, or null.</summary>
    public static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(':')
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists);

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "StablePay.slnx")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("not inside the repository");
        return folder;
    }
}
