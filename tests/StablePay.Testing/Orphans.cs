using System.Diagnostics;
using System.Globalization;

namespace StablePay.Testing;

/// <summary>
/// Ends the servers that a test run started when the run itself dies, however it dies: a small shell process waits for
/// the end of a pipe that only we hold open. The kernel's own parent-death signal will not do: it is sent when the
/// starting thread ends, and threads of the pool end all the time.
/// </summary>
public sealed class Orphans : IDisposable
{
    /// <summary>
    /// Keeps "pid signal folder" by pid until the pipe ends; then asks each process to stop, insists after ten seconds,
    /// and removes its folder.
    /// </summary>
    private const string Script = """
        declare -A kept
        while read -r verb pid signal folder; do
          if [[ $verb == adopt ]]; then kept[$pid]="$signal $folder"; else unset "kept[$pid]"; fi
        done
        for pid in "${!kept[@]}"; do
          read -r signal folder <<<"${kept[$pid]}"
          kill -s "$signal" "$pid" 2>/dev/null
          for _ in {1..100}; do kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
          kill -s KILL "$pid" 2>/dev/null
          if [[ -n $folder && -d $folder ]]; then rm -rf -- "$folder"; fi
        done
        """;

    private static readonly Lazy<Orphans> OfThisRun = new(() => new Orphans());

    private readonly Lock _gate = new();
    private readonly Process _shell;

    public Orphans()
    {
        // A session of its own, so that a signal to the whole test run leaves it alive to do its work.
        var start = new ProcessStartInfo("setsid", ["bash", "-c", Script]) { RedirectStandardInput = true };
        _shell = Process.Start(start) ?? throw new InvalidOperationException("bash did not start");
    }

    /// <summary>The one that lives as long as this process.</summary>
    public static Orphans Shared => OfThisRun.Value;

    /// <param name="signal">QUIT, KILL and so on.</param>
    /// <param name="folder">Removed after the process has ended.</param>
    public void Adopt(int processId, string signal = "KILL", string folder = "") =>
        Say($"adopt {processId.ToString(CultureInfo.InvariantCulture)} {signal} {folder}");

    /// <summary>The process has ended in good order; its number may be somebody else's soon.</summary>
    public void Release(int processId) => Say($"release {processId.ToString(CultureInfo.InvariantCulture)}");

    /// <summary>Ends every process that was adopted and not released.</summary>
    public void Dispose()
    {
        _shell.StandardInput.Close();
        _shell.WaitForExit();
        _shell.Dispose();
    }

    private void Say(string line)
    {
        lock (_gate)
        {
            _shell.StandardInput.Write(line + "\n");
            _shell.StandardInput.Flush();
        }
    }
}
