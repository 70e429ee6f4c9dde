using System.Diagnostics;

namespace StablePay.Engine.Tests;

/// <summary>Waits for a real condition of a real server, with a deadline.</summary>
internal static class Poll
{
    public static async Task UntilAsync(Func<bool> condition, string what = "the condition", int seconds = 30)
    {
        var started = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(started) > TimeSpan.FromSeconds(seconds))
                throw new TimeoutException($"{what} did not come true in {seconds} s");
            await Task.Delay(5);
        }
    }
}
