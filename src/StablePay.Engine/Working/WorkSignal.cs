namespace StablePay.Engine.Working;

/// <summary>
/// A hint that there may be work: it shortens a loop's sleep and carries no truth. Hints that come while nobody waits
/// are kept as one. For one waiter; safe to set from any thread.
/// </summary>
public sealed class WorkSignal
{
    private readonly Lock _gate = new();
    private TaskCompletionSource? _waiter;
    private bool _isSet;

    public void Set()
    {
        TaskCompletionSource? waiter;
        lock (_gate)
        {
            _isSet = true;
            (waiter, _waiter) = (_waiter, null);
        }
        waiter?.TrySetResult();
    }

    /// <summary>Returns at the next hint, at once if there was one, or when the time is over.</summary>
    public async Task WaitAsync(TimeSpan atMost, TimeProvider clock, CancellationToken ct)
    {
        TaskCompletionSource waiter;
        lock (_gate)
        {
            if (_isSet || atMost <= TimeSpan.Zero)
            {
                _isSet = false;
                return;
            }
            waiter = _waiter ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        // The time and the token complete the same source: the wait then ends where it began, on whatever context its
        // caller has, and a simulated world stays on one thread.
        await using (clock.CreateTimer(End, waiter, atMost, Timeout.InfiniteTimeSpan))
        await using (ct.UnsafeRegister(End, waiter))
            await waiter.Task;
        lock (_gate)
        {
            _isSet = false;
            if (_waiter == waiter)
                _waiter = null;
        }
        ct.ThrowIfCancellationRequested();
    }

    private static void End(object? waiter) => ((TaskCompletionSource)waiter!).TrySetResult();
}
