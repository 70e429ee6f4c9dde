namespace StablePay.Server.Hosting;

/// <summary>The clock of production. Everything else takes its time from an argument.</summary>
internal static class SystemClock
{
#pragma warning disable RS0030 // This is where the clock is chosen.
    public static TimeProvider Instance => TimeProvider.System;
#pragma warning restore RS0030
}
