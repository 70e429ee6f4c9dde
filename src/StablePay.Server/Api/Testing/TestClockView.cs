using StablePay.Engine.TestMode;

namespace StablePay.Server.Api.Testing;

/// <summary>How far to move the store's test clock: one of the two.</summary>
public sealed record AdvanceClockRequest
{
    /// <summary>So many seconds forward, 1 to 31,536,000 (a year).</summary>
    public long? Seconds { get; init; }

    /// <summary>To this time in Unix seconds: later than the clock shows, by at most a year.</summary>
    public long? To { get; init; }
}

/// <summary>The store's clock in test mode.</summary>
public sealed record TestClockView
{
    /// <summary>Always <c>test_clock</c>.</summary>
    public string Object { get; } = "test_clock";

    /// <summary>What it shows, Unix seconds.</summary>
    public required long Now { get; init; }

    /// <summary>Seconds that it is ahead of the real time, rounded down; 0 until it is moved.</summary>
    public required long Offset { get; init; }

    internal static byte[] JsonOf(TestClockReading reading) =>
        Answer
            .Ok(
                new TestClockView
                {
                    Now = reading.Now.UnixSeconds,
                    Offset = (long)reading.Offset.TotalMilliseconds / 1_000,
                },
                ApiJson.Default.TestClockView
            )
            .Body;
}
