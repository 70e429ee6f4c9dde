namespace StablePay.Engine;

/// <summary>The engine's only way to a clock: the one it was given.</summary>
public static class Clock
{
    extension(TimeProvider clock)
    {
        /// <summary>The time now, to the millisecond.</summary>
        public Instant Now => Instant.From(clock.GetUtcNow());
    }
}
