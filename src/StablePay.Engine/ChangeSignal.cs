namespace StablePay.Engine;

/// <summary>
/// Says that something was committed in this process. Only a hint that shortens a wait: polling alone is correct, and
/// other processes' commits are found by it.
/// </summary>
public sealed class ChangeSignal
{
    private TaskCompletionSource _next = New();

    /// <summary>Completes at the next signal. Take it before reading what may have changed.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    /// <summary>Called at every signal; set once, when the engine is put together.</summary>
    public Action? Also { get; set; }

    public void Signal()
    {
        Interlocked.Exchange(ref _next, New()).TrySetResult();
        Also?.Invoke();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
