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
        Task hint;
        lock (_gate)
        {
            if (_isSet || atMost <= TimeSpan.Zero)
            {
                _isSet = false;
                return;
            }
            _waiter ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            hint = _waiter.Task;
        }
        await hint.WaitAsync(atMost, clock, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ct.ThrowIfCancellationRequested();
        lock (_gate)
            _isSet = false;
    }
}
