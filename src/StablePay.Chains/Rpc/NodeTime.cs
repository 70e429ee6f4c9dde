using System.Text.Json;

namespace StablePay.Chains.Rpc;

/// <summary>
/// The time that a block claims. One before 1970 or after the year 9999 is no time of a block: it could be neither
/// compared with the end of a session nor shown (EVM-14).
/// </summary>
internal static class NodeTime
{
    private const long LastMillisecond = 253_402_300_799_999;

    /// <exception cref="JsonException">It is no time of a block.</exception>
    public static Instant FromSeconds(long seconds) =>
        seconds is >= 0 and <= LastMillisecond / 1000 ? Instant.FromUnixSeconds(seconds) : throw NoTime();

    /// <inheritdoc cref="FromSeconds"/>
    public static Instant FromMilliseconds(long milliseconds) =>
        milliseconds is >= 0 and <= LastMillisecond ? new Instant(milliseconds) : throw NoTime();

    private static JsonException NoTime() => new("a block's time is from 1970 to the year 9999");
}
