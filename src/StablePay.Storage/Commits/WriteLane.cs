using System.Threading.Channels;

namespace StablePay.Storage;

/// <summary>Where a lane's writing runs.</summary>
internal enum Pump
{
    /// <summary>A thread of the pool, wherever the last wait ended.</summary>
    Pool,

    /// <summary>
    /// For a database that blocks while it writes: waiting for the disk must not take a thread from the pool.
    /// </summary>
    OwnThread,

    /// <summary>Whoever posts, before the call returns, for a database that never waits.</summary>
    Caller,
}

/// <summary>
/// One line of entries and the one connection that writes them, group by group: what waits is taken, up to a bound, and
/// written together. There is no artificial delay; while one group becomes durable the next one gathers.
/// </summary>
internal sealed class WriteLane : IAsyncDisposable
{
    private readonly Channel<WriteEntry> _waiting = Channel.CreateUnbounded<WriteEntry>(
        new UnboundedChannelOptions { SingleReader = true }
    );

    private readonly GroupWriter _writer;
    private readonly Func<ValueTask<Link>> _open;
    private readonly Retry _retry;
    private readonly int _most;
    private readonly SemaphoreSlim? _alone;
    private readonly bool _isCallers;
    private int _draining;
    private readonly Task _pump;
    private Link? _link;

    /// <param name="alone">Held while a group is written, where readers share the connection.</param>
    public WriteLane(
        GroupWriter writer,
        Func<ValueTask<Link>> open,
        Retry retry,
        int most,
        Pump pump,
        SemaphoreSlim? alone = null
    )
    {
        (_writer, _open, _retry, _most, _alone) = (writer, open, retry, most, alone);
        _isCallers = pump == Pump.Caller;
        _pump = pump switch
        {
            Pump.OwnThread => Task.Factory.StartNew(
                PumpOnThread,
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default
            ),
            Pump.Pool => Task.Run(PumpAsync),
            Pump.Caller => Task.CompletedTask,
        };
    }

    public long Transactions => _writer.Transactions;

    public void Post(WriteEntry entry)
    {
        if (!_waiting.Writer.TryWrite(entry))
            entry.Fail(new StorageUnavailableException("The database is being closed."));
        else if (_isCallers)
            _ = DrainAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _pump;
        if (_link is not null)
            await _link.DisposeAsync();
    }

    /// <summary>Writes what waits, unless somebody does so already: then it is written with their next group.</summary>
    private async Task DrainAsync()
    {
        while (_waiting.Reader.TryPeek(out _) && Interlocked.Exchange(ref _draining, 1) == 0)
        {
            await WriteAsync(Gather([]));
            Volatile.Write(ref _draining, 0);
        }
    }

    private async Task PumpAsync()
    {
        List<WriteEntry> group = [];
        while (await _waiting.Reader.WaitToReadAsync())
            await WriteAsync(Gather(group));
    }

    private void PumpOnThread()
    {
        List<WriteEntry> group = [];
        while (_waiting.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
            WriteAsync(Gather(group)).GetAwaiter().GetResult();
    }

    private List<WriteEntry> Gather(List<WriteEntry> group)
    {
        group.Clear();
        while (group.Count < _most && _waiting.Reader.TryRead(out var entry))
        {
            if (entry.IsCanceled)
                entry.Cancel();
            else
                group.Add(entry);
        }
        return group;
    }

    private async Task WriteAsync(List<WriteEntry> group)
    {
        if (group.Count == 0)
            return;
        try
        {
            await _retry.RunAsync(
                async () =>
                {
                    if (_alone is not null)
                        await _alone.WaitAsync();
                    try
                    {
                        _link ??= await _open();
                        await _writer.RunAsync(_link, group);
                    }
                    finally
                    {
                        _alone?.Release();
                    }
                    return true;
                },
                RecoverAsync
            );
        }
        catch (Exception e)
        {
            // Every caller learns of it; the lane goes on with the next group.
            foreach (var entry in group)
                entry.Fail(e);
        }
    }

    /// <summary>Makes ready for another run; false when the group must not be run again.</summary>
    private async ValueTask<bool> RecoverAsync(Exception e)
    {
        var isCrash = e is CrashException;
        if (_link is { } link && (link.IsBroken || isCrash))
        {
            _link = null;
            await link.DisposeAsync();
        }
        return !_writer.TakeOutcomeUnknown() && !isCrash;
    }
}
