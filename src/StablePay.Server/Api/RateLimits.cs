using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using StablePay.Server.Options;

namespace StablePay.Server.Api;

/// <summary>What is left of a caller's second.</summary>
/// <param name="ResetsAt">Unix seconds.</param>
internal readonly record struct RateState(int Limit, int Remaining, long ResetsAt, bool IsAllowed);

/// <summary>
/// Counts requests per key and second, in this process. Requests without a valid signature count against their
/// address instead, so that nobody can use up the seconds of a key that is not theirs (API-19).
/// </summary>
internal sealed class RateLimits(int test, int live, int anonymous, TimeProvider clock)
{
    private const int MostWindows = 50_000;

    private readonly ConcurrentDictionary<string, Window> _windows = new(StringComparer.Ordinal);

    /// <summary>One second of one caller.</summary>
    private sealed class Window
    {
        private const int CountBits = 24;
        private long _state;

        /// <summary>Counts one request and returns how many this second has had.</summary>
        public int Count(long second)
        {
            while (true)
            {
                var seen = Volatile.Read(ref _state);
                var next = seen >> CountBits == second ? seen + 1 : (second << CountBits) | 1;
                if (Interlocked.CompareExchange(ref _state, next, seen) == seen)
                    return (int)(next & ((1 << CountBits) - 1));
            }
        }

        /// <summary>How many this second has had.</summary>
        public int Counted(long second)
        {
            var seen = Volatile.Read(ref _state);
            return seen >> CountBits == second ? (int)(seen & ((1 << CountBits) - 1)) : 0;
        }
    }

    public static RateLimits From(RateLimitOptions options, TimeProvider clock) =>
        new(options.Test, options.Live, options.Anonymous, clock);

    public RateState Take(ApiKey key) => Take(key.Key, key.Live ? live : test);

    /// <summary>
    /// Takes one for a request that has no key to count on. IPv6 callers own a /64, so it counts as one.
    /// </summary>
    public RateState Take(IPAddress? address) => Take(NameOf(address), anonymous);

    /// <summary>
    /// Whether this address may still ask for pages that may not exist; those it asked for in vain are counted by
    /// <see cref="Miss"/>, apart from its requests to the API.
    /// </summary>
    public bool MayMiss(IPAddress? address) =>
        !_windows.TryGetValue(MissesOf(address), out var window) || window.Counted(clock.Now.UnixSeconds) < anonymous;

    /// <summary>Counts a page that did not exist.</summary>
    public void Miss(IPAddress? address) => Take(MissesOf(address), anonymous);

    private static string MissesOf(IPAddress? address) => "missed " + NameOf(address);

    private RateState Take(string name, int limit)
    {
        // A window is worth a second: losing all of them once in a flood forgives each caller at most one.
        if (_windows.Count > MostWindows)
            _windows.Clear();
        var second = clock.Now.UnixSeconds;
        var count = _windows.GetOrAdd(name, static _ => new Window()).Count(second);
        return new RateState(limit, Math.Max(0, limit - count), second + 1, count <= limit);
    }

    private static string NameOf(IPAddress? address)
    {
        if (address is null)
            return "none";
        if (address.IsIPv4MappedToIPv6)
            return address.MapToIPv4().ToString();
        return address.AddressFamily == AddressFamily.InterNetworkV6
            ? Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8))
            : address.ToString();
    }
}
