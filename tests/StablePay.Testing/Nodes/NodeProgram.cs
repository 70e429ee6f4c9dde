using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;

namespace StablePay.Testing.Nodes;

/// <summary>
/// An emulated node in a process of its own, a program of tests/ that says in one line where it is and then takes
/// orders.
/// </summary>
public abstract class NodeProgram : IAsyncDisposable
{
    private readonly Process _process;
    private readonly HttpClient _control;

    protected NodeProgram((Process Process, JsonElement Told) started)
    {
        (_process, Told) = started;
        Url = new Uri(Told.GetProperty("url").GetString()!);
        _control = new HttpClient { BaseAddress = new Uri(Url, "/control/"), Timeout = TimeSpan.FromMinutes(2) };
    }

    public Uri Url { get; }

    /// <summary>What it said of itself when it started.</summary>
    protected JsonElement Told { get; }

    public Task MineAsync(int blocks = 1) => ControlAsync("mine", new { blocks });

    public Task ForkAsync(int depth, bool drop) => ControlAsync("fork", new { depth, drop });

    public Task LagAsync(int blocks) => ControlAsync("lag", new { blocks });

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        Orphans.Shared.Release(_process.Id);
        _process.Dispose();
        _control.Dispose();
        await CloseAsync();
        GC.SuppressFinalize(this);
    }

    protected virtual ValueTask CloseAsync() => ValueTask.CompletedTask;

    /// <param name="folder">Below tests/, with a <c>main.mjs</c>.</param>
    protected static async Task<(Process Process, JsonElement Told)> RunAsync(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("node", [RepositoryRoot.Of("tests", folder, "main.mjs"), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        var process = Process.Start(start) ?? throw new InvalidOperationException("the emulator did not start");
        Orphans.Shared.Adopt(process.Id);
        var line =
            await process.StandardOutput.ReadLineAsync()
            ?? throw new InvalidOperationException("the emulator ended at once");
        return (process, JsonDocument.Parse(line).RootElement.Clone());
    }

    protected static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    protected async Task<JsonElement> ControlAsync(string what, object order)
    {
        using var answer = await _control.PostAsJsonAsync(new Uri(what, UriKind.Relative), order);
        var told = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return told.TryGetProperty("Error", out var error)
            ? throw new InvalidOperationException($"{what}: {error.GetString()}")
            : told;
    }
}
