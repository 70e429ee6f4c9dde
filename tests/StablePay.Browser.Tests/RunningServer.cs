using System.Collections.Concurrent;
using System.Diagnostics;

namespace StablePay.Browser.Tests;

/// <summary>The program itself, as <c>./run</c> starts it: its own process, a fresh data folder, the sandbox and the demo.</summary>
public sealed class RunningServer : IAsyncLifetime
{
    private readonly TestDirectory _folder = new();
    private Process? _process;

    public string BaseUrl { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        var port = AnvilNode.FreePort();
        var program = Path.Combine(AppContext.BaseDirectory, "StablePay.Server.dll");
        _process = Process.Start(
            new ProcessStartInfo(
                "dotnet",
                [program, "--port", port.ToString(CultureInfo.InvariantCulture), "--data", _folder.Of("data")]
            )
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        const string sign = "StablePay answers at ";
        var said = new ConcurrentQueue<string>();
        var ready = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        _process.EnableRaisingEvents = true;
        _process.Exited += (_, _) =>
            ready.TrySetException(
                new InvalidOperationException($"the server did not start: {string.Join('\n', said)}")
            );
        _process.ErrorDataReceived += (_, e) => said.Enqueue(e.Data ?? "");
        _process.OutputDataReceived += (_, e) =>
        {
            said.Enqueue(e.Data ?? "");
            if (e.Data?.StartsWith(sign, StringComparison.Ordinal) == true)
                ready.TrySetResult(e.Data[sign.Length..]);
        };
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
        BaseUrl = await ready.Task.WaitAsync(TimeSpan.FromMinutes(2));
    }

    public ValueTask DisposeAsync()
    {
        _process?.Kill(entireProcessTree: true);
        _process?.WaitForExit();
        _process?.Dispose();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
