using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace StablePay.Bench.Load;

/// <summary>What one round measured.</summary>
public sealed record LoadResult(
    int Requests,
    int Failures,
    TimeSpan Took,
    double P50Ms,
    double P99Ms,
    string? FirstFailure
)
{
    public double PerSecond => Requests / Took.TotalSeconds;
}

/// <summary>
/// Sends requests that were built and signed beforehand over plain sockets, one at a time on each connection. It shares
/// the machine with the server, so it does as little as a client can.
/// </summary>
public static class RawLoad
{
    public static async Task<LoadResult> RunAsync(
        int port,
        int connections,
        ConcurrentQueue<byte[]> requests,
        TimeSpan length
    )
    {
        var latencies = new List<double>[connections];
        var failures = new ConcurrentQueue<string>();
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(
            Enumerable
                .Range(0, connections)
                .Select(async i => latencies[i] = await ClientAsync(port, requests, watch, length, failures))
        );
        var took = watch.Elapsed;
        var all = latencies.SelectMany(l => l).Order().ToArray();
        if (all.Length == 0)
            return new LoadResult(0, failures.Count, took, 0, 0, failures.FirstOrDefault());
        return new LoadResult(
            all.Length,
            failures.Count,
            took,
            all[all.Length / 2],
            all[(int)(all.Length * 0.99)],
            failures.FirstOrDefault()
        );
    }

    private static async Task<List<double>> ClientAsync(
        int port,
        ConcurrentQueue<byte[]> requests,
        Stopwatch watch,
        TimeSpan length,
        ConcurrentQueue<string> failures
    )
    {
        var latencies = new List<double>(100_000);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
        {
            NoDelay = true,
        };
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port));
        var buffer = new byte[64 * 1024];
        while (watch.Elapsed < length && requests.TryDequeue(out var request))
        {
            var started = Stopwatch.GetTimestamp();
            await socket.SendAsync(request);
            var (ok, answer) = await ReadAsync(socket, buffer);
            if (ok)
                latencies.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            else
                failures.Enqueue(answer);
        }
        return latencies;
    }

    /// <summary>One answer with a Content-Length or in chunks, and whether its status is 200.</summary>
    private static async Task<(bool Ok, string Answer)> ReadAsync(Socket socket, byte[] buffer)
    {
        var have = 0;
        while (true)
        {
            var read = await socket.ReceiveAsync(buffer.AsMemory(have));
            if (read == 0)
                return (false, "connection closed");
            have += read;
            if (IsWhole(buffer.AsSpan(0, have)))
            {
                var ok = buffer.AsSpan(0, have).StartsWith("HTTP/1.1 200"u8);
                return (ok, ok ? "" : System.Text.Encoding.UTF8.GetString(buffer, 0, have));
            }
        }
    }

    private static bool IsWhole(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOf("\r\n\r\n"u8);
        if (end < 0)
            return false;
        var head = bytes[..end];
        var at = head.IndexOf("Content-Length: "u8);
        if (at < 0)
            return bytes.EndsWith("\r\n0\r\n\r\n"u8);
        var length = 0;
        foreach (var digit in head[(at + 16)..])
        {
            if (digit is < (byte)'0' or > (byte)'9')
                break;
            length = (length * 10) + (digit - '0');
        }
        return bytes.Length >= end + 4 + length;
    }
}
