using Microsoft.Extensions.Time.Testing;
using StablePay.Engine.Working;

namespace StablePay.Engine.Tests.Working;

public sealed class WorkSignalTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly WorkSignal _signal = new();

    [Fact]
    public async Task Hint_before_the_wait_is_kept_and_used_up_by_it()
    {
        _signal.Set();
        _signal.Set();

        await WaitAsync(60);

        var second = WaitAsync(60);
        second.IsCompleted.ShouldBeFalse();
        _signal.Set();
        await second;
    }

    [Fact]
    public async Task Wait_ends_with_the_time_and_a_later_hint_wakes_the_next_wait()
    {
        var first = WaitAsync(1);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await first;

        _signal.Set();
        await WaitAsync(60);
    }

    [Fact]
    public async Task Wait_ends_with_the_stop()
    {
        using var stop = new CancellationTokenSource();
        var waiting = _signal.WaitAsync(TimeSpan.FromSeconds(60), _clock, stop.Token);

        await stop.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(waiting);
    }

    [Fact]
    public async Task No_hint_is_lost_between_two_threads()
    {
        // Each round ends only if its hint arrives: the fake clock never moves.
        for (var i = 0; i < 5_000; i++)
        {
            var setting = Task.Run(_signal.Set);
            await WaitAsync(60).WaitAsync(TimeSpan.FromSeconds(20));
            await setting;
        }
    }

    private Task WaitAsync(int seconds) =>
        _signal.WaitAsync(TimeSpan.FromSeconds(seconds), _clock, CancellationToken.None);
}
