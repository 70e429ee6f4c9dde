using System.Runtime.CompilerServices;
using StablePay.Engine.Telemetry;

namespace StablePay.Engine.Checkout;

/// <summary>
/// A session's status whenever it changes, for the page's event stream. Commits of this process wake it at once; those
/// of others, and the passing of blocks, are found by looking again.
/// </summary>
public sealed class WatchSession(
    ReadCheckoutPage pages,
    ChangeSignal changed,
    Detections detections,
    TimeProvider clock
)
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    /// <summary>Ends when the session has ended, does not exist, or the reader goes.</summary>
    public async IAsyncEnumerable<CheckoutStatus> RunAsync(SessionId id, [EnumeratorCancellation] CancellationToken ct)
    {
        CheckoutStatus? told = null;
        while (true)
        {
            var next = changed.Next;
            if (await pages.StatusAsync(id, ct) is not { } status)
                yield break;
            if (told is null || status with { NowMs = told.NowMs, ReadAtMs = told.ReadAtMs } != told)
            {
                yield return status;
                // The reader has sent it on, as it asks for the next one. It did not wait for what was seen before.
                if (told is null)
                    detections.Forget(id);
                else
                    detections.RecordShown(id);
                told = status;
            }
            if (status.State is "paid" or "expired" or "canceled" or "failed")
                yield break;
            // Without a signal in time, look for what other processes and the chain did.
            await next.WaitAsync(LookAgain, clock, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            ct.ThrowIfCancellationRequested();
        }
    }
}
