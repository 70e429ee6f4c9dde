namespace StablePay.Storage;

/// <summary>
/// What is transient is tried again, at most five times, each wait longer and a little by chance; then the caller is
/// told that the database is not available.
/// </summary>
internal sealed class Retry(Dialect dialect, TimeProvider clock)
{
    private const int Most = 5;

    /// <param name="recover">Makes ready for another run; false forbids it.</param>
    public async Task<T> RunAsync<T>(Func<Task<T>> work, Func<Exception, ValueTask<bool>> recover)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return await work();
            }
            catch (Exception e)
            {
                var mayRetry = await recover(e);
                var fault = dialect.Classify(e);
                if (fault is Fault.Other or Fault.Unique)
                    throw;
                if (fault == Fault.Unavailable || !mayRetry || attempt == Most)
                    throw new StorageUnavailableException($"The database does not answer as it should: {e.Message}", e);
            }
            await Task.Delay(Wait(attempt), clock);
        }
    }

    public Task<T> RunAsync<T>(Func<Task<T>> work) => RunAsync(work, _ => ValueTask.FromResult(true));

    /// <summary>
    /// The low digits of the machine's tick counter are chance enough to part two losers of one deadlock.
    /// </summary>
    private TimeSpan Wait(int attempt)
    {
        var full = 10 << attempt;
        return TimeSpan.FromMilliseconds((full / 2) + (clock.GetTimestamp() / 7 % ((full / 2) + 1)));
    }
}
