using StablePay.Engine.Telemetry;
using StablePay.Storage;

namespace StablePay.Engine.Watching;

/// <summary>What every watcher of a process shares.</summary>
/// <param name="Owner">This process, in leases.</param>
/// <param name="Changed">Signalled after a commit that pages may want to show.</param>
/// <param name="Detections">Is told how long payments took to be seen.</param>
/// <param name="Alert">Takes a sentence for the operator.</param>
public sealed record WatcherParts(
    Database Database,
    TimeProvider Clock,
    string Owner,
    ChangeSignal Changed,
    Detections Detections,
    Action<string> Alert
)
{
    /// <summary>How long a watcher that died keeps others away.</summary>
    public static readonly TimeSpan LeaseLength = TimeSpan.FromSeconds(20);
}

/// <summary>The lease ended while its holder worked: its writes are refused (OPS-05).</summary>
public sealed class LeaseLostException() : Exception("The lease is held by another process.");
