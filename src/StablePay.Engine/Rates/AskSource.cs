namespace StablePay.Engine.Rates;

/// <summary>Asks one public source. It is a bulkhead of its own: whatever goes wrong with it hurts no other.</summary>
internal static class AskSource
{
    /// <summary>A source that has not answered by then does not count this time.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    /// <param name="parse">Reads the answer.</param>
    /// <param name="failed">What stands for an answer that did not come, with the reason in words.</param>
    public static async Task<T> RunAsync<T>(
        IRateFetch fetch,
        Uri address,
        Func<ReadOnlyMemory<byte>, T> parse,
        Func<string, T> failed,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        using var limit = new CancellationTokenSource(Limit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, ct);
        try
        {
            // The wait ends at the limit also when the fetch does not heed its token.
            return parse(await fetch.GetAsync(address, either.Token).WaitAsync(either.Token));
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            return failed($"no answer within {Limit}");
        }
        // It is told in the report.
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            return failed($"{e.GetType().Name}: {e.Message}");
        }
    }
}
